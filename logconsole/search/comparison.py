"""Numbers in raw lines, compared without decoding the line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

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

    def find(self, buffer: Buffer, start: int, end: int) -> int:
        """Where the first such key begins, -1 if there is none."""
        at = self.key.find(buffer, start, end)
        while at >= 0 and not self._may_be(buffer, at + len(self.needle), end):
            at = self.key.find(buffer, at + 1, end)
        return at

    def finder(self, buffer: Buffer, lo: int, hi: int) -> Finder:
        """Looks for it up to `hi`, over and over."""
        return partial(self.find, buffer, end=hi)

    def _may_be(self, buffer: Buffer, at: int, end: int) -> bool:
        found = _NUMBER.match(buffer, at, end)
        return not found or COMPARE[self.relation](float(found[1]), self.number)
