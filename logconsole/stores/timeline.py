"""How many entries of each level there were over time."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import msgspec

from logconsole.query import Query
from logconsole.times import canonical, instant, moment

FIRST, LAST = -62_135_596_800, 253_402_300_799  # seconds: the years 1 to 9999
MINUTES = 20_000  # that are remembered
TENTHS = 10  # of a second: what is told apart
DAY = 864_000  # tenths
STEPS = (1, 2, 5, 10, 20, 50, 100, 150, 300, 600, 1200, 3000, 6000, 9000, 18000, 36000, 108000, 216000, 432000, DAY)
LONG_STEPS = tuple(DAY * days for days in (2, 7, 30, 365))
UNITS = {1: 5, 10: 300, 600: 18_000, 36_000: 432_000}
"""Tenths, each a divisor of all steps above the one beside it: where spans are longer, coarser units will do."""


@dataclass(frozen=True)
class Timeline:
    """Counts per level in spans of `step_seconds`, from `since` to `until` (RFC 3339)."""

    since: str
    until: str
    step_seconds: float
    levels: dict[str, list[int]]
    scanned: float
    """The share of the store that was counted, 0 to 1."""

    def encode(self) -> bytes:
        """The JSON object of HTTP."""
        return msgspec.json.encode(self)


class Spans:
    """Equal spans of a round length, at most `buckets` of them, with counts per level; times in tenths of seconds."""

    def __init__(self, first: int, last: int, buckets: int) -> None:
        self.since, self.step, self.count = _spans(first, last, buckets)
        self.levels: dict[str, list[int]] = {}

    def add(self, level: str, tenths: int, count: int = 1) -> None:
        """Count what lies within."""
        place = (tenths - self.since) // self.step
        if 0 <= place < self.count:
            self.of(level)[place] += count

    def add_all(self, level: str, places: list[int], counts: list[int], wanted: list[bool]) -> None:
        """Count at each place so many, where wanted."""
        held = self.of(level)
        for place, count, is_wanted in zip(places, counts, wanted, strict=True):
            if count and is_wanted and 0 <= place < self.count:
                held[place] += count

    def of(self, level: str) -> list[int]:
        """The counts of the level."""
        if level not in self.levels:
            self.levels[level] = [0] * self.count
        return self.levels[level]

    def timeline(self, scanned: float = 1.0) -> Timeline:
        """The counts, levels of which there are none left out."""
        until = self.since + self.step * self.count
        levels = {level: counts for level, counts in self.levels.items() if any(counts)}
        return Timeline(written(self.since), written(until), self.step / TENTHS, levels, scanned)


class Tally:
    """Counts entries of which nobody knows beforehand how far they reach; what it holds does not grow with them."""

    def __init__(self, since: str, until: str, buckets: int) -> None:
        self._buckets = buckets
        self._since, self._until = tenths(since), tenths(until)
        now = int(time.time() * TENTHS)
        self._last = now if self._until is None else self._until
        self._first = self._last - TENTHS if self._since is None else self._since
        self._unit = min(UNITS)
        self._counts: dict[str, Counter[int]] = {}
        self._is_empty = True
        self._minutes: dict[str, int | None] = {}

    def add(self, ts: str, level: str) -> None:
        """Count one entry; one whose `ts` is no time is left out."""
        if len(ts) != 27 or ts[-1] != "Z":
            ts = canonical(ts)
        at = self._tenths(ts)
        if at is None:
            return
        if self._since is None and (at < self._first or self._is_empty):
            self._first = at
        if self._until is None and at > self._last:
            self._last = at
        self._is_empty = False
        if level not in self._counts:
            self._counts[level] = Counter()
        self._counts[level][at // self._unit] += 1
        if self._last - self._first > self._buckets * UNITS.get(self._unit, sys.maxsize):
            self._coarsen()

    def timeline(self, buckets: int, scanned: float = 1.0) -> Timeline:
        """Over the time asked for, or else from the first entry to now; not more spans than it was made for."""
        last = self._last if self._until is not None else max(self._last, int(time.time() * TENTHS))
        spans = Spans(self._first, last, min(buckets, self._buckets))
        for level, counts in self._counts.items():
            for number, count in counts.items():
                spans.add(level, number * self._unit, count)
        return spans.timeline(scanned)

    def _tenths(self, ts: str) -> int | None:
        """Optimization: what is the same for all entries of a minute is found out once."""
        minute, rest = ts[:17], ts[17:19] + ts[20:21]
        if minute not in self._minutes:
            if len(self._minutes) >= MINUTES:
                self._minutes.clear()
            self._minutes[minute] = tenths(minute + "00.000000Z")
        start = self._minutes[minute]
        if start is None or not (rest.isascii() and rest.isdigit() and rest < "600"):
            return None
        return start + int(rest)

    def _coarsen(self) -> None:
        unit = min((unit for unit in (*UNITS, DAY) if unit > self._unit), default=DAY)
        ratio, self._unit = unit // self._unit, unit
        for level, counts in self._counts.items():
            fewer: Counter[int] = Counter()
            for number, count in counts.items():
                fewer[number // ratio] += count
            self._counts[level] = fewer


def counted(made: Iterable[tuple[str, str]], query: Query, buckets: int, scanned: float) -> Timeline:
    """The timeline of entries, given as (`ts`, `level`), over the time queried or else over theirs."""
    tally = Tally(query.since, query.until, buckets)
    for ts, level in made:
        tally.add(ts, level)
    return tally.timeline(buckets, scanned)


def tenths(ts: str) -> int | None:
    """The `ts` in tenths of seconds since 1970; None if it is no time."""
    seconds = moment(ts[:19] + ".000000Z") if ts else None
    return None if seconds is None else int(seconds) * TENTHS + (int(ts[20]) if ts[20:21].isdigit() else 0)


def _spans(first: int, last: int, buckets: int) -> tuple[int, int, int]:
    """Start, length and number of the spans: round lengths, at most `buckets` of them."""
    for step in (*STEPS, *LONG_STEPS):
        since = first // step * step
        count = (last - since) // step + 1
        if count <= buckets:
            return since, step, max(count, 1)
    return first, max((last - first) // buckets, TENTHS) + TENTHS, buckets


def written(at: int) -> str:
    """The time as the `ts` of an entry."""
    seconds = min(max(at / TENTHS, FIRST), LAST)
    return instant(datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=seconds))
