"""What is known of a segment without reading it: how many entries of each level, when, and where.

An index answers what a search would answer, only sooner: what it points to is read, decoded and decided like
any other line. Its unit of time grows with the segment, so that there are at most about a thousand of them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

import msgspec

from logconsole.times import moment

UNITS = {1: 19, 10: 18, 60: 16, 600: 15, 3_600: 13, 86_400: 10}
"""Seconds, each a multiple of the one before, and how much of a `ts` tells them apart."""
MOST_UNITS = 1_000
SEVERE = 40  # the number of the level from which on every single entry is pointed to
SPARSE = 800  # bytes between two entries of a level, on average, below which a search finds them as fast
MOST_NAMES = 1_000

LevelKey = tuple[str, int | None]
"""The name of a level, and its number where it is none of Python's."""


class Level(msgspec.Struct, array_like=True):
    """The entries of one level."""

    name: str
    number: int | None
    counts: list[int]
    """In each unit."""
    offsets: bytes | None = None
    """Of each entry in the segment, as 32-bit numbers; None where there are too many."""


class Index(msgspec.Struct, array_like=True):
    """Of the first `size` bytes of a segment."""

    size: int
    unit: int
    """Seconds."""
    units: list[int]
    """The units in which there are entries, counted from 1970."""
    begins: list[int]
    """Where, in bytes, a block begins that holds the first entry of the unit."""
    ends: list[int]
    """Where the block ends that holds the last one: late entries are between them like all others."""
    levels: list[Level]
    entries: int = 0
    unreadable: int = 0
    """Lines that are no entry."""
    timeless: int = 0
    """Entries whose `ts` is no time."""
    first: str = ""
    last: str = ""
    """The least and the greatest `ts`."""
    loggers: dict[str, int] = {}
    services: dict[str, int] = {}

    def is_whole(self) -> bool:
        """Whether its parts fit together, as they do in all that we made."""
        count = len(self.units)
        rows = all(len(level.counts) == count and len(level.offsets or b"") % 4 == 0 for level in self.levels)
        return rows and self.unit > 0 and len(self.begins) == len(self.ends) == count

    def range(self, since: str, until: str) -> tuple[int, int]:
        """Where the entries from `since` on and before `until` are, in bytes; nothing else need be read for them."""
        if not self.entries or (since and self.last < since) or (until and self.first >= until):
            return self.size, self.size
        if self.timeless:
            return 0, self.size
        from_unit, to_unit = self._unit(since), self._unit(until)
        low = 0 if from_unit is None else bisect_left(self.units, from_unit)
        high = len(self.units) if to_unit is None else bisect_right(self.units, to_unit)
        if low >= high:
            return self.size, self.size
        return min(self.begins[low:high]), max(self.ends[low:high])

    def pointers(self, wants: Callable[[str, int | None], bool]) -> list[int] | None:
        """Where each entry of the levels wanted is; None if the index does not tell."""
        found: list[int] = []
        for level in self.levels:
            if wants(level.name, level.number):
                if level.offsets is None:
                    return None
                found += array("I", level.offsets)
        return sorted(found)

    def _unit(self, ts: str) -> int | None:
        seconds = moment(ts) if ts else None
        return None if seconds is None else int(seconds // self.unit)

    def rows(self) -> Iterator[tuple[LevelKey, list[int]]]:
        """Each level with its counts."""
        for level in self.levels:
            yield (level.name, level.number), level.counts
