"""When a segment ends, and which segments are dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import takewhile

from logconsole.stores.segments import Segment, carefully

DAY = 86_400  # seconds
LATE_SECONDS = 60.0  # at most between the making of an entry and its writing
CLOCK_SECONDS = 0.02  # by which the clock of a file system may be behind


@dataclass(frozen=True)
class Retention:
    """When a new segment begins, and what is dropped then."""

    segment_bytes: int = 10_000_000
    segment_seconds: int = DAY
    retain_segments: int = 30
    retain_bytes: int = 100_000_000
    retain_days: float = 30

    @property
    def entry_bytes(self) -> int:
        """How much of a segment entries may take: the rest is for its index."""
        return self.segment_bytes - self.segment_bytes // 100

    def period_end(self, began: float) -> float:
        """When a segment has to end whose first entry was made then: with its period, or when it is too old.

        Periods of `segment_seconds` count from UTC midnight, and none runs past the next one.
        """
        midnight = began // DAY * DAY
        seconds = min(self.segment_seconds, DAY)
        end = midnight + ((began - midnight) // seconds + 1) * seconds
        return min(end, midnight + DAY, began + self.retain_days * DAY)

    def began(self, segment: Segment, now: float) -> float:
        """When the period of the segment began, in seconds since 1970; now, if it was written to in the present one.

        Each writer looks before it writes, so what was written to in this period belongs to it, also where the first
        entry was made a moment before the segment was.
        """
        first = began(segment, now)
        start = min(now, self.period_end(first))
        is_late = start < now and start - first < LATE_SECONDS and segment.modified() > start - CLOCK_SECONDS
        return now if is_late and now < self.period_end(start) else first

    def surplus(self, listed: list[Segment], now: float) -> list[Segment]:
        """The segments to drop so that all bounds hold with one more segment, full."""
        room = self.retain_bytes - self.segment_bytes
        kept = 0
        for number, segment in enumerate(reversed(listed)):
            kept += segment.size() + segment.index_size()
            if number >= self.retain_segments - 1 or kept > room:
                return listed[: len(listed) - number]
        return self.expired(listed, now)

    def expired(self, listed: list[Segment], now: float) -> list[Segment]:
        """The segments whose first entry is too old."""
        oldest = now - self.retain_days * DAY
        return list(takewhile(lambda segment: began(segment, now) < oldest, listed))


def began(segment: Segment, now: float) -> float:
    """When the first entry of the segment was made, in seconds since 1970; now, if that cannot be told."""
    try:
        with open(segment.path, "rb", opener=carefully) as file:
            ts = file.read(64).partition(b'"ts":"')[2][:19]
        return datetime.fromisoformat(ts.decode()).replace(tzinfo=timezone.utc).timestamp() if ts else now
    except (OSError, ValueError):
        return now
