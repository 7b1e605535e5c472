"""Entries on disk, in rotating JSON Lines, written and read by every process of the host."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from logconsole.bounds import Bounds, bounds_of
from logconsole.entry import Entry
from logconsole.query import Query
from logconsole.stores.backlog import Backlog
from logconsole.stores.base import Batch, Budget, CursorError, Lines, Scope, Store
from logconsole.stores.board import Board, FileBoard
from logconsole.stores.copying import Copy
from logconsole.stores.end import End
from logconsole.stores.facets import Facets
from logconsole.stores.indexed import Indexed
from logconsole.stores.indexes import Indexes
from logconsole.stores.retention import DAY, Retention
from logconsole.stores.search import Search
from logconsole.stores.segments import Segment, bounds, segments
from logconsole.stores.timeline import Timeline
from logconsole.stores.trouble import Trouble, summed_up, told
from logconsole.stores.wake import Wake
from logconsole.stores.writer import Place, Writer

if TYPE_CHECKING:
    from django.core.checks import CheckMessage

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
        self.indexes = Indexes(mode)
        self._others: list[Trouble] = []
        self._look_at = 0.0
        self._writer = Writer(self.directory, self.retention, mode)
        self._backlog = Backlog(self._writer)
        self._end = End(self.directory)
        self._begin()

    def _start(self) -> None:
        """Held locks, open files, and lines to write are not shared."""
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._wake = Wake()
        self._backlog.restart()
        self.indexes.restart()
        self.forget_counts()

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
        try:
            self.give_up()
        except Exception:  # of any kind: the interpreter may be half gone
            return

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
        begin = first if missed else start
        search = self._search(listed, query)
        entries = list(islice(search.newer(begin), limit))
        self.unreadable += search.unreadable
        more = (search.is_over or len(entries) >= limit) and search.position < end
        scanned = _share(search.position - first, end - first) if more else 1.0
        return Batch(entries, str(search.position), str(begin), more, missed or search.missed, scanned)

    def _older(self, query: Query, before: str | None, limit: int) -> Batch:
        listed = segments(self.directory)
        first, end = bounds(listed)
        stop = end if before is None else _position(before, default=end)
        search = self._search(listed, query)
        found = list(islice(search.older(min(stop, end)), limit))
        self.unreadable += search.unreadable
        more = (search.is_over or len(found) >= limit) and search.position > first
        after = search.position if search.end is None else search.end
        scanned = _share(end - search.position, end - first) if more else 1.0
        return Batch(found[::-1], str(after), str(search.position), more, stop < first, scanned)

    def _search(self, listed: list[Segment], query: Query) -> Search:
        return Search(listed, query, Budget(self.scan_seconds), self.indexes)

    def lines(self, query: Query, after: str | None = None) -> Iterator[Lines]:
        bounds = bounds_of(query)
        if not bounds.is_all:
            return super().lines(query, after)
        return self._copied(bounds, after, self.older(Query(), limit=1).after)

    def _copied(self, bounds: Bounds, after: str | None, stop: str) -> Iterator[Lines]:
        listed = segments(self.directory)
        first = listed[0].base if listed else 0
        start, end = _position(after or "", default=first), _position(stop, default=first)
        copy = Copy(listed, bounds, self.indexes)
        if start < first:
            yield Lines(b"", 0, missed=True, scanned=0.0)
        yield from copy.between(start, end)
        if copy.missed:
            yield Lines(b"", 0, missed=True, scanned=1.0)
        self.unreadable += copy.unreadable

    def timeline(self, query: Query, buckets: int = 60) -> Timeline:
        bounds = bounds_of(query)
        if not bounds.is_all:
            return super().timeline(query, buckets)
        return self._indexed().timeline(query, bounds, buckets)

    def facets(self, query: Query) -> Facets:
        found = super().facets(query)
        if bounds_of(query).is_everything:
            indexed = self._indexed().facets()
            found = replace(indexed, path=found.path, scanned=min(indexed.scanned, found.scanned))
        return found

    def _indexed(self) -> Indexed:
        listed = segments(self.directory)
        indexed = Indexed(listed, self.indexes, Budget(2 * self.scan_seconds))
        self.indexes.write(listed)
        return indexed

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

    @cached_property
    def board(self) -> Board:
        return FileBoard(self.directory, self.mode)

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
        return not first <= position <= end or self._search(listed, Query()).has_line(position)


def _position(cursor: str, default: int) -> int:
    if not cursor:
        return default
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 20):
        raise CursorError(f"{cursor!r} is no cursor of this store")
    return int(cursor)


def _share(part: int, whole: int) -> float:
    return min(max(part / whole, 0.0), 1.0) if whole > 0 else 1.0
