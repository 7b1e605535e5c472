"""What every store offers: entries are kept, then pulled by cursor."""

from __future__ import annotations

import atexit
import os
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import ExitStack
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, TypeVar
from weakref import WeakSet

import msgspec

from logconsole.entry import Entry
from logconsole.query import Query
from logconsole.stores.board import Board, MemoryBoard
from logconsole.stores.counting import Countings
from logconsole.stores.facets import Facets
from logconsole.stores.timeline import Timeline

if TYPE_CHECKING:
    from django.core.checks import CheckMessage

ENVELOPE = 1_024
"""Bytes that a frame may have around its entries."""
Scope = Literal["process", "host", "cluster"]
T = TypeVar("T")
_given_up: ContextVar[threading.Event | None] = ContextVar("given_up", default=None)


class CursorError(ValueError):
    """A cursor that none of this kind of store has handed out."""


class Unreachable(OSError):
    """The store's server does not answer, or not with what was asked; its text is for people."""


@dataclass(frozen=True)
class Batch:
    """Entries in arrival order, and where to go on."""

    entries: list[Entry]
    after: str
    """Where to go on forward: the end of what was read."""
    before: str
    """Where to go on backward: the beginning of what was read."""
    more: bool = False
    """Whether further matches may exist in the direction read."""
    missed: bool = False
    """Whether entries between the cursor given and the first one returned are gone."""
    scanned: float = 1.0
    """The share of the store read so far, 0 to 1."""

    def encode(self) -> bytes:
        """The JSON object of socket and HTTP; stored lines go out as they are, with their cursor."""
        lines = map(wire, self.entries)
        return encoded(lines, self.after, self.before, more=self.more, missed=self.missed, scanned=self.scanned)

    def split(self, limit: int, size: int) -> Iterator[Batch]:
        """The same entries, at most `limit` to a batch, which has at most `size` bytes on the wire or one entry."""
        part: list[Entry] = []
        held, before = 0, self.before
        for entry in self.entries:
            most = len(entry.line) + len(entry.cursor) + len(',"cursor":"",')
            if part and (len(part) == limit or held + most > size - ENVELOPE):
                yield Batch(part, entry.cursor, before, True, self.missed and before == self.before, self.scanned)
                part, held, before = [], 0, entry.cursor
            part.append(entry)
            held += most
        yield Batch(part, self.after, before, self.more, self.missed and before == self.before, self.scanned)


class Lines(NamedTuple):
    """Stored lines as they are, each with its newline."""

    text: bytes
    entries: int
    """How many there are."""
    missed: bool
    """Whether entries before them are gone."""
    scanned: float
    """The share of the store read so far, 0 to 1."""


