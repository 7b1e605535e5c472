"""Appending lines to the segments of a directory that many processes write to at once.

Every write happens under one lock of the directory. The lock file holds the base of the active segment, so
one small read tells a process that another has rolled. A base is written before its segment is made: whoever
comes next finds the name and makes the file, even if the roller was killed in between.
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from calendar import timegm
from dataclasses import dataclass

from logconsole.stores.segments import Segment, path_of, segments

try:
    import fcntl
except ImportError:  # Windows: one process may write
    fcntl = None  # type: ignore[assignment]

LOCK = ".lock"
CURRENT = "current.jsonl"
LOCK_SECONDS = 0.05  # how long a logging call waits for a lock that another process holds
LOOK_SECONDS = 1.0  # how often to look whether our files were removed
DAY = 86_400
_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True)
class Retention:
    """When a new segment begins, and what is dropped then."""

    segment_bytes: int = 10_000_000
    segment_seconds: int = DAY
    retain_segments: int = 30
    retain_bytes: int = 100_000_000
    retain_days: float = 30

    def period_end(self, moment: float) -> float:
        """When the period of `segment_seconds`, counted from UTC midnight, ends that the moment lies in."""
        midnight = moment // DAY * DAY
        seconds = min(self.segment_seconds, DAY)
        return min(midnight + ((moment - midnight) // seconds + 1) * seconds, midnight + DAY)

    def surplus(self, listed: list[Segment], now: float) -> list[Segment]:
        """The segments to drop so that all bounds hold with one more segment, full."""
        room = self.retain_bytes - self.segment_bytes
        keep = max(self.retain_segments - 1, 0)
        oldest = now - self.retain_days * DAY
        kept = 0
        for number, segment in enumerate(reversed(listed)):
            kept += segment.size()
            if number >= keep or kept > room or began(segment, now) < oldest:
                return listed[: len(listed) - number]
        return []


class Writer:
    """Appends lines to the active segment of one directory; used by one thread at a time."""

    def __init__(self, directory: str, retention: Retention, mode: int) -> None:
        self.directory = directory
        self.retention = retention
        self.mode = mode
        self._lock = self._file = -1
        self._base = -1
        self._size = self._left_at = 0
        self._period_end = self._look_at = 0.0

    def write(self, line: bytes) -> None:
        """Append the line, which ends with a newline. Raises `OSError` if it was not written whole."""
        now = time.time()
        if now >= self._look_at or now < self._look_at - 2 * LOOK_SECONDS:
            self._look(now)
        self._acquire()
        try:
            self._write(line, now)
        finally:
            if fcntl:
                fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close what is open; the next write opens it again."""
        for file in (self._file, self._lock):
            if file >= 0:
                with contextlib.suppress(OSError):
                    os.close(file)
        if self._base >= 0:
            self._left_at = self._base + max(self._size, 0)
        self._file = self._lock = self._base = -1
        self._look_at = 0.0

    def _write(self, line: bytes, now: float) -> None:
        active = os.pread(self._lock, 20, 0)
        if not active.isdigit() or int(active) != self._base:
            self._join(int(active) if active.isdigit() else None, now)
        size = os.lseek(self._file, 0, os.SEEK_END)
        if size and (now >= self._period_end or size + len(line) > self.retention.segment_bytes):
            self._roll(self._base + size, now)
            size = 0
        elif size != self._size and size and os.pread(self._file, 1, size - 1) != b"\n":
            size += os.write(self._file, b"\n")  # end what a killed writer left unfinished
        written = os.write(self._file, line)
        self._size = size + written
        if written != len(line):
            self._size = -1
            raise OSError(f"only {written} of {len(line)} bytes were written")

    def _acquire(self) -> None:
        """Take the lock, or raise `OSError`: a stopped process that holds it must not stop us for long."""
        if not fcntl:
            return
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                return fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(random.uniform(0.00002, 0.0002))  # noqa: S311  # spread, not secrecy

    def _look(self, now: float) -> None:
        """Open what is not open, or was removed or replaced under us."""
        if self._lock >= 0 and (_is_gone(self._lock) or (self._file >= 0 and _is_gone(self._file))):
            self.close()
        if self._lock < 0:
            self._make_directory()
            self._lock = self._open(os.path.join(self.directory, LOCK), os.O_RDWR)
        self._look_at = now + LOOK_SECONDS

    def _join(self, base: int | None, now: float) -> None:
        """Go on in the active segment; without one, behind whatever segments there are."""
        if base is None:
            listed = segments(self.directory)
            base = listed[-1].base if listed else self._left_at  # a removed directory: positions go on
            os.pwrite(self._lock, b"%020d" % base, 0)
        self._switch(base)
        self._period_end = self.retention.period_end(
            min(began(Segment(base, path_of(self.directory, base)), now), now)
        )
        self._size = -1

    def _roll(self, base: int, now: float) -> None:
        """Begin a new segment; what must go, goes first, so that no bound is passed at any moment."""
        for segment in self.retention.surplus(segments(self.directory), now):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(segment.path)
        os.pwrite(self._lock, b"%020d" % base, 0)
        self._switch(base)
        self._period_end = self.retention.period_end(now)

    def _switch(self, base: int) -> None:
        path = path_of(self.directory, base)
        file = self._open(path, os.O_RDWR | os.O_APPEND)
        if self._file >= 0:
            os.close(self._file)
        self._file, self._base, self._size = file, base, 0
        self._point_current_at(path)

    def _open(self, path: str, flags: int) -> int:
        """A descriptor; a file made for it gets our mode whatever the umask."""
        try:
            file = os.open(path, flags | os.O_CREAT | os.O_EXCL | _FLAGS, self.mode)
        except FileExistsError:
            return os.open(path, flags | os.O_CREAT | _FLAGS, self.mode)
        if hasattr(os, "fchmod"):
            os.fchmod(file, self.mode)
        return file

    def _make_directory(self) -> None:
        if not os.path.isdir(self.directory):
            os.makedirs(self.directory, exist_ok=True)
            os.chmod(self.directory, self.mode | (self.mode >> 2 & 0o111))

    def _point_current_at(self, path: str) -> None:
        """A link for `tail -F`; no reader of ours uses it, so a file system without links is no fault."""
        link = os.path.join(self.directory, CURRENT)
        with contextlib.suppress(OSError, NotImplementedError):
            if os.path.islink(link) and os.readlink(link) == os.path.basename(path):
                return
            made = f"{link}.{os.getpid()}"
            os.symlink(os.path.basename(path), made)
            os.replace(made, link)


def began(segment: Segment, now: float) -> float:
    """When the first entry of the segment was made, in seconds since 1970; now, if that cannot be told."""
    try:
        with open(segment.path, "rb") as file:
            ts = file.read(64).partition(b'"ts":"')[2][:19]
        return timegm(time.strptime(ts.decode(), "%Y-%m-%dT%H:%M:%S")) if ts else now
    except (OSError, ValueError):
        return now


def _is_gone(file: int) -> bool:
    return os.fstat(file).st_nlink == 0
