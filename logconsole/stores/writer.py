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
from logconsole.stores.segments import OPEN_FLAGS, SEAL, TAIL, Segment, path_of, read_at, segments

try:
    import fcntl
except ImportError:  # Windows: one process may write
    fcntl = None  # type: ignore[assignment]  # a module where there is one

CURRENT = "current.jsonl"
LOCK_SECONDS = 0.04  # how long a logging call waits for a lock while the segment does not grow
BUSY_SECONDS = 1.0  # how long it waits while others do write
SPINS = 8  # tries before the first pause: a lock is held for a few microseconds
ATTEMPTS = 10  # segments that one line may find sealed
ROOM = 16 * len(SEAL)  # kept free in each segment, for those who end it at the same moment
STOPPED = 2  # how many holders in a row that do not go on it passes by
PRUNE_SECONDS = 60.0  # how often to look for segments that are too old
GAP = 2**30  # positions left out where segments were removed under us: all processes come to the same one
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | OPEN_FLAGS
_TRY = fcntl.LOCK_EX | fcntl.LOCK_NB if fcntl else 0


class Writer:
    """Appends lines to the active segment of one directory; used by one thread at a time."""

    def __init__(self, directory: str, retention: Retention, mode: int) -> None:
        self.directory = directory
        self.retention = retention
        self.mode = mode
        self._link = os.fsencode(os.path.join(directory, CURRENT))
        self._file = self._inode = -1
        self._segment = Segment(0, "")
        self._name = b""
        self._base = 0
        self._size = 0
        """Where our last line ended; up to there the segment is known to have no seal."""
        self._is_torn = False
        self._period_end = self._prune_at = 0.0
        self._quiet_from = self._quiet_to = 0.0
        """The times between which there is nothing to look after."""
        self._room = 0
        """How far a segment is filled."""

    def write(self, line: bytes) -> None:
        """Append the line, which ends with a newline.

        Raises `OSError` if it was not written whole, `BlockingIOError` if others kept us from it for too long.
        """
        if self._file < 0 or not self._write_on(line):
            self._write_patiently(line)

    def close(self) -> None:
        """Close what is open, and with it let go of the lock; the next write opens it again."""
        if self._file >= 0:
            with contextlib.suppress(OSError):
                os.close(self._file)
        self._file = -1

    def _write_on(self, line: bytes) -> bool:
        """Append to the segment that is open; False, and nothing kept, where there is more to look after.

        Whoever rolls points the link to the next segment before that is made, under the lock of this one. So one look
        through the link tells that this one is neither sealed nor removed. Optimization: no call but of the system,
        since this is all that nearly every line needs.
        """
        file = self._file
        try:
            if fcntl:
                fcntl.flock(file, _TRY)
            state = os.stat(self._link)
        except OSError:
            return False
        size = state.st_size
        if state.st_ino != self._inode or (size != self._size and self._is_sealed_since(size)):
            return False
        if self._is_torn:
            line = b"\n" + line
        if size + len(line) > self._room or not self._quiet_from < time.time() < self._quiet_to:
            return False
        return self._put(line, size)

    def _put(self, line: bytes, size: int) -> bool:
        """Write under the lock, and let go of it; False if the line fell behind a seal."""
        file = self._file
        self._is_torn = True
        written = os.write(file, line)
        self._size = end = os.lseek(file, 0, os.SEEK_CUR)
        if end - written != size:  # we were stopped, and the others went on
            self._make_segment_at_seal()
            return False
        if written != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._is_torn = False
        if fcntl:
            try:
                fcntl.flock(file, fcntl.LOCK_UN)
            except OSError:  # a file system without locks
                return True
        return True

    def _write_patiently(self, line: bytes) -> None:
        """Wherever the others are by now; a holder that does not go on is passed by."""
        stopped = 0
        for _ in range(ATTEMPTS):
            if self._file < 0:
                self._join(time.time())
            if not self._acquire():
                stopped += 1
                self._seal()
            elif self._is_newest() and self._append(line):
                return
            self.close()
            if stopped == STOPPED:
                break
        raise BlockingIOError(errno.EAGAIN, "the segments are held by other processes")

    def _is_newest(self) -> bool:
        """Whether our segment, whose lock we hold, is the one to write to; then the link points to it."""
        is_newest = segments(self.directory)[-1:] == [self._segment]
        return is_newest and os.fstat(self._file).st_nlink > 0 and (self._point_at(self._name) or True)

    def _append(self, line: bytes) -> bool:
        """Write under the lock, and let go of it; False if the segment is sealed, or is now."""
        size = os.lseek(self._file, 0, os.SEEK_END)
        if size != self._size and self._is_sealed_since(size):
            return False
        self._look_at_the_clock(time.time())
        if self._is_torn:
            line = b"\n" + line
        if size and (size + len(line) > self._room or time.time() >= self._period_end):
            self._make_segment(self._base + size)
            return False
        return self._put(line, size)

    def _look_at_the_clock(self, now: float) -> None:
        """Once in a while see whether other segments are too old; until when none of this need be looked at."""
        if not self._prune_at - 2 * PRUNE_SECONDS < now < self._prune_at:
            self._drop(self.retention.expired(segments(self.directory)[:-1], now))
            self._prune_at = now + PRUNE_SECONDS
        self._quiet_from = self._prune_at - 2 * PRUNE_SECONDS
        self._quiet_to = min(self._prune_at, self._period_end)

    def _acquire(self) -> bool:
        """Whether the lock is ours; not, if who holds it writes nothing for so long that it may be stopped.

        Raises `BlockingIOError` if others do write, but for too long.
        """
        if any(_try_lock(self._file) for _ in range(SPINS)):
            return True
        started = deadline = time.monotonic()
        size = -1
        while not _try_lock(self._file):
            now = time.monotonic()
            if now >= deadline:
                grown = os.lseek(self._file, 0, os.SEEK_END)
                if size >= 0 and (grown == size or SEAL in read_at(self._file, grown - size, size)):
                    return False
                if now > started + BUSY_SECONDS:
                    raise BlockingIOError(errno.EAGAIN, "other processes write without a pause")
                size, deadline = grown, now + LOCK_SECONDS
            time.sleep(random.uniform(0.00002, 0.0002))  # noqa: S311  # spread, not secrecy
        return True

    def _is_sealed_since(self, size: int) -> bool:
        """Whether others ended the segment since our last line; else what they wrote is behind us."""
        begin = max(min(self._size, size) - 1, size - TAIL, 0)
        tail = read_at(self._file, size - begin, begin)
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
        found = read_at(self._file, end - begin, begin).find(SEAL)
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
        path = path_of(self.directory, base)
        _refuse_foreign(path)
        if not self._point_at(os.fsencode(os.path.basename(path))):
            self._drop_link()
        try:
            file = os.open(path, _FLAGS | os.O_EXCL, self.mode)
        except FileExistsError:
            return
        try:
            if hasattr(os, "fchmod"):
                os.fchmod(file, self.mode)  # whatever the umask
        finally:
            os.close(file)

    def _drop(self, surplus: list[Segment]) -> None:
        for segment in surplus:
            # Another process was quicker; or, on Windows, has it open: then it goes next time.
            with contextlib.suppress(FileNotFoundError, PermissionError):
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
        self._inode = os.fstat(self._file).st_ino
        self._segment, self._name = newest, os.fsencode(os.path.basename(newest.path))
        self._base, self._size, self._is_torn = newest.base, 0, False
        self._period_end = self.retention.period_end(min(began(newest, now), now))
        self._quiet_to = 0.0
        most = self.retention.segment_bytes
        self._room = most - max(len(SEAL), min(ROOM, most // 100))

    def _make_directory(self) -> None:
        if not os.path.isdir(self.directory):
            os.makedirs(self.directory, exist_ok=True)
            os.chmod(self.directory, self.mode | (self.mode >> 2 & 0o111))

    def _points_at(self, name: bytes) -> bool:
        try:
            return os.readlink(self._link) == name
        except OSError:
            return False

    def _point_at(self, name: bytes) -> bool:
        """Let the link point to that segment; False where there can be no links. It is for `tail -F`, too."""
        made = self._link + b"." + secrets.token_hex(4).encode()
        try:
            if not self._points_at(name):
                os.symlink(name, made)
                os.replace(made, self._link)
        except (OSError, NotImplementedError):
            return False
        return True

    def _drop_link(self) -> None:
        """No link at all is better than one to a sealed segment: the others would write there."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._link)


def _try_lock(file: int) -> bool:
    """Whether the lock is ours now; a file system without locks always says so."""
    try:
        if fcntl:
            fcntl.flock(file, _TRY)
    except BlockingIOError:
        return False
    except OSError:  # each write is whole all the same
        return True
    return True


def has_locks(directory: str) -> bool:
    """Whether files there can be locked, as far as the directory itself tells."""
    if not fcntl:
        return False
    try:
        file = os.open(directory, os.O_RDONLY)
    except (OSError, ValueError):  # not ours to tell
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(file)
    return True


def _refuse_foreign(path: str) -> None:
    """Raises `OSError` if what has the name of a segment is a link, or no file: nobody writes through it."""
    if os.path.islink(path) or (os.path.lexists(path) and not os.path.isfile(path)):
        raise OSError(errno.ELOOP, f"{path} is no file of ours, please remove it")
