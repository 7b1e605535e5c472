"""The segment that a process has open, and writing to it under its lock."""

from __future__ import annotations

import contextlib
import errno
import os
import time

from logconsole.stores.alone import GRACE_SECONDS, Alone
from logconsole.stores.locking import is_lockable, unlock
from logconsole.stores.retention import Retention
from logconsole.stores.rolling import Roller
from logconsole.stores.segments import OPEN_FLAGS, SEAL, TAIL, Segment, read_at

ROOM = 65_536  # bytes kept free in each segment, at most a fiftieth of it: for those who end it at the same moment,
# and for lines that are on their way without a lock when it does
FLIGHT_SECONDS = 0.05  # how long is waited for a thread that writes without one
_FLAGS = os.O_RDWR | os.O_APPEND | OPEN_FLAGS


class UnendedError(OSError):
    """All of a line is written but its end, which the next one brings along."""


class Active:
    """What one process knows of the active segment of a directory; used by one thread at a time."""

    def __init__(self, directory: str, retention: Retention, mode: int) -> None:
        self.directory = directory
        self.retention = retention
        self._file = self._inode = -1
        self._roller = Roller(directory, retention, mode)
        self._link = self._roller.link
        self._alone = Alone(directory)
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

    def _has_landed(self) -> bool:
        """Whether no other thread is writing; if one does for long, the file stays open: its number must stay its."""
        deadline = time.monotonic() + FLIGHT_SECONDS
        while self._flying and time.monotonic() < deadline:
            time.sleep(0.00005)
        self._alone.forget()  # the last of them may have gone on
        return not self._flying

    def _open(self, segment: Segment, now: float) -> bool:
        """Open that segment; False if it is gone."""
        try:
            self._file = os.open(segment.path, _FLAGS)
        except FileNotFoundError:
            return False
        self._inode = os.fstat(self._file).st_ino
        self._segment, self._name = segment, os.fsencode(os.path.basename(segment.path))
        self._base, self._size, self._is_torn = segment.base, 0, False
        self._alone.enter(self._name, is_possible=is_lockable(self._file))
        self._period_end = self.retention.period_end(min(self.retention.began(segment, now), now))
        self._quiet_to = 0.0
        most = self.retention.entry_bytes
        self._spare = max(len(SEAL), min(ROOM, most // 50))
        self._room = most - self._spare
        return True

    def _put(self, line: bytes, size: int) -> bool:
        """Write under the lock, and let go of it; False if the line fell behind a seal."""
        file = self._file
        if not line:  # what was torn has been ended by another
            unlock(file)
            return True
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
        try:
            written = os.write(self._file, rest)
        except OSError as error:
            if rest == b"\n":
                raise UnendedError(error.errno, os.strerror(error.errno or 0)) from error
            raise
        if written != len(rest):
            kind = UnendedError if written == len(rest) - 1 else OSError
            raise kind(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return written

    def _ends_torn(self, size: int) -> bool:
        """Whether the last line has no end; one that is just being written without a lock is given a moment."""
        if read_at(self._file, 1, max(size - 1, 0)) in (b"\n", b""):
            return False
        time.sleep(GRACE_SECONDS)
        return read_at(self._file, 1, max(os.lseek(self._file, 0, os.SEEK_END) - 1, 0)) not in (b"\n", b"")

    def _is_behind_seal(self, size: int, start: int) -> bool:
        """Whether what others wrote from `size` on, up to our line, ended the segment."""
        if SEAL not in read_at(self._file, max(start - size, 0), size):
            return False
        self._make_segment_at_seal()
        return True

    def _make_segment_at_seal(self) -> None:
        """The next segment begins where the first seal does; all who come here make the same one."""
        end = os.lseek(self._file, 0, os.SEEK_END)
        begin = max(end - TAIL, 0)
        found = read_at(self._file, end - begin, begin).find(SEAL)
        if found < 0:
            raise OSError(errno.EIO, "the segment was changed by somebody else")
        self._roller.make_segment(self._base + max(begin + found, 1))  # two segments have two names