class Store(ABC):
    """Keeps entries; appended to by handlers, read by page, socket and commands."""

    scope: ClassVar[Scope]
    """How far this store sees: this process, this host, or all hosts."""
    scan_seconds: float = 0.5
    """How long one call may search before it answers with what it has."""
    is_quick: ClassVar[bool] = False
    """Whether reading what has just come takes no network and no waiting, so that an event loop may do it."""

    @abstractmethod
    def append(self, entry: Entry) -> None:
        """Keep the entry; never raises: what cannot be kept is counted in `lost`."""

    def keep(self, line: bytes, pid: int | None) -> None:
        """The same for an entry in its stored form, and the process that made it: what handlers have."""
        self.append(Entry.decode(line))

    @abstractmethod
    def newer(self, query: Query, after: str = "", limit: int = 500) -> Batch:
        """The oldest matches at or after the cursor; `""` is the beginning. Raises `CursorError`."""

    @abstractmethod
    def older(self, query: Query, before: str | None = None, limit: int = 500) -> Batch:
        """The newest matches before the cursor; None is the end. Raises `CursorError`."""

    @abstractmethod
    async def changed(self, after: str) -> None:
        """Returns when there may be something to read at or after the cursor."""

    @abstractmethod
    def check(self) -> list[CheckMessage]:
        """What is wrong with this store's configuration."""

    @property
    def lost(self) -> int:
        """How many entries this process could not keep here."""
        return 0

    @property
    def trouble(self) -> str:
        """What keeps this process from keeping entries here, for people; nothing when all is well."""
        return ""

    def close(self) -> None:  # noqa: B027  # a store with nothing open has nothing to do
        """Let go of what is open; the store opens it again when it is used."""

    def give_up(self) -> None:  # noqa: B027
        """The process ends: what is still held is kept now, or counted as lost."""

    def _begin(self) -> None:
        """Start in this process, and anew in each that is forked from it; when it ends, give up what is held."""
        self._start()
        _stores.add(self)

    def _start(self) -> None:  # noqa: B027
        """Make what a forked child must not share with its parent: held locks, open files, what is to be kept."""

    def scan(self, query: Query, after: str | None = None) -> Iterator[Entry]:
        """Every match from the cursor (default: the beginning) to the end as it is at this call."""
        return chain.from_iterable(batch.entries for batch in self.batches(query, after))

    def batches(self, query: Query, after: str | None = None) -> Iterator[Batch]:
        """The same as batches, for who wants to know how far it got and what was missed."""
        return self._batches(query, after or "", self.older(Query(), limit=1).after)

    def lines(self, query: Query, after: str | None = None) -> Iterator[Lines]:
        """The stored lines of what `scan` finds, many at a time."""
        return map(_lines_of, self.batches(query, after))

    def _batches(self, query: Query, after: str, end: str) -> Iterator[Batch]:
        more = True
        while more and not self.reaches(after, end):
            batch = self.newer(query, after)
            after, more = batch.after, batch.more
            if self.reaches(after, end):
                batch = replace(batch, entries=[made for made in batch.entries if not self.reaches(made.cursor, end)])
            yield batch

    @abstractmethod
    def reaches(self, cursor: str, end: str) -> bool:
        """Whether the cursor is at or behind the other one."""

    async def follow(self, query: Query, after: str | None = None, limit: int = 500) -> AsyncIterator[Batch]:
        """Read, wait, read: batches that have something to tell, for ever. None: from the end on."""
        if after is None:
            after = (await off_loop(self.older, Query(), None, 1)).after
        while True:
            try:
                batch = await off_loop(self.newer, query, after, limit)
            except Unreachable:  # it is asked again from there
                batch = Batch([], after, after)
            after = batch.after
            if batch.entries or batch.missed:
                yield batch
            if not batch.more:
                await self.changed(after)

    def timeline(self, query: Query, buckets: int = 60) -> Timeline:
        """How many matches each level has in equal spans of time; newest first within the time budget.

        Asked again, it goes on where it was left.
        """
        counting = self._countings.of(query, buckets)
        counting.go_on(self, Budget(2 * self.scan_seconds))
        return counting.timeline(buckets)

    def facets(self, query: Query) -> Facets:
        """The most frequent levels, loggers, services and request paths of the matches; in the same manner."""
        counting = self._countings.of(query, 0)
        counting.go_on(self, Budget(self.scan_seconds / 2))
        return counting.facets()

    def forget_counts(self) -> None:
        """What was counted is counted anew: a forked child must not share it."""
        self.__dict__.pop("_countings", None)

    @cached_property
    def board(self) -> Board:
        """Where processes that share this store find what was changed for a while."""
        return MemoryBoard()

    @cached_property
    def _countings(self) -> Countings:
        return Countings()


class Budget:
    """The time one call may take.

    A search is pure Python and would keep the other threads of a server waiting for 5 ms each time that they
    want to go on, so it steps aside for a moment every 256 entries.
    """

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds
        self.asked = 0
        self._given_up = _given_up.get()

    def is_spent(self) -> bool:
        """Whether it is time to answer, or nobody waits for the answer any more."""
        self.asked += 1
        if self.asked % 256 == 0:
            time.sleep(0.00005)
        return time.monotonic() > self.ends or (self._given_up is not None and self._given_up.is_set())


async def off_loop(read: Callable[..., T], *args: Any) -> T:
    """What `read` returns, called in a thread; if the caller is cancelled, the search in there ends soon."""
    import asyncio  # Optimization: a command that does not follow starts sooner

    given_up = threading.Event()
    token = _given_up.set(given_up)
    try:
        return await asyncio.to_thread(read, *args)
    finally:
        given_up.set()
        _given_up.reset(token)


def _lines_of(batch: Batch) -> Lines:
    text = b"".join([entry.line.rstrip() + b"\n" for entry in batch.entries])
    return Lines(text, len(batch.entries), batch.missed, batch.scanned)


def wire(entry: Entry) -> bytes:
    """The stored line as it is, with its cursor: what socket and HTTP carry."""
    return entry.shown.rstrip()[:-1] + b',"cursor":' + msgspec.json.encode(entry.cursor) + b"}"


def encoded(
    lines: Iterable[bytes], after: str, before: str, *, more: bool, missed: bool = False, scanned: float = 1.0
) -> bytes:
    """The JSON object of a batch with these lines."""
    rest = {"after": after, "before": before, "more": more, "missed": missed, "scanned": round(scanned, 4)}
    return b'{"entries":[' + b",".join(lines) + b"]," + msgspec.json.encode(rest)[1:]


_stores: WeakSet[Store] = WeakSet()
"""Those of this process that have begun."""


def _each(call: Callable[[Store], None]) -> None:
    """For all of them, although one raises."""
    with ExitStack() as stack:
        for store in list(_stores):
            stack.callback(call, store)


atexit.register(_each, lambda store: store.give_up())
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=lambda: _each(lambda store: store._start()))
