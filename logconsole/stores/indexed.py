"""The timeline and the facets of all entries of a directory, from the indexes of its segments.

Only the spans of time that an index cannot tell apart are read: at the edges of the time asked for, and where a
span is shorter than the unit of the index.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace

from logconsole.bounds import Bounds
from logconsole.query import Query
from logconsole.stores.base import Budget
from logconsole.stores.facets import Facets
from logconsole.stores.index import Index
from logconsole.stores.indexes import Indexes
from logconsole.stores.search import Search
from logconsole.stores.segments import Segment
from logconsole.stores.timeline import TENTHS, Spans, Timeline, tenths, written

MANY = 1_000  # units in a span: one more or less at its edge is not seen


class Indexed:
    """What the indexes of these segments tell; `budget` is for making those that are missing, the newest first."""

    def __init__(self, listed: list[Segment], indexes: Indexes, budget: Budget) -> None:
        self.listed, self.indexes, self.budget = listed, indexes, budget
        self.found: list[tuple[int, Index]] = list(self._indexes())
        """The number of a segment and its index, the newest first."""

    def _indexes(self) -> Iterator[tuple[int, Index]]:
        for number in range(len(self.listed) - 1, -1, -1):
            segment = self.listed[number]
            if number + 1 == len(self.listed):
                index = self.indexes.grown(segment, self.budget.is_spent)
            else:
                index = self.indexes.made(segment, self.listed[number + 1].base - segment.base, self.budget.is_spent)
            if index is None and self.budget.is_spent():
                return
            if index is not None:
                yield number, index

    @property
    def scanned(self) -> float:
        """The share of the segments of which there are indexes, by their bytes."""
        if not self.found or not self.listed:
            return 1.0 if not self.listed else 0.0
        first, last = self.listed[0].base, self.listed[-1].base + self.found[0][1].size
        oldest = self.listed[self.found[-1][0]].base
        return (last - oldest) / (last - first) if last > first else 1.0

    def facets(self) -> Facets:
        """The levels, loggers and services of all entries."""
        facets = Facets(scanned=self.scanned)
        for _, index in self.found:
            for (name, _), counts in index.rows():
                facets.level[name] += sum(counts)
            facets.logger.update(index.loggers)
            facets.service.update(index.services)
        return facets

    def timeline(self, query: Query, bounds: Bounds, buckets: int) -> Timeline:
        """The counts of all entries within the bounds."""
        spans = Spans(*self._reach(bounds), buckets)
        since, until = _at_or_behind(bounds.since), tenths(bounds.until)
        for number, index in self.found:
            self._count(number, index, query, bounds, spans, (since, until))
        return spans.timeline(self.scanned)

    def _reach(self, bounds: Bounds) -> tuple[int, int]:
        firsts = [at for _, index in self.found if (at := tenths(index.first)) is not None]
        lasts = [at for _, index in self.found if (at := tenths(index.last)) is not None]
        last = tenths(bounds.until)
        if last is None:
            last = max([int(time.time() * TENTHS), *lasts])
        first = tenths(bounds.since)
        if first is None:
            first = min(firsts, default=last - TENTHS)
        return first, last

    def _count(
        self,
        number: int,
        index: Index,
        query: Query,
        bounds: Bounds,
        spans: Spans,
        limits: tuple[int | None, int | None],
    ) -> None:
        """Add the units that lie whole within one span and within the limits; read the others."""
        unit = index.unit * TENTHS
        since, until = limits
        divides = spans.step % unit == 0 or spans.step > MANY * unit
        whole = [
            divides and (since is None or at * unit >= since) and (until is None or (at + 1) * unit <= until)
            for at in index.units
        ]
        places = [(at * unit - spans.since) // spans.step for at in index.units]
        for (name, levelno), counts in index.rows():
            if bounds.wants(name, levelno):
                spans.add_all(name, places, counts, whole)
        for first, last in _runs(index.units, whole):
            self._read(number, query, (first * unit, (last + 1) * unit), spans)

    def _read(self, number: int, query: Query, within: tuple[int, int], spans: Spans) -> None:
        """Count by reading what was made between two times."""
        start, end = written(within[0]), written(within[1])
        narrow = replace(query, since=max(query.since, start), until=min(query.until or end, end))
        if narrow.since >= narrow.until:
            return
        following = self.listed[number + 1 : number + 2]
        stop = following[0].base if following else self.listed[number].base + self.listed[number].size()
        search = Search([self.listed[number], *following], narrow, Budget(math.inf), self.indexes)
        for entry in search.older(stop):
            at = tenths(entry.ts)
            if at is not None:
                spans.add(entry.level, at)


def _at_or_behind(ts: str) -> int | None:
    """The first tenth of a second that begins at or behind the `ts`."""
    at = tenths(ts)
    return at if at is None or not ts[21:26].strip("0") else at + 1


def _runs(units: list[int], whole: list[bool]) -> Iterator[tuple[int, int]]:
    """The first and the last of each run of units that are not whole."""
    start = None
    for place, unit in enumerate(units):
        if whole[place]:
            if start is not None:
                yield start, units[place - 1]
            start = None
        elif start is None:
            start = unit
    if start is not None:
        yield start, units[-1]
