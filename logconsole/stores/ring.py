"""The most recent entries of this process, in memory."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from logconsole.entry import Entry
from logconsole.query import Query
from logconsole.stores.base import Batch, Budget, CursorError, Scope, Store
from logconsole.stores.wake import Wake

if TYPE_CHECKING:
    from django.core.checks import CheckMessage


LATER = 32  # lines that may be too many for a moment
LONG = 4_096  # bytes of a line that is looked at at once


class RingStore(Store):
    """Keeps the lines of the newest entries, bounded by number and by bytes.

    Optimization: appending takes no lock. Every few lines, and before each reading, what is too much is dropped.

    A cursor is `life-number`: entries are counted in one life of the store, a restart begins another.
    """

    scope: ClassVar[Scope] = "process"
    is_quick: ClassVar[bool] = True

    def __init__(self, capacity: int = 10_000, max_bytes: int = 32_000_000) -> None:
        self.capacity = capacity
        self.max_bytes = max_bytes
        self._lines: deque[bytes] = deque()
        self._begin()

    def _start(self) -> None:
        """New locks, and a life of its own."""
        self._life = secrets.token_hex(4)
        self._wake = Wake()
        self.forget_counts()
        self._lock = threading.RLock()
        self._first = self._counted = self._bytes = self._drop_at = 0
        self._is_dropping = False
        if self._lines:
            self._drop()

    def append(self, entry: Entry) -> None:
        self.keep(entry.line, entry.pid)

    def keep(self, line: bytes, pid: int | None) -> None:
        self._lines.append(line)
        if len(self._lines) > self._drop_at or len(line) > LONG:
            self._drop()
        if self._wake.waiting:
            self._wake()

    def _drop(self) -> None:
        """Drop the oldest lines, so that all bounds hold; what others append meanwhile is looked at next time."""
        lines = self._lines
        with self._lock:
            if self._is_dropping:  # a signal handler logs
                return
            self._is_dropping = True
            try:
                count, drop = len(lines), lines.popleft
                self._bytes += sum(map(len, map(lines.__getitem__, range(self._counted, count))))
                while count > self.capacity or (self._bytes > self.max_bytes and count > 1):
                    count -= 1
                    self._first += 1
                    self._bytes -= len(drop())
                self._counted, self._drop_at = count, count + LATER
            finally:
                self._is_dropping = False

    def newer(self, query: Query, after: str = "", limit: int = 500) -> Batch:
        start, missed = self._position(after)
        first, lines = self._snapshot(start, None)
        begin = number = max(start, first)
        budget, entries = Budget(self.scan_seconds), list[Entry]()
        for line in lines:
            entry = Entry.decode(line, self._cursor(number))
            number += 1
            if query.matches(entry):
                entries.append(entry)
            if len(entries) >= limit or budget.is_spent():
                break
        more = number < begin + len(lines)
        share = self._share(number, first) if more else 1.0
        return Batch(entries, self._cursor(number), self._cursor(begin), more, missed or start < first, share)

    def older(self, query: Query, before: str | None = None, limit: int = 500) -> Batch:
        stop, missed = (None, False) if not before else self._position(before)
        first, lines = self._snapshot(0, stop)
        number = end = first + len(lines)
        budget, found = Budget(self.scan_seconds), list[Entry]()
        for line in reversed(lines):
            number -= 1
            entry = Entry.decode(line, self._cursor(number))
            if query.matches(entry):
                found.append(entry)
            if len(found) >= limit or budget.is_spent():
                break
        more = number > first
        share = 1.0 - self._share(number, first) if more else 1.0
        missed = missed or (stop is not None and stop < first)
        return Batch(found[::-1], self._cursor(end), self._cursor(number), more, missed, share)

    async def changed(self, after: str) -> None:
        event = self._wake.register()
        try:
            number, missed = self._position(after)
            if not missed and number >= self._end:
                await event.wait()
        finally:
            self._wake.forget(event)

    def reaches(self, cursor: str, end: str) -> bool:
        return self._position(cursor)[0] >= self._position(end)[0]

    def check(self) -> list[CheckMessage]:
        from logconsole.stores.optioncheck import is_count, wrong  # the one part that needs Django

        options = {"capacity": self.capacity, "max_bytes": self.max_bytes}
        return wrong((name, value, is_count(value), "a whole number above 0") for name, value in options.items())

    @property
    def _end(self) -> int:
        """The number of the next entry."""
        with self._lock:
            return self._first + len(self._lines)

    def _cursor(self, number: int) -> str:
        return f"{self._life}-{number}"

    def _position(self, cursor: str) -> tuple[int, bool]:
        """The number in the cursor, and whether what it pointed to is gone with an earlier life."""
        if not cursor:
            return self._first, False
        life, dash, number = cursor.partition("-")
        if not (life and dash) or not number.isascii() or not number.isdigit() or len(number) > 18:
            raise CursorError(f"{cursor!r} is no cursor of this store")
        if life != self._life or int(number) > self._end:
            return 0, True
        return int(number), False

    def _snapshot(self, start: int, stop: int | None) -> tuple[int, list[bytes]]:
        """The number of the oldest entry kept, and the lines from `start` to `stop`."""
        self._drop()
        with self._lock:
            first = self._first
            if stop is None:  # from behind: who follows asks for the last few of many
                newest = list(islice(reversed(self._lines), min(self._end - start, len(self._lines))))
                return first, newest[::-1]
            return first, list(islice(self._lines, max(start - first, 0), max(stop - first, 0)))

    def _share(self, number: int, first: int) -> float:
        kept = self._end - first
        return min((number - first) / kept, 1.0) if kept > 0 else 1.0
