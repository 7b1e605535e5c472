"""Entries of all hosts, in Redis Streams: one stream for each service."""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from redis import RedisError

from logconsole.entry import Entry, EntryError
from logconsole.query import Query
from logconsole.record import HOST, timestamp
from logconsole.stores.base import Batch, Budget, Scope, Store, Unreachable
from logconsole.stores.board import Board
from logconsole.stores.flusher import Flusher
from logconsole.stores.outbox import Outbox
from logconsole.stores.redisboard import RedisBoard
from logconsole.stores.redislink import Limit, Link
from logconsole.stores.sifting import Sifting
from logconsole.stores.streamid import START, Position, parsed
from logconsole.stores.streams import Backward, Forward, Reading

if TYPE_CHECKING:
    from django.core.checks import CheckMessage

MAXLEN = 1_000_000
BLOCK_MS = 1_000  # one wait for more; then the services are looked at again
POLL_SECONDS = 0.1  # where Redis cannot be asked to wait: the streams of a cluster lie on several nodes
RETRY_SECONDS = 1.0


class RedisStore(Store):
    """Keeps entries in Redis. A cursor is the id of an entry in its stream, and how many had been dropped by then.

    `maxlen` bounds the entries of each service, `retain_seconds` their age.
    """

    scope: ClassVar[Scope] = "cluster"

    def __init__(
        self, url: str, key: str = "logconsole", maxlen: int | None = None, retain_seconds: float | None = None
    ) -> None:
        self.url, self.key, self.maxlen, self.retain_seconds = url, key, maxlen, retain_seconds
        self.unreadable = 0
        """Entries that this process found in the streams and could not read."""
        self._board = RedisBoard(lambda: self._link, lambda: self._flusher.begin())
        self._flusher = Flusher(self._send, self._told, "Redis", self._board.look)
        self._begin()

    def _start(self) -> None:
        """Connections, lines to send, and a writer's name are not shared."""
        self._pid = os.getpid()
        self._lock = threading.RLock()
        self._link_: Link | None = None
        self._outbox = Outbox(secrets.token_hex(6))
        self._services: frozenset[str] = frozenset()
        self._unread_since = 0.0
        self._unread_why = ""
        self._flusher.restart()

    def append(self, entry: Entry) -> None:
        self.keep(entry.line, entry.pid)

    def keep(self, line: bytes, pid: int | None) -> None:
        """The same for an entry in its stored form."""
        if pid != self._pid and os.getpid() != self._pid:  # forked by C code, without Python's hooks
            self._start()
        self._flusher.put(line)

    def flush(self, seconds: float = 2.0) -> bool:
        """Whether everything that this process has logged is in Redis, within that time."""
        return self._flusher.flush(seconds)

    @property
    def lost(self) -> int:
        return self._flusher.lost

    @property
    def trouble(self) -> str:
        if not self._unread_since:
            return self._flusher.trouble
        since = time.strftime("%H:%M", time.localtime(self._unread_since))
        return f"Redis cannot be read since {since}: {self._unread_why}"

    def close(self) -> None:
        """Send what is still held, and let go of the connections."""
        self._flusher.close()
        with self._lock:
            link, self._link_ = self._link_, None
        if link is not None:
            link.close()

    def give_up(self) -> None:
        self._flusher.give_up()

    def newer(self, query: Query, after: str = "", limit: int = 500) -> Batch:
        start, dropped = parsed(after)
        with self._asking() as link:
            reading = Forward(link, self._services, start, _first_page(limit), Sifting(query))
            entries, is_cut = self._matches(reading, query, limit)
        at = reading.after
        missed = reading.misses(start, dropped)
        more = is_cut and reading.has_more
        scanned = _share(reading.first, at, reading) if more else 1.0
        return Batch(entries, at.cursor(reading.dropped), start.cursor(reading.dropped), more, missed, scanned)

    def older(self, query: Query, before: str | None = None, limit: int = 500) -> Batch:
        stop, dropped = parsed(before) if before else (None, 0)
        with self._asking() as link:
            reading = Backward(link, self._services, stop, _first_page(limit), Sifting(query))
            found, is_cut = self._matches(reading, query, limit)
        at = reading.last or stop or START
        more = is_cut and reading.has_more
        scanned = 1.0 - _share(reading.first, at, reading) if more else 1.0
        after = reading.after.cursor(reading.dropped)
        missed = reading.misses(stop, dropped)
        return Batch(found[::-1], after, at.cursor(reading.dropped), more, missed, scanned)

    async def changed(self, after: str) -> None:
        start, _ = parsed(after)
        services = self._services
        if not services or self._link.is_cluster:
            await asyncio.sleep(POLL_SECONDS)
        elif not await asyncio.to_thread(self._waited, services, start):
            await asyncio.sleep(RETRY_SECONDS)

    def reaches(self, cursor: str, end: str) -> bool:
        return parsed(cursor)[0] >= parsed(end)[0]

    def check(self) -> list[CheckMessage]:
        from logconsole.stores.redischeck import check  # the one part that needs Django

        return check(self.url, self.key, self.maxlen, self.retain_seconds)

    @cached_property
    def board(self) -> Board:
        return self._board

    @property
    def _link(self) -> Link:
        with self._lock:
            if self._link_ is None:
                self._link_ = Link(self.url, self.key)
            return self._link_

    @property
    def _limit(self) -> Limit:
        if self.retain_seconds is not None:
            return Limit("MINID", int(self.retain_seconds * 1000))
        return Limit("MAXLEN", self.maxlen or MAXLEN)

    def _send(self, lines: Sequence[bytes]) -> int:
        return self._outbox.send(self._link, lines, self._limit)

    def _told(self, count: int, since: float, failure: str) -> bytes:
        """The entry that says how much is missing, where it is missing."""
        message = f"{count:,} entries are lost: from {timestamp(since)} on they could not be kept in Redis: {failure}"
        ts, pid, service = timestamp(time.time()), os.getpid(), self._outbox.service
        return Entry(ts=ts, level="ERROR", msg=message, logger="logconsole", service=service, host=HOST, pid=pid).line

    @contextmanager
    def _asking(self) -> Iterator[Link]:
        """Raises `Unreachable` for whatever goes wrong with Redis; the reason stands in `trouble` meanwhile."""
        try:
            yield self._link
        except (RedisError, OSError) as error:
            self._unread_since = self._unread_since or time.time()
            self._unread_why = str(error) or type(error).__name__
            raise Unreachable(f"Redis cannot be read: {self._unread_why}") from error
        self._unread_since = 0.0

    def _matches(self, reading: Reading, query: Query, limit: int) -> tuple[list[Entry], bool]:
        """The entries wanted, and whether there may be more because the limit or the time ended it."""
        self._services = reading.services
        budget, entries, dropped = Budget(self.scan_seconds), list[Entry](), reading.dropped
        for at, line in reading:
            if line is not None:
                try:
                    entry = Entry.decode(line, at.cursor(dropped))
                    if query.matches(entry):
                        entries.append(entry)
                except EntryError:
                    self.unreadable += 1
            if len(entries) >= limit or budget.is_spent():
                return entries, True
        return entries, False

    def _waited(self, services: frozenset[str], start: Position) -> bool:
        """Wait for something at or behind the position in one of the streams; False: Redis does not answer."""
        keys = [self._link.stream(service) for service in services]
        ids = [start.first_in(service).previous.id for service in services]
        try:
            self._link.client.execute_command("XREAD", "COUNT", 1, "BLOCK", BLOCK_MS, "STREAMS", *keys, *ids)
        except (RedisError, OSError):
            return False
        return True


def _first_page(limit: int) -> int:
    """Entries to ask for at first: one more than wanted, so that the end is known."""
    return min(limit, 500) + 1


def _share(first: Position | None, at: Position, reading: Reading) -> float:
    begin = (first or START).value
    end = max(Position(reading.ms, 0).value, at.value) + 1
    return min(max((at.value - begin) / max(end - begin, 1), 0.0), 1.0)
