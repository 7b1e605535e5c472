"""Appending lines to the segments of a directory that many processes write to at once.

A line is one write under a lock on the active segment itself. Whoever rolls makes the next segment, named by
where this one ends, before the lock is let go: from then on this one is sealed.

A process can be stopped while it holds the lock. The others wait for a moment only, then end that segment with
a seal and go on in the next, which begins where the seal does. The kernel appends one write after the other, so
a late line lies either before the seal, and counts, or behind it: then it is void, its writer sees that, and
writes it where the others are.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import secrets
import time

from logconsole.stores.retention import Retention, began
from logconsole.stores.segments import SEAL, TAIL, Segment, path_of, segments

try:
    import fcntl
except ImportError:  # Windows: one process may write
    fcntl = None  # type: ignore[assignment]  # a module where there is one

CURRENT = "current.jsonl"
LOCK_SECONDS = 0.04  # how long a logging call waits for a lock while the segment does not grow
BUSY_SECONDS = 1.0  # how long it waits while others do write
ATTEMPTS = 10  # segments that one line may find sealed
STOPPED = 2  # how many holders in a row that do not go on it passes by
PRUNE_SECONDS = 60.0  # how often to look for segments that are too old
GAP = 2**30  # positions left out where segments were removed under us: all processes come to the same one
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


class Writer:
    """Appends lines to the active segment of one directory; used by one thread at a time."""

    def __init__(self, directory: str, retention: Retention, mode: int) -> None:
        self.directory = directory
        self._prefix = os.path.join(directory, "")
        self.retention = retention
        self.mode = mode
        self._file = -1
        self._segment: Segment | None = None
        self._base = 0
        self._size = 0
        """Where our last line ended; up to there the segment is known to have no seal."""
        self._is_torn = False
        self._period_end = self._prune_at = 0.0

    def write(self, line: bytes) -> None:
        """Append the line, which ends with a newline.

        Raises `OSError` if it was not written whole, `BlockingIOError` if others kept us from it for too long.
        """
        now = time.time()
        stopped = 0
        for _ in range(ATTEMPTS):
            if self._file < 0:
                self._join(now)
            if not self._acquire():
                stopped += 1
                self._seal()
            elif self._append(line, now):
                return
            self.close()  # sealed: the lock goes with the file
            if stopped == STOPPED:
                break
        raise BlockingIOError(errno.EAGAIN, "the segments are held by other processes")

    def close(self) -> None:
        """Close what is open; the next write opens it again."""
        if self._file >= 0:
            with contextlib.suppress(OSError):
                os.close(self._file)
        self._file = -1

    def _append(self, line: bytes, now: float) -> bool:
        """Write under the lock, and let go of it; False if the segment is sealed, or is now."""
        state = os.fstat(self._file)
        size = state.st_size
        if not state.st_nlink or (size != self._size and self._is_sealed_since(size)):
            return False
        if size and os.access(f"{self._prefix}{self._base + size:020d}.jsonl", os.F_OK):  # somebody has rolled
            return False
        data = b"\n" + line if self._is_torn else line
        if size and (now >= self._period_end or size + len(data) + len(SEAL) > self.retention.segment_bytes):
            self._make_segment(self._base + size)
            return False
        if not self._prune_at - 2 * PRUNE_SECONDS < now < self._prune_at:
            self._drop(self.retention.expired(segments(self.directory)[:-1], now))
            self._prune_at = now + PRUNE_SECONDS
        self._is_torn = True
        written = os.write(self._file, data)
        self._size = os.lseek(self._file, 0, os.SEEK_CUR)
        if self._size - written != size:  # a seal came between: we were stopped, and the others went on
            self._make_segment_at_seal()
            return False
        if written != len(data):
            raise OSError(errno.ENOSPC, f"only {written} of {len(data)} bytes were written")
        self._is_torn = False
        if fcntl:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        return True

    def _acquire(self) -> bool:
        """Whether the lock is ours; not, if who holds it writes nothing for so long that it may be stopped.

        Raises `BlockingIOError` if others do write, but for too long.
        """
        if not fcntl:
            return True
        started = deadline = time.monotonic()
        size = -1
        while not self._try_lock():
            now = time.monotonic()
            if now >= deadline:
                grown = os.lseek(self._file, 0, os.SEEK_END)
                if size >= 0 and (grown == size or SEAL in os.pread(self._file, grown - size, size)):
                    return False
                if now > started + BUSY_SECONDS:
                    raise BlockingIOError(errno.EAGAIN, "other processes write without a pause")
                size, deadline = grown, now + LOCK_SECONDS
            time.sleep(random.uniform(0.00002, 0.0002))  # noqa: S311  # spread, not secrecy
        return True

    def _try_lock(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: each write is whole all the same
            return True
        return True

    def _is_sealed_since(self, size: int) -> bool:
        """Whether others ended the segment since our last line; else what they wrote is behind us."""
        if 0 < self._size < size - TAIL and segments(self.directory)[-1:] != [self._segment]:
            return True
        begin = max(min(self._size, size) - 1, size - TAIL, 0)
        tail = os.pread(self._file, size - begin, begin)
        self._size = size
        self._is_torn = bool(tail) and not tail.endswith(b"\n")
        if SEAL not in tail:
            return False
        self._make_segment_at_seal()
        return True

    def _seal(self) -> None:
        """End a segment whose lock is held by a process that does not go on."""
        os.write(self._file, SEAL)
        self._make_segment_at_seal()

    def _make_segment_at_seal(self) -> None:
        """The next segment begins where the first seal does; all who come here make the same one."""
        end = os.lseek(self._file, 0, os.SEEK_END)
        begin = max(end - TAIL, 0)
        found = os.pread(self._file, end - begin, begin).find(SEAL)
        if found < 0:
            raise OSError(errno.EIO, "the segment was changed by somebody else")
        self._make_segment(self._base + begin + found)

    def _make_segment(self, base: int) -> None:
        """Make the next segment; what must go, goes first, so that no bound is passed at any moment."""
        listed, now = segments(self.directory), time.time()
        if listed and listed[-1].base >= base:  # another made it, perhaps long ago: we were stopped
            return
        self._drop(self.retention.surplus(listed, now))
        self._prune_at = now + PRUNE_SECONDS
        with contextlib.suppress(FileExistsError):
            file = os.open(path_of(self.directory, base), _FLAGS | os.O_EXCL, self.mode)
            try:
                if hasattr(os, "fchmod"):
                    os.fchmod(file, self.mode)  # whatever the umask
            finally:
                os.close(file)

    def _drop(self, surplus: list[Segment]) -> None:
        for segment in surplus:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(segment.path)

    def _join(self, now: float) -> None:
        """Open the newest segment; where ours was removed, or there is none, make one behind what we know of."""
        listed = segments(self.directory)
        if not listed or listed[-1].base < self._base:
            self._make_directory()
            known = self._base + self._size
            self._make_segment((known // GAP + 1) * GAP if known else 0)
            listed = segments(self.directory)
        newest = listed[-1]
        self._file = os.open(newest.path, _FLAGS, self.mode)
        self._segment, self._base, self._size, self._is_torn = newest, newest.base, 0, False
        self._period_end = self.retention.period_end(min(began(newest, now), now))
        self._point_current_at(newest)

    def _make_directory(self) -> None:
        if not os.path.isdir(self.directory):
            os.makedirs(self.directory, exist_ok=True)
            os.chmod(self.directory, self.mode | (self.mode >> 2 & 0o111))

    def _point_current_at(self, segment: Segment) -> None:
        """A link for `tail -F`; no reader of ours uses it, so a file system without links is no fault."""
        link, name = os.path.join(self.directory, CURRENT), os.path.basename(segment.path)
        with contextlib.suppress(OSError, NotImplementedError):
            if os.path.islink(link) and os.readlink(link) == name:
                return
            made = f"{link}.{secrets.token_hex(4)}"
            os.symlink(name, made)
            os.replace(made, link)
