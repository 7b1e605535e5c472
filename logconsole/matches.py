"""The newest matches of one query, as they go over the wire, shared by all sockets that ask for it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from logconsole.bell import Bell
from logconsole.entry import Entry
from logconsole.query import Query
from logconsole.stores.base import ENVELOPE, Store, encoded

FRAME_ENTRIES = 500
FRAME_BYTES = 256 * 1024
KEPT_BYTES = 4_194_304  # for those who are a little behind; who is further behind reads the store


class Matches:
    """Lines with their cursors, numbered in the order of their arrival; the oldest are let go of."""

    def __init__(self, store: Store, query: Query, cursor: str) -> None:
        self.query = query
        self.bells: set[Bell] = set()
        """Of those who want to know when there is more."""
        self.life = 0
        """Another one begins when the follower missed something: whoever joined in an earlier one has to read."""
        self.first = 0
        """The number of the oldest line kept."""
        self._reaches = store.reaches
        self._start = self.cursor = cursor
        self._lines: list[bytes] = []
        self._cursors: list[str] = []
        self._bytes = 0
        self._frames: dict[int, tuple[str, str, int]] = {}

    @property
    def end(self) -> int:
        """The number of the next line to come."""
        return self.first + len(self._lines)

    def take(self, entries: Sequence[Entry], lines: Sequence[bytes], cursor: str, most: int) -> bool:
        """What the follower read up to the cursor; of all that is kept, at most so many bytes. Whether any matched."""
        self.cursor = cursor
        matches = self.query.matches
        found = [number for number, entry in enumerate(entries) if matches(entry)]
        if found:
            self._lines += [lines[number] for number in found]
            self._cursors += [entries[number].cursor for number in found]
            self._bytes += sum(len(lines[number]) for number in found)
            self._frames.clear()
            if self._bytes > most:
                self._let_go(self._bytes - most // 2)
        return bool(found)

    def restart(self, cursor: str) -> None:
        """The store dropped something before it was read: begin anew behind it."""
        self.life += 1
        self.first = self.end
        self._start = self.cursor = cursor
        self._lines, self._cursors, self._bytes = [], [], 0
        self._frames.clear()
        self.ring()

    def ring(self) -> None:
        """Wake all who wait."""
        for bell in self.bells:
            bell.ring()

    def has_all_from(self, cursor: str) -> bool:
        """Whether no match behind the cursor has been let go of."""
        return self._reaches(cursor, self._start)

    def has_come_to(self, cursor: str) -> bool:
        """Whether the follower has read up to the cursor."""
        return self._reaches(self.cursor, cursor)

    def place(self, cursor: str) -> int:
        """The number of the first line at or behind the cursor."""
        cursors, reaches = self._cursors, self._reaches
        return self.first + bisect_left(range(len(cursors)), True, key=lambda at: reaches(cursors[at], cursor))

    def cursor_at(self, number: int) -> str:
        """Where the line of that number begins; the end of what was read, if it is still to come."""
        return self._cursors[number - self.first] if number < self.end else self.cursor

    def frame(self, number: int) -> tuple[str, str, int]:
        """As many lines from that number on as a frame takes: in JSON, the cursor behind them, the next number."""
        made = self._frames.get(number)
        if made is None:
            made = self._frames[number] = self._made(number)
        return made

    def _made(self, number: int) -> tuple[str, str, int]:
        begin = number - self.first
        end, size = begin, 0
        for line in self._lines[begin : begin + FRAME_ENTRIES]:
            size += len(line) + 1
            if size > FRAME_BYTES - ENVELOPE and end > begin:
                break
            end += 1
        after, more = self.cursor_at(self.first + end), end < len(self._lines)
        body = encoded(self._lines[begin:end], after, self._cursors[begin], more=more)
        return body.decode("utf-8", "replace"), after, self.first + end

    def _let_go(self, size: int) -> None:
        """Of the oldest lines, that many bytes."""
        count = 0
        while size > 0 and count < len(self._lines):
            size -= len(self._lines[count])
            self._bytes -= len(self._lines[count])
            count += 1
        del self._lines[:count], self._cursors[:count]
        self.first += count
        self._start = self._cursors[0] if self._cursors else self.cursor
