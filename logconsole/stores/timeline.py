"""How many entries of each level there were over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import msgspec

from logconsole.query import Query
from logconsole.times import canonical, instant

FIRST, LAST = -62_135_596_800, 253_402_300_799  # seconds: the years 1 to 9999
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 10800, 21600, 43200, 86400)


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


def counted(made: Iterable[tuple[str, str]], query: Query, buckets: int, scanned: float) -> Timeline:
    """The timeline of entries, given as (`ts`, `level`), over the time queried or else over theirs."""
    marks = [(moment, level) for ts, level in made if (moment := _seconds(ts)) is not None]
    now = datetime.now(timezone.utc).timestamp()
    first = _seconds(query.since) if query.since else min((mark[0] for mark in marks), default=now - 1)
    last = _seconds(query.until) if query.until else max(now, max((mark[0] for mark in marks), default=now))
    since, step, count = _spans(first if first is not None else now - 1, last if last is not None else now, buckets)
    levels: dict[str, list[int]] = {}
    for moment, level in marks:
        place = int((moment - since) / step)
        if 0 <= place < count:
            levels.setdefault(level, [0] * count)[place] += 1
    until = since + step * count
    return Timeline(_instant(since), _instant(until), step, levels, scanned)


def _spans(first: float, last: float, buckets: int) -> tuple[float, float, int]:
    """Start, length and number of the spans: round lengths, at most `buckets` of them."""
    for step in (*STEPS, *(86400.0 * days for days in (2, 7, 30, 365))):
        since = first // step * step
        count = int((last - since) // step) + 1
        if count <= buckets:
            return since, step, max(count, 1)
    return first, max((last - first) / buckets, 1.0) * 1.001, buckets


def _seconds(ts: str) -> float | None:
    try:
        return datetime.fromisoformat(canonical(ts)[:-1]).replace(tzinfo=timezone.utc).timestamp()
    except ValueError:
        return None


def _instant(seconds: float) -> str:
    bounded = min(max(seconds, FIRST), LAST)
    return instant(datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=bounded))
