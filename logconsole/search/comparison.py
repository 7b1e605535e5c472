"""Numbers in raw lines, compared without decoding the line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from logconsole.conditions import COMPARE
from logconsole.search.literals import Exact
from logconsole.search.stringsearch import Buffer, Finder

_NUMBER = re.compile(rb"\s*:\s*(-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)\s*[,}]")


@dataclass(frozen=True)
class Compared:
    """A key whose number may stand in the relation to the number. What is no plain number may do so as well."""

    key: Exact
    relation: str
    number: float

    @property
    def needle(self) -> bytes:
        """What is looked for first."""
        return self.key.needle

    @cached_property
    def find(self) -> Callable[[Buffer, int, int], int]:
        """Where the first such key begins between two positions, -1 if there is none."""
        search, compare, number = _keyed(self.needle).search, COMPARE[self.relation], self.number

        def find(buffer: Buffer, start: int, end: int) -> int:
            while found := search(buffer, start, end):
                value = found[1]
                if value is None or compare(float(value), number):
                    return found.start()
                start = found.end()
            return -1

        return find

    def finder(self, buffer: Buffer, lo: int, hi: int) -> Finder:
        """Looks for it up to `hi`, over and over."""
        key, match = self.key.finder(buffer, lo, hi), _NUMBER.match
        compare, number, size = COMPARE[self.relation], self.number, len(self.needle)

        def find(position: int) -> int:
            while (position := key(position)) >= 0:
                found = match(buffer, position + size, hi)
                if found is None or compare(float(found[1]), number):
                    break
                position += size
            return position

        return find


@lru_cache(maxsize=64)
def _keyed(key: bytes) -> re.Pattern[bytes]:
    return re.compile(re.escape(key) + b"(?:" + _NUMBER.pattern + b")?")
