"""What is wrong with the configuration of a file store."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from django.core.checks import CheckMessage, Error, Warning

from logconsole.stores.locking import has_locks
from logconsole.stores.optioncheck import is_count, is_length, is_mode, wrong
from logconsole.stores.retention import DAY, Retention

_USUAL = {"segment_bytes": 10_000_000, "segment_seconds": DAY, "retain_segments": 30, "retain_bytes": 100_000_000}


def check(directory: str, retention: Retention, poll_seconds: object, mode: object) -> list[CheckMessage]:
    """The mistakes that would lose entries or leave nothing to read."""
    found = _options(retention, poll_seconds, mode)
    return found or [*_bounds(retention), *_directory(directory), *_locks(directory)]


def check_settings(
    directory: object, segment_bytes: int, entry_bytes: object, served: Iterable[tuple[str, object]] = ()
) -> list[CheckMessage]:
    """What the store cannot know: its directory as it was written, how long an entry may be, and what is served."""
    allowed = 'the path of a directory of its own, such as BASE_DIR / "logs"'
    found = wrong([("directory", directory, _is_own(directory), allowed)])
    return found or [*_room(segment_bytes, entry_bytes), *_served(directory, served)]


def _options(retention: Retention, poll_seconds: object, mode: object) -> list[CheckMessage]:
    counts = [(name, getattr(retention, name), f"a whole number above 0, such as {_USUAL[name]:_}") for name in _USUAL]
    return wrong(
        [
            *((name, value, is_count(value), allowed) for name, value, allowed in counts),
            ("retain_days", retention.retain_days, is_length(retention.retain_days), "a number above 0, such as 30"),
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


def _room(segment_bytes: int, entry_bytes: object) -> list[CheckMessage]:
    """Segments of one entry each would be as many files; a limit that is none is told elsewhere."""
    if not isinstance(entry_bytes, int) or segment_bytes >= 2 * entry_bytes:
        return []
    return [
        Warning(
            f"A segment of {segment_bytes:_} bytes does not hold two entries of MAX_ENTRY_BYTES ({entry_bytes:_}).",
            hint=f"Let segment_bytes be {2 * entry_bytes:_} or more, such as 10_000_000.",
            id="logconsole.W007",
        )
    ]


def _is_own(directory: object) -> bool:
    """Whether it is a path, and not the current directory, which is what `Path("")` means."""
    path = os.fspath(directory) if isinstance(directory, (str, os.PathLike)) else None
    return isinstance(path, str) and path.strip() not in ("", ".") and "\0" not in path


def _directory(directory: str) -> list[CheckMessage]:
    there = _existing(directory)
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


def _served(directory: object, served: Iterable[tuple[str, object]]) -> Iterator[CheckMessage]:
    """A web server hands out what lies there, to anybody."""
    path = os.path.realpath(os.fspath(directory))  # type: ignore[call-overload]  # it was looked at
    for setting, root in served:
        above = os.path.realpath(os.fspath(root)) if isinstance(root, (str, os.PathLike)) and str(root) else None
        if above and os.path.commonpath([path, above]) == above:
            yield Warning(
                f"The directory {directory} lies in {setting} ({root}), whose files are served to everybody.",
                hint='Choose one outside, such as BASE_DIR / "logs", and move or remove what is there.',
                id="logconsole.W008",
            )


def _locks(directory: str) -> list[CheckMessage]:
    """Without locks two processes that roll at the same moment may lose each other's lines."""
    if has_locks(_existing(directory)):
        return []
    return [
        Warning(
            f"Files in {directory} cannot be locked here, so only one process may log to this store:"
            " of several, entries can be lost when a segment ends.",
            hint="Use a directory on a local disk of a POSIX system, or give each process a directory of its own.",
            id="logconsole.W009",
        )
    ]


def _existing(directory: str) -> str:
    """The directory, or the nearest one above it that is there."""
    while not os.path.exists(directory) and os.path.dirname(directory) != directory:
        directory = os.path.dirname(directory)
    return directory
