"""Writing without the lock, for a process that is the only one to write for a while.

Each call of the system costs as much as making the entry, and taking and leaving the lock are two of them. So a
process that has written many lines in a row, and nobody else between them, says so with a link, and all its threads
append without any lock for as long as one line follows the other. After each line they look through the link: as long
as it is there nobody has begun to end the segment, so the line counts.

Another process may write between two of its lines: each is whole, and the size tells it. But who ends the segment
takes the link away first, and waits until a line on its way must have arrived. A line that comes later all the same,
because its process was stopped on the way, is whole too; its writer sees that it was interrupted and looks, under the
lock, whether the line lies before the end; else it writes it again.
"""

from __future__ import annotations

import os
import time

MARK = ".alone"
LINES = 64  # in a row, and so many
ALONE_SECONDS = 0.05  # until a process is taken to be alone: a turn on the processor is shorter
BURST_SECONDS = 0.001  # after which the next line is written under the lock again
GRACE_SECONDS = 0.003  # what a line that is on its way is given to arrive


class Alone:
    """Whether this process is the only one that writes to a directory."""

    def __init__(self, directory: str) -> None:
        self.until = 0.0
        """Until when the next line may be written without the lock."""
        self._mark = os.fsencode(os.path.join(directory, MARK))
        self._lines = 0
        self._since = 0.0
        self._is_ours = False

    def count(self, name: bytes, now: float) -> None:
        """One more line under the lock, behind our own last one; after many of them we are alone."""
        self._lines += 1
        if self._lines == 1:
            self._since = now
        elif self._lines > LINES and now - self._since > ALONE_SECONDS:
            self._lines = 0
            self._is_ours = self._make_mark(name)
            self.until = now + BURST_SECONDS if self._is_ours else 0.0

    def size(self, inode: int, now: float) -> int:
        """The size of our segment, where nobody has ended it since, and we go on alone; else -1."""
        try:
            state = os.stat(self._mark)
        except OSError:
            state = None
        if state is None or state.st_ino != inode:
            self.forget()
            return -1
        self.until = now + BURST_SECONDS
        return state.st_size

    def forget(self) -> None:
        """Others write, too."""
        self.until, self._lines, self._is_ours = 0.0, 0, False

    def interrupt(self) -> None:
        """Whoever is alone is so no more; returns when what it was writing has arrived. Needs the lock."""
        was_ours = self._is_ours
        self.forget()
        if self._take_away() and not was_ours:
            time.sleep(GRACE_SECONDS)

    def _take_away(self) -> bool:
        try:
            os.unlink(self._mark)
        except OSError:
            return False
        return True

    def _make_mark(self, name: bytes) -> bool:
        """Needs the lock. A mark that is there already is an old one: who made it has not written since."""
        try:
            os.symlink(name, self._mark)
        except (OSError, NotImplementedError):
            try:
                return os.readlink(self._mark) == name
            except OSError:
                return False
        return True
