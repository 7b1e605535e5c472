"""Entries on disk, in rotating JSON Lines, written and read by every process of the host."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
import weakref
from typing import TYPE_CHECKING, ClassVar

from logconsole.entry import Entry, EntryError
from logconsole.query import Query
from logconsole.stores.backlog import Backlog
from logconsole.stores.base import Batch, Budget, CursorError, Scope, Store
from logconsole.stores.end import End
from logconsole.stores.retention import DAY, Retention
from logconsole.stores.segments import Backward, Forward, bounds, segments
from logconsole.stores.trouble import Trouble, summed_up, told
from logconsole.stores.wake import Wake
from logconsole.stores.writer import Place, Writer

if TYPE_CHECKING:
    from django.core.checks import CheckMessage

ENTRY_START = b'{"ts":"'  # in a text of an entry the quotes stand behind backslashes
STARTS = 100  # places in one line where an entry is looked for
TROUBLE_SECONDS = 1.0  # how often a reader looks for what other processes say


class FileStore(Store):
    """Keeps entries in segments of one directory. A cursor is a position, in bytes since the first entry."""

    scope: ClassVar[Scope] = "host"
    is_quick: ClassVar[bool] = True

    def __init__(
        self,
        directory: str | os.PathLike[str],
        segment_bytes: int = 10_000_000,
        segment_seconds: int = DAY,
        retain_segments: int = 30,
        retain_bytes: int = 100_000_000,
        retain_days: float = 30,
        poll_seconds: float = 0.1,
        mode: int = 0o640,
    ) -> None:
        if not str(directory):
            raise ValueError("a file store needs a directory")
        self.directory = os.path.abspath(directory)
        self.retention = Retention(segment_bytes, segment_seconds, retain_segments, retain_bytes, retain_days)
        self.poll_seconds = poll_seconds
        self.mode = mode
        self.unreadable = 0
        """Lines that this process found and could not read as entries."""
        self._others: list[Trouble] = []
        self._look_at = 0.0
        self._writer = Writer(self.directory, self.retention, mode)
        self._backlog = Backlog(self._writer)
        self._end = End(self.directory)
        self._start()
        _stores.add(self)

    def _start(self) -> None:
        """What a forked child must not share with its parent: held locks, open files, lines to write."""
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._wake = Wake()
        self._backlog.restart()

    def append(self, entry: Entry) -> None:
        self.keep(entry.line, entry.pid)

    def keep(self, line: bytes, pid: int | None) -> None:
        if pid != self._pid and os.getpid() != self._pid:  # forked by C code, without Python's hooks
            self._start()
        line += b"\n"
        done = self._backlog.is_ready and self._writer.write_alone(line)
        if done is not True:
            with self._lock:
                self._put(line, done)
        if self._wake.waiting:
            self._wake()

    def _put(self, line: bytes, place: Place | bool) -> None:
        """Write the line, unless it is there already; then perhaps its end is missing."""
        if not isinstance(place, Place) or not self._writer.has_arrived(place):
            self._backlog.put(line)
        elif place.line != line:
            self._backlog.put(b"")

    def __del__(self) -> None:
        """Nothing is lost, and nothing stays open, where a store is thrown away."""
        with contextlib.suppress(Exception):
            self.give_up()

    @property
    def lost(self) -> int:
        return self._backlog.lost

    @property
    def trouble(self) -> str:
        own, now = self._backlog.trouble, time.monotonic()
        if now >= self._look_at:
            self._look_at, self._others = now + TROUBLE_SECONDS, told(self.directory)
        return summed_up([own, *self._others] if own else self._others)

    def close(self) -> None:
        """Write what is still held, and close the files."""
        with self._lock:
            self._backlog.close()

    def give_up(self) -> None:
        """The process ends: what is still held is written now, or counted as lost."""
        with self._lock:
            self._backlog.give_up()

    def newer(self, query: Query, after: str = "", limit: int = 500) -> Batch:
        try:
            return self._newer(query, after, limit)
        except OSError:  # out of descriptors, or not allowed: another time from there
            self.unreadable += 1
            return Batch([], after, after)

    def older(self, query: Query, before: str | None = None, limit: int = 500) -> Batch:
        try:
            return self._older(query, before, limit)
        except OSError:
            self.unreadable += 1
            return Batch([], before or "", before or "")

    def _newer(self, query: Query, after: str, limit: int) -> Batch:
        listed = segments(self.directory)
        first, end = bounds(listed)
        start = _position(after, default=first)
        missed = not first <= start <= end
        reader = Forward(listed, first if missed else start)
        begin, budget, entries = reader.position, Budget(self.scan_seconds), list[Entry]()
        for position, line in reader:
            if entry := self._matching(query, position, line):
                entries.append(entry)
            if len(entries) >= limit or budget.is_spent():
                more = reader.position < end
                break
        else:
            more = False
        self.unreadable += reader.unreadable
        scanned = _share(reader.position - first, end - first) if more else 1.0
        return Batch(entries, str(reader.position), str(begin), more, missed or reader.missed, scanned)

    def _older(self, query: Query, before: str | None, limit: int) -> Batch:
        listed = segments(self.directory)
        first, end = bounds(listed)
        stop = end if before is None else _position(before, default=end)
        reader = Backward(listed, min(stop, end))
        budget, found = Budget(self.scan_seconds), list[Entry]()
        for position, line in reader:
            if entry := self._matching(query, position, line):
                found.append(entry)
            if len(found) >= limit or budget.is_spent():
                break
        self.unreadable += reader.unreadable
        more = reader.position > first
        after = reader.position if reader.end is None else reader.end
        scanned = _share(end - reader.position, end - first) if more else 1.0
        return Batch(found[::-1], str(after), str(reader.position), more, stop < first, scanned)

    async def changed(self, after: str) -> None:
        position = _position(after, default=0)
        event = self._wake.register()
        try:
            seen = position
            while True:
                with contextlib.suppress(OSError):  # out of descriptors: another time
                    end = self._end.position()
                    if end != seen and self._has_line(position):
                        return
                    seen = end
                self._retry()
                if await self._wake.wait(event, self.poll_seconds):
                    return
        finally:
            self._wake.forget(event)

    def reaches(self, cursor: str, end: str) -> bool:
        return _position(cursor, default=0) >= _position(end, default=0)

    def check(self) -> list[CheckMessage]:
        from logconsole.stores.filecheck import check  # the one part that needs Django; reading does without

        return check(self.directory, self.retention, self.poll_seconds, self.mode)

    def _retry(self) -> None:
        """Write what is held although nothing more is logged; somebody waits for it."""
        if self._backlog.is_holding:
            with self._lock:
                self._backlog.retry()

    def _has_line(self, position: int) -> bool:
        """Whether a complete line stands at or behind the position, or the position is no longer one."""
        listed = segments(self.directory)
        first, end = bounds(listed)
        if position == end:
            return False
        return not first <= position <= end or next(iter(Forward(listed, position)), None) is not None

    def _matching(self, query: Query, position: int, line: bytes) -> Entry | None:
        entry = self._decoded(position, line)
        return entry if entry is not None and query.matches(entry) else None

    def _decoded(self, position: int, line: bytes) -> Entry | None:
        """The entry in the line; where a killed writer left a torn head, that of who wrote behind it."""
        with contextlib.suppress(EntryError):
            return Entry.decode(line, str(position))
        self.unreadable += 1
        start = 0
        for _ in range(STARTS):
            start = line.find(ENTRY_START, start + 1)
            if start < 0:
                break
            with contextlib.suppress(EntryError):
                entry = Entry.decode(line[start:], str(position + start))
                if entry.host and entry.pid:  # what a writer of ours always has; a value in the torn one may not
                    return entry
        return None


def _position(cursor: str, default: int) -> int:
    if not cursor:
        return default
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 20):
        raise CursorError(f"{cursor!r} is no cursor of this store")
    return int(cursor)


def _share(part: int, whole: int) -> float:
    return min(max(part / whole, 0.0), 1.0) if whole > 0 else 1.0


_stores: weakref.WeakSet[FileStore] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for store in list(_stores):
        store.give_up()


def _restart_in_child() -> None:
    for store in list(_stores):
        store._start()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_restart_in_child)
