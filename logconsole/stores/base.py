"""What every store offers: entries are kept, then pulled by cursor."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, ClassVar, Literal

import msgspec

from logconsole.entry import Entry
from logconsole.query import Query
from logconsole.stores.timeline import Timeline, counted

if TYPE_CHECKING:
    from django.core.checks import CheckMessage

Scope = Literal["process", "host", "cluster"]


class CursorError(ValueError):
    """A cursor that none of this kind of store has handed out."""


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
        """The same entries in batches of at most `limit` entries and about `size` bytes each."""
        part: list[Entry] = []
        held, before = 0, self.before
        for entry in self.entries:
            if part and (len(part) == limit or held + len(entry.line) > size):
                yield Batch(part, entry.cursor, before, True, self.missed and before == self.before, self.scanned)
                part, held, before = [], 0, entry.cursor
            part.append(entry)
            held += len(entry.line)
        yield Batch(part, self.after, before, self.more, self.missed and before == self.before, self.scanned)


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

    def scan(self, query: Query, after: str | None = None) -> Iterator[Entry]:
        """Every match from the cursor (default: the beginning) to the end as it is at this call."""
        return chain.from_iterable(batch.entries for batch in self.batches(query, after))

    def batches(self, query: Query, after: str | None = None) -> Iterator[Batch]:
        """The same as batches, for who wants to know how far it got and what was missed."""
        return self._batches(query, after or "", self.older(Query(), limit=1).after)

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
            after = (await asyncio.to_thread(self.older, Query(), None, 1)).after
        while True:
            batch = await asyncio.to_thread(self.newer, query, after, limit)
            after = batch.after
            if batch.entries or batch.missed:
                yield batch
            if not batch.more:
                await self.changed(after)

    def timeline(self, query: Query, buckets: int = 60) -> Timeline:
        """How many matches each level has in equal spans of time; newest first within the time budget."""
        budget = Budget(2 * self.scan_seconds)
        batch = self.older(query)
        made = [(entry.ts, entry.level) for entry in batch.entries]
        while batch.more and not budget.is_spent():
            batch = self.older(query, batch.before)
            made += [(entry.ts, entry.level) for entry in batch.entries]
        return counted(made, query, buckets, batch.scanned if batch.more else 1.0)


class Budget:
    """The time one call may take.

    A search is pure Python and would keep the other threads of a server waiting for 5 ms each time that they
    want to go on, so it steps aside for a moment every 256 entries.
    """

    def __init__(self, seconds: float) -> None:
        self.ends = time.monotonic() + seconds
        self.asked = 0

    def is_spent(self) -> bool:
        """Whether it is time to answer."""
        self.asked += 1
        if self.asked % 256 == 0:
            time.sleep(0.00005)
        return time.monotonic() > self.ends


def wire(entry: Entry) -> bytes:
    """The stored line as it is, with its cursor: what socket and HTTP carry."""
    return entry.line.rstrip()[:-1] + b',"cursor":' + msgspec.json.encode(entry.cursor) + b"}"


def encoded(
    lines: Iterable[bytes], after: str, before: str, *, more: bool, missed: bool = False, scanned: float = 1.0
) -> bytes:
    """The JSON object of a batch with these lines."""
    rest = {"after": after, "before": before, "more": more, "missed": missed, "scanned": round(scanned, 4)}
    return b'{"entries":[' + b",".join(lines) + b"]," + msgspec.json.encode(rest)[1:]
