"""Appending lines to the segments of a directory that many processes write to at once.

A line is one write under a lock on the active segment itself. Whoever rolls makes the next segment, named by
where this one ends, before the lock is let go: from then on this one is sealed.

A process can be stopped while it holds the lock. The others wait for a moment only, then end that segment with
a seal and go on in the next, which begins where the seal does. The kernel appends one write after the other, so
a late line lies either before the seal, and counts, or behind it: then it is void, its writer sees that, and
writes it where the others are.

A process that writes many lines in a row, and nobody else, goes on without the lock while it does: see `Alone`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import random
import time
from typing import NamedTuple

from logconsole.stores.alone import GRACE_SECONDS, Alone
from logconsole.stores.locking import try_lock, unlock
from logconsole.stores.retention import Retention
from logconsole.stores.rolling import Roller
from logconsole.stores.segments import OPEN_FLAGS, SEAL, TAIL, Segment, read_at, segments

LOCK_SECONDS = 0.04  # how long a logging call waits for a lock while the segment does not grow
BUSY_SECONDS = 1.0  # how long it waits while others do write
YIELD_SECONDS = 0.02  # how long to ask again at once: a lock is held for a few microseconds
ROOM = 65_536  # bytes kept free in each segment, at most a fiftieth of it: for those who end it at the same moment,
# and for lines that are on their way without a lock when it does
THREADS = 32  # so many lines may be on their way without a lock, or not yet known of
FLIGHT_SECONDS = 0.05  # how long is waited for a thread that writes without one
FAR = 4_194_304  # bytes behind the size last known in which a line is looked for
STOPPED = 2  # how many holders in a row that do not go on it passes by
GAP = 2**30  # positions left out where segments were removed under us: all processes come to the same one
_FLAGS = os.O_RDWR | os.O_APPEND | OPEN_FLAGS


class Place(NamedTuple):
    """Where a line lies."""

    segment: Segment
    end: int
    """Where it ends in the file; -1, if it is not there, or behind a seal."""
    inode: int


class Writer:
    """Appends lines to the active segment of one directory; used by one thread at a time, but for `write_alone`."""

    def __init__(self, directory: str, retention: Retention, mode: int) -> None:
        self.directory = directory
        self.retention = retention
        self._roller = Roller(directory, retention, mode)
        self._link = self._roller.link
        self._alone = Alone(directory)
        self._file = self._inode = -1
        self._segment = Segment(0, "")
        self._name = b""
        self._base = 0
        self._size = 0
        """Where our last line ended; up to there the segment is known to have no seal."""
        self._is_torn = False
        self._flying: list[None] = []
        """One item for each thread that may be writing without a lock."""
        self._left: list[int] = []
        """Files that a thread may still be writing to; closed when none does."""
        self._period_end = 0.0
        self._quiet_from = self._quiet_to = 0.0
        """The times between which no period ends and nothing is to be pruned."""
        self._room = self._spare = 0
        """How far a segment is filled, and what is left."""

    def write(self, line: bytes) -> None:
        """Append the line, which ends with a newline.

        Raises `OSError` if it was not written whole, `BlockingIOError` if others kept us from it for too long.
        """
        if self._file < 0 or not self._write_on(line, time.time()):
            self._write_patiently(line)

    def write_alone(self, line: bytes) -> bool | Place:
        """Append without any lock, not even one against other threads; False, if this is not the time for that.

        A place, if somebody came, or the segment went, while the line was written: see `has_arrived`.
        """
        flying = self._flying  # a forked child has another one
        try:
            flying.append(None)  # before the look at `until`: whoever sets that waits for us then
            now, size, file = time.time(), self._size, self._file
            segment, inode = self._segment, self._inode
            if now >= self._alone.until or not self._quiet_from < now < self._quiet_to:
                return False
            end = size + len(line)
            if end > self._room or THREADS * len(line) > self._spare:
                return False
            if os.write(file, line) != len(line):
                return False  # the rest of the line stays torn, and the next one begins with a newline
            grown = self._alone.size(inode, end, now)
            if grown < 0:
                return Place(segment, _end_of(line, file, size), inode)
            if grown > self._size:  # another thread may have looked later, and be quicker
                self._size = grown
            return True
        except OSError:
            return False
        finally:
            flying.pop()

    def has_arrived(self, place: Place) -> bool:
        """Whether a line that was written without a lock counts all the same."""
        if place.end < 0:
            return False
        try:
            is_open = self._file >= 0 or self._join(time.time())
            if is_open and self._segment == place.segment and not self._acquire():
                self._seal()
            listed = segments(self.directory)
            is_there = os.stat(place.segment.path, follow_symlinks=False).st_ino == place.inode
        except OSError:  # rather twice than not at all
            return False
        behind = [segment.base for segment in listed if segment.base > place.segment.base]
        self.close()
        return is_there and place.segment in listed and (not behind or place.segment.base + place.end <= behind[0])

    def close(self) -> None:
        """Close what is open, and with it let go of the lock; the next write opens it again."""
        self._alone.forget()
        file, self._file = self._file, -1
        if file >= 0:
            self._left.append(file)
        if self._left and self._has_landed():
            while self._left:
                with contextlib.suppress(OSError):
                    os.close(self._left.pop())
        elif file >= 0:
            unlock(file)

    def restart(self) -> None:
        """In a forked child: nobody else is there, and what is open is the parent's too."""
        self._flying = []
        self.close()

    def _has_landed(self) -> bool:
        """Whether no other thread is writing; if one does for long, the file stays open: its number must stay its."""
        deadline = time.monotonic() + FLIGHT_SECONDS
        while self._flying and time.monotonic() < deadline:
            time.sleep(0.00005)
        self._alone.forget()  # the last of them may have gone on
        return not self._flying

    def _is_behind_seal(self, size: int, start: int) -> bool:
        """Whether what others wrote from `size` on, up to our line, ended the segment."""
        if SEAL not in read_at(self._file, max(start - size, 0), size):
            return False
        self._make_segment_at_seal()
        return True

    def _write_on(self, line: bytes, now: float) -> bool:
        """Append to the segment that is open; False, and nothing kept, where there is more to look after.

        Whoever ends a segment points the link away before: who rolls, under the lock, and who seals. So one look
        through the link tells that this one was neither ended nor removed when it had the size that it tells.
        """
        if not try_lock(self._file):
            return False
        try:
            state = os.stat(self._link)
        except OSError:
            return False
        size = state.st_size
        if state.st_ino != self._inode or not self._quiet_from < now < self._quiet_to:
            return False
        if size == self._size:
            self._alone.count(now)
        else:
            self._alone.forget()
            self._is_torn = self._ends_torn(size)
        if self._is_torn:
            line = b"\n" + line
        return size + len(line) <= self._room and self._put(line, size)

    def _put(self, line: bytes, size: int) -> bool:
        """Write under the lock, and let go of it; False if the line fell behind a seal."""
        file = self._file
        self._is_torn = True
        written = os.write(file, line)
        if written != len(line):
            written += self._write_rest(line[written:])
        self._size = end = os.lseek(file, 0, os.SEEK_CUR)
        if end - written != size and self._is_behind_seal(size, end - written):  # we were stopped, others went on
            return False
        self._is_torn = False
        unlock(file)
        return True

    def _write_rest(self, rest: bytes) -> int:
        """What a short write left; it is that one's reason that is raised."""
        written = os.write(self._file, rest)
        if written != len(rest):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return written

    def _write_patiently(self, line: bytes) -> None:
        """Wherever the others are by now; a holder that does not go on is passed by."""
        stopped, deadline = 0, time.monotonic() + BUSY_SECONDS
        while stopped < STOPPED and time.monotonic() < deadline:
            if self._file < 0 and not self._join(time.time()):
                continue
            if not self._acquire():
                stopped += 1
                self._seal()
            elif self._is_newest() and self._append(line):
                return
            self.close()
        raise BlockingIOError(errno.EAGAIN, "the segments are held by other processes")

    def _is_newest(self) -> bool:
        """Whether our segment, whose lock we hold, is the one to write to; then the link points to it."""
        self._alone.interrupt()
        self._has_landed()
        if segments(self.directory)[-1:] != [self._segment] or not self._is_in_place():
            return False
        if self._roller.points_at(self._name):
            return True
        if os.path.islink(self._link) and os.lseek(self._file, 0, os.SEEK_END):
            self._seal()  # somebody has begun to end it, and was killed or stopped on the way
            return False
        self._roller.point_at(self._name)
        return True

    def _is_in_place(self) -> bool:
        """Whether our file is the one of that name: not one that was removed, or lies in a directory moved away."""
        try:
            return os.path.samestat(os.fstat(self._file), os.stat(self._segment.path, follow_symlinks=False))
        except FileNotFoundError:
            return False

    def _append(self, line: bytes) -> bool:
        """Write under the lock, and let go of it; False if the segment is sealed, or is now."""
        size, now = os.lseek(self._file, 0, os.SEEK_END), time.time()
        if size != self._size and self._is_sealed_since(size):
            return False
        self._roller.prune(now)
        self._quiet_from = now - 1.0
        self._quiet_to = min(self._roller.prune_at, self._period_end)
        if self._is_torn:
            line = b"\n" + line
        if size and (size + len(line) > self._room or now >= self._period_end):
            self._roller.make_segment(self._base + size)
            return False
        return self._put(line, size)

    def _acquire(self) -> bool:
        """Whether the lock is ours; not, if who holds it writes nothing for so long that it may be stopped.

        Raises `BlockingIOError` if others do write, but for too long.
        """
        started = deadline = now = time.monotonic()
        size = -1
        while not try_lock(self._file):
            now = time.monotonic()
            if now >= deadline:
                grown = os.lseek(self._file, 0, os.SEEK_END)
                if size >= 0 and (grown == size or SEAL in read_at(self._file, grown - size, size)):
                    return False
                if now > started + BUSY_SECONDS:
                    raise BlockingIOError(errno.EAGAIN, "other processes write without a pause")
                if size >= 0:
                    self._alone.interrupt()  # it may grow by a lone writer's lines, while the holder is stopped
                size, deadline = grown, now + LOCK_SECONDS
            _step_aside(now - started)
        return True

    def _is_sealed_since(self, size: int) -> bool:
        """Whether others ended the segment since our last line; else what they wrote is behind us."""
        begin = max(min(self._size, size) - 1, size - TAIL, 0)
        tail = read_at(self._file, size - begin, begin)
        self._size = size
        self._is_torn = self._ends_torn(size)
        if SEAL not in tail:
            return False
        self._make_segment_at_seal()
        return True

    def _ends_torn(self, size: int) -> bool:
        """Whether the last line has no end; one that is just being written without a lock is given a moment."""
        if read_at(self._file, 1, max(size - 1, 0)) in (b"\n", b""):
            return False
        time.sleep(GRACE_SECONDS)
        return read_at(self._file, 1, max(os.lseek(self._file, 0, os.SEEK_END) - 1, 0)) not in (b"\n", b"")

    def _seal(self) -> None:
        """End a segment whose lock is held by a process that does not go on."""
        self._roller.point_away(self._base + max(os.lseek(self._file, 0, os.SEEK_END), 1))
        self._alone.interrupt()  # what is written without a lock from here on must not count behind the seal
        os.write(self._file, SEAL)
        self._make_segment_at_seal()

    def _make_segment_at_seal(self) -> None:
        """The next segment begins where the first seal does; all who come here make the same one."""
        end = os.lseek(self._file, 0, os.SEEK_END)
        begin = max(end - TAIL, 0)
        found = read_at(self._file, end - begin, begin).find(SEAL)
        if found < 0:
            raise OSError(errno.EIO, "the segment was changed by somebody else")
        self._roller.make_segment(self._base + max(begin + found, 1))  # two segments have two names

    def _join(self, now: float) -> bool:
        """Open the newest segment; where ours was removed, or there is none, make one behind what we know of.

        False if it went meanwhile.
        """
        listed = segments(self.directory)
        if not listed or listed[-1].base < self._base:
            self._roller.make_directory()
            known = self._base + self._size
            self._roller.make_segment((known // GAP + 1) * GAP if known else 0)
            listed = segments(self.directory)
        if not listed:
            return False
        newest = listed[-1]
        try:
            self._file = os.open(newest.path, _FLAGS)
        except FileNotFoundError:
            return False
        self._inode = os.fstat(self._file).st_ino
        self._segment, self._name = newest, os.fsencode(os.path.basename(newest.path))
        self._base, self._size, self._is_torn = newest.base, 0, False
        self._alone.enter(self._name)
        self._period_end = self.retention.period_end(min(self.retention.began(newest, now), now))
        self._quiet_to = 0.0
        most = self.retention.entry_bytes
        self._spare = max(len(SEAL), min(ROOM, most // 50))
        self._room = most - self._spare
        return True


def _end_of(line: bytes, file: int, size: int) -> int:
    """Where the line ends that was written when the segment had about that size; -1, if it does not count."""
    data = read_at(file, FAR, max(size, 0))
    at = data.find(line)
    return -1 if at < 0 or SEAL in data[:at] else size + at + len(line)


def _step_aside(waited: float) -> None:
    """Let the holder go on: it may wait for this very core."""
    if waited < YIELD_SECONDS and hasattr(os, "sched_yield"):
        os.sched_yield()
    else:
        time.sleep(random.uniform(0.00002, 0.0002))  # noqa: S311  # spread, not secrecy
