"""When a segment ends, and which segments are dropped."""

from __future__ import annotations

import time
from calendar import timegm
from dataclasses import dataclass
from itertools import takewhile

from logconsole.stores.segments import Segment

DAY = 86_400  # seconds


@dataclass(frozen=True)
class Retention:
    """When a new segment begins, and what is dropped then."""

    segment_bytes: int = 10_000_000
    segment_seconds: int = DAY
    retain_segments: int = 30
    retain_bytes: int = 100_000_000
    retain_days: float = 30

    def period_end(self, began: float) -> float:
        """When a segment has to end whose first entry was made then: with its period, or when it is too old.

        Periods of `segment_seconds` count from UTC midnight, and none runs past the next one.
        """
        midnight = began // DAY * DAY
        seconds = min(self.segment_seconds, DAY)
        end = midnight + ((began - midnight) // seconds + 1) * seconds
        return min(end, midnight + DAY, began + self.retain_days * DAY)

    def surplus(self, listed: list[Segment], now: float) -> list[Segment]:
        """The segments to drop so that all bounds hold with one more segment, full."""
        room = self.retain_bytes - self.segment_bytes
        kept = 0
        for number, segment in enumerate(reversed(listed)):
            kept += segment.size()
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
        with open(segment.path, "rb") as file:
            ts = file.read(64).partition(b'"ts":"')[2][:19]
        return timegm(time.strptime(ts.decode(), "%Y-%m-%dT%H:%M:%S")) if ts else now
    except (OSError, ValueError):
        return now
