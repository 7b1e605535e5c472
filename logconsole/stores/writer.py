"""Appending lines to the segments of a directory that many processes write to at once.

A line is one write under a lock on the active segment itself. Whoever rolls makes the next segment, named by
where this one ends, before the lock is let go: from then on this one is sealed.

Who is stopped while it holds the lock is passed by: see `patient`. A process that writes many lines in a row,
and nobody else, goes on without the lock while it does: see `alone`.
"""

from __future__ import annotations

import os
import sys
import time
from types import CodeType, FrameType
from typing import NamedTuple

from logconsole.stores.alone import LOOKS
from logconsole.stores.locking import try_lock
from logconsole.stores.patient import Patient
from logconsole.stores.segments import OPEN_FLAGS, SEAL, TAIL, Segment, read_at, segments

THREADS = 32  # so many lines may be on their way without a lock, or not yet known of
BLOCK = 65_536  # bytes read at once where a line is looked for


class Place(NamedTuple):
    """Where a line may lie that was written without a lock."""

    line: bytes
    """What was written of it: all, perhaps without its newline."""
    segment: Segment
    inode: int
    start: int
    """It does not begin before this position in the file..."""
    end: int
    """...and does not end behind this one."""


class Writer(Patient):
    """Appends lines to the active segment of one directory; used by one thread at a time, but for `write_alone`."""

    def write(self, line: bytes) -> None:
        """Append the line, which ends with a newline.

        Raises `UnendedError` if only that is missing, any other `OSError` if it was not written whole,
        `BlockingIOError` if others kept us from it for too long.
        """
        stopped = 0
        if self._file >= 0:
            if not try_lock(self._file) and not self._acquire():
                stopped = 1
                self._seal()
                self.close()
            elif self._write_on(line, time.time()):
                return
        self._write_patiently(line, stopped)

    def write_alone(self, line: bytes) -> bool | Place:
        """Append without any lock, not even one against other threads; False, if this is not the time for that.

        A place, if somebody came, or the segment went, while the line was written: see `has_arrived`.
        """
        flying = self._flying  # a forked child has another one
        try:
            flying.append(None)  # before the look at `until`: whoever sets that waits for us then
            now, size, file, alone = time.time(), self._size, self._file, self._alone
            segment, inode = self._segment, self._inode
            end = size + len(line)
            is_time = now < alone.until or (alone.until and alone.goes_on(inode, size))
            if not (is_time and self._quiet_from < now < self._quiet_to):
                return self._flying is not flying
            if end > self._room or THREADS * len(line) > self._spare:
                return self._flying is not flying
            written = os.write(file, line)
            if written != len(line):
                is_whole = written == len(line) - 1  # else it stays torn, and the next one begins with a newline
                return is_whole and Place(line[:-1], segment, inode, size, _position(file))
            alone.looks += 1
            is_quick = alone.looks % LOOKS  # Optimization: a third of what a look at the size costs
            grown = (end if os.access(alone.mark, os.F_OK) else -1) if is_quick else alone.size(inode)
            if grown < 0:
                alone.forget()  # where a signal handler has forked, the line is the parent's:
                return self._flying is not flying or Place(line, segment, inode, size, _position(file))
            alone.until = now + alone.burst_seconds
            if grown > self._size:  # another thread may have looked later, and be quicker
                self._size = grown
            return True
        except OSError:
            return self._flying is not flying
        finally:
            flying.pop()

    def has_arrived(self, place: Place) -> bool:
        """Whether a line that was written without a lock counts all the same."""
        try:
            is_open = self._file >= 0 or self._join(time.time())
            if is_open and self._segment == place.segment and not self._acquire():
                self._seal()
            listed = segments(self.directory)
            end = _end_of(place)
        except OSError:  # rather twice than not at all
            return False
        except BaseException:  # raised by a signal handler: the lock must not stay with us
            self.close()
            raise
        behind = [segment.base for segment in listed if segment.base > place.segment.base]
        self.close()
        return end >= 0 and place.segment in listed and (not behind or place.segment.base + end <= behind[0])

    def restart(self) -> None:
        """In a forked child: nobody else is there, and what is open is the parent's too."""
        if self._file >= 0 and _is_running(Writer.write_alone.__code__, Writer.write.__code__):
            os.dup2(nowhere := os.open(os.devnull, os.O_WRONLY), self._file, inheritable=False)
            os.close(nowhere)
            self._file = -1  # a signal handler has forked: what it interrupted goes on with that number
        self._flying = []
        self.close()

    def _write_on(self, line: bytes, now: float) -> bool:
        """Append to the segment whose lock we hold; False, and nothing kept, where there is more to look after.

        Whoever ends a segment points the link away before: who rolls, under the lock, and who seals. So one look
        through the link tells that this one was neither ended nor removed when it had the size that it tells.
        """
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


def _position(file: int) -> int:
    """Where the last write to the file ended, by whichever thread."""
    return os.lseek(file, 0, os.SEEK_CUR)


def _end_of(place: Place) -> int:
    """Where the line ends in its segment; -1, if it is not there, or behind a seal. Raises `OSError`."""
    file = os.open(place.segment.path, os.O_RDONLY | OPEN_FLAGS)
    try:
        if os.fstat(file).st_ino != place.inode:
            return -1
        start = max(place.end - len(place.line), 0)
        if read_at(file, len(place.line), start) != place.line:  # another thread has written behind it
            start = _found(file, place)
        end = start + len(place.line)
        first = max(place.start, end - TAIL, 0)
        return -1 if start < 0 or SEAL in read_at(file, end - first, first) else end
    finally:
        os.close(file)


def _found(file: int, place: Place) -> int:
    """Where the line begins, -1 if nowhere; mostly not far from where the segment ended before."""
    for begin in range(place.start, place.end, BLOCK):
        at = read_at(file, BLOCK + len(place.line), begin).find(place.line)
        if at >= 0:
            return begin + at
    return -1


def _is_running(*codes: CodeType) -> bool:
    """Whether this thread is in the middle of one of these functions."""
    frame: FrameType | None = sys._getframe()
    while frame and frame.f_code not in codes:
        frame = frame.f_back
    return frame is not None
