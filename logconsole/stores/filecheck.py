"""What is wrong with the configuration of a file store."""

from __future__ import annotations

import os

from django.core.checks import CheckMessage, Error, Warning

from logconsole.stores.retention import Retention


def check(directory: str, retention: Retention) -> list[CheckMessage]:
    """The mistakes that would lose entries or leave nothing to read."""
    return [*_bounds(retention), *_directory(directory)]


def _bounds(retention: Retention) -> list[CheckMessage]:
    if retention.segment_bytes * 2 <= retention.retain_bytes:
        return []
    return [
        Error(
            f"A segment of {retention.segment_bytes:,} bytes does not fit twice into retain_bytes"
            f" ({retention.retain_bytes:,}).",
            hint="Give the store a retain_bytes of ten segments, such as segment_bytes=10_000_000 and"
            " retain_bytes=100_000_000.",
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
