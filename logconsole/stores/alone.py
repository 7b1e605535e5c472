"""Writing without the lock, for a process that is the only one to write for a while.

Each call of the system costs as much as making the entry, and taking and leaving the lock are two of them. So a
process that has written many lines in a row, and nobody else between them, says so with a link, and all its threads
append without any lock from then on. After each line they look through the link: as long as it is there nobody has
begun to end the segment, so the line counts. After a pause they look before, too: whether anybody else has written.

Another process may write between two of its lines: each is whole, and the size tells it. But who ends the segment
takes the link away first, and waits until a line on its way must have arrived. A line that comes later all the same,
because its process was stopped on the way, is whole too; its writer sees that it was interrupted and looks, under the
lock, whether the line lies before the end; else it writes it again.
"""

from __future__ import annotations

import os
import time

MARK = ".alone."  # and the number of the segment, to which it is a link; no name that a look for segments finds
LOOKS = 16  # one look of so many asks for the size, too
LINES = 64  # in a row, and so many
ALONE_SECONDS = 0.05  # until a process is taken to be alone: a turn on the processor is shorter
BURST_SECONDS = 0.001  # after which somebody else may have written: one looks before the next line
GRACE_SECONDS = 0.003  # what a line that is on its way is given to arrive


class Alone:
    """Whether this process is the only one that writes to a directory."""

    def __init__(self, directory: str) -> None:
        self.until = 0.0
        """Until when the next line may be written without the lock and without a look; 0, if others write, too."""
        self.burst_seconds = BURST_SECONDS
        self.mark = self._name = b""
        """While it is there, nobody has begun to end the segment."""
        self.looks = 0
        """At the mark, by all threads."""
        self._prefix = os.fsencode(os.path.join(directory, MARK))
        self._is_possible = False
        self._lines = 0
        self._since = 0.0
        self._is_ours = False

    def enter(self, name: bytes, *, is_possible: bool) -> None:
        """From now on this is the segment; without a lock that keeps others away nobody can be alone."""
        self.forget()
        self.mark, self._name, self._is_possible = self._prefix + name.partition(b".")[0], name, is_possible

    def count(self, now: float) -> None:
        """One more line under the lock, behind our own last one; after many of them we are alone."""
        self._lines += 1
        if self._lines == 1:
            self._since = now
        elif self._lines > LINES and now - self._since > ALONE_SECONDS:
            self._lines = 0
            self._is_ours = self._is_possible and self._make_mark()
            self.until = now + self.burst_seconds if self._is_ours else 0.0

    def goes_on(self, inode: int, size: int) -> bool:
        """Whether nobody else has written in a pause, since our segment had that size."""
        if self.size(inode) == size:
            return True
        self.forget()
        return False

    def size(self, inode: int) -> int:
        """The size of our segment, where nobody has begun to end it; else -1.

        The mark is a link to the segment, so it is not there for this look either, if the segment was removed.
        """
        try:
            state = os.stat(self.mark)
        except OSError:
            return -1
        return state.st_size if state.st_ino == inode else -1

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
        """Whether there was a mark; without it no line counts that was written without the lock since."""
        try:
            os.unlink(self.mark)
        except FileNotFoundError:
            return False
        return True

    def _make_mark(self) -> bool:
        """Needs the lock. A mark that is there already is an old one: who made it has not written since."""
        try:
            os.symlink(self._name, self.mark)
        except FileExistsError:
            return True
        except (OSError, NotImplementedError):
            return False
        return True
