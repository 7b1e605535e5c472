"""Waiting for the others, and going on without those who do not.

A process can be stopped while it holds the lock. The others wait for a moment only, then end that segment with
a seal and go on in the next, which begins where the seal does. The kernel appends one write after the other, so
a late line lies either before the seal, and counts, or behind it: then it is void, its writer sees that, and
writes it where the others are.
"""

from __future__ import annotations

import errno
import os
import random
import time

from logconsole.stores.active import Active
from logconsole.stores.locking import try_lock
from logconsole.stores.segments import SEAL, TAIL, read_at, segments

LOCK_SECONDS = 0.04  # how long a logging call waits for a lock while the segment does not grow
BUSY_SECONDS = 1.0  # how long it waits while others do write
YIELD_SECONDS = 0.02  # how long to ask again at once: a lock is held for a few microseconds
STOPPED = 2  # how many holders in a row that do not go on it passes by
GAP = 2**30  # positions left out where segments were removed under us: all processes come to the same one


class Patient(Active):
    """Writes wherever the others are by now; used by one thread at a time."""

    def _write_patiently(self, line: bytes, stopped: int = 0) -> None:
        """Append the line; so many holders that do not go on were passed by already.

        Raises `OSError` if it was not written whole, `BlockingIOError` if others kept us from it for too long.
        """
        deadline = time.monotonic() + BUSY_SECONDS
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
        return bool(listed) and self._open(listed[-1], now)

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

    def _seal(self) -> None:
        """End a segment whose lock is held by a process that does not go on."""
        self._roller.point_away(self._base + max(os.lseek(self._file, 0, os.SEEK_END), 1))
        self._alone.interrupt()  # what is written without a lock from here on must not count behind the seal
        os.write(self._file, SEAL)
        self._make_segment_at_seal()


def _step_aside(waited: float) -> None:
    """Let the holder go on: it may wait for this very core."""
    if waited < YIELD_SECONDS and hasattr(os, "sched_yield"):
        os.sched_yield()
    else:
        time.sleep(random.uniform(0.00002, 0.0002))  # noqa: S311  # spread, not secrecy
