"""What is wrong with the configuration of a file store."""

from __future__ import annotations

import os

from django.core.checks import CheckMessage, Error, Warning

from logconsole.stores.optioncheck import is_count, is_length, is_mode, wrong
from logconsole.stores.retention import DAY, Retention


def check(directory: str, retention: Retention, poll_seconds: object, mode: object) -> list[CheckMessage]:
    """The mistakes that would lose entries or leave nothing to read."""
    return _options(retention, poll_seconds, mode) or [*_bounds(retention), *_directory(directory)]


def _options(retention: Retention, poll_seconds: object, mode: object) -> list[CheckMessage]:
    counts = ("segment_bytes", "segment_seconds", "retain_segments", "retain_bytes")
    given = [(name, getattr(retention, name)) for name in counts]
    return wrong(
        [
            *((name, value, is_count(value), "a whole number above 0, such as 10_000_000") for name, value in given),
            ("retain_days", retention.retain_days, is_length(retention.retain_days), "a number above 0"),
            ("poll_seconds", poll_seconds, is_length(poll_seconds), "a number above 0, such as 0.1"),
            ("mode", mode, is_mode(mode), "the permissions of a file as a number, such as 0o640"),
        ]
    )


def _bounds(retention: Retention) -> list[CheckMessage]:
    """One segment is written while at least one more is kept, of any length."""
    too_few = retention.segment_bytes * 2 > retention.retain_bytes or retention.retain_segments < 2
    too_short = retention.retain_days * DAY < min(retention.segment_seconds, DAY)
    if not too_few and not too_short:
        return []
    return [
        Error(
            "What is kept is hardly more than one segment: "
            f"segment_bytes={retention.segment_bytes:_}, retain_bytes={retention.retain_bytes:_},"
            f" retain_segments={retention.retain_segments}, retain_days={retention.retain_days},"
            f" segment_seconds={retention.segment_seconds:_}.",
            hint="Let retain_bytes be ten segments, such as segment_bytes=10_000_000 and retain_bytes=100_000_000,"
            " retain_segments at least 2, and retain_days no shorter than segment_seconds.",
            id="logconsole.E006",
        )
    ]


def _directory(directory: str) -> list[CheckMessage]:
    there = directory
    while not os.path.exists(there) and os.path.dirname(there) != there:
        there = os.path.dirname(there)
    if os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK):
        return []
    return [
        Warning(
            f"The directory {directory} cannot be written by this user.",
            hint="Make it, owned by the user that the site runs as (mode 0750), or choose another one in"
            ' LOGCONSOLE["STORES"]. Until then entries are held in memory and the oldest are lost.',
            id="logconsole.W002",
        )
    ]
