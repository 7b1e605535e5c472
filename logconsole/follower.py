"""The one reader of what comes into a store, for all sockets of an event loop, while there is any."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import islice

from logconsole.bell import Bell
from logconsole.matches import FRAME_BYTES, FRAME_ENTRIES, KEPT_BYTES, Matches
from logconsole.query import Query
from logconsole.stores.base import Batch, Store, Unreachable, wire

READS = 3  # reads of single sockets at a time: a crowd that comes back must not fill the thread pool
PACE_LEAST = 0.005  # seconds between two rounds under load
PACE_MOST = 0.085
PACE_FACTOR = 6  # a round begins after six times what the last one cost
MATCH_SECONDS = 0.005  # of matching in one go; then others on the loop have their turn
CROWD = 20  # sockets that are rung in one round; where there are more, their turns are spread over the longest time
ALL_BYTES = 33_554_432  # what the matches of all queries together may hold
SHARED_PROGRAMS = 100  # instructions of a query; with more, who asks for it reads the store, off the loop and in turn
EVERYTHING = Query()


def pace(cost: float, share: float = 1.0) -> float:
    """Seconds from the beginning of a round that cost so much to that of the next; where it was quiet they are over.

    `share`: of all sockets, those that were rung. A crowd is rung little by little in the longest time there is.
    """
    return min(max(PACE_LEAST, PACE_FACTOR * cost), PACE_MOST) if share == 1.0 else PACE_MOST * share


class Follower:
    """Reads, matches once for each query, rings; then waits for the store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.reads = asyncio.Semaphore(READS)
        self.trouble = store.trouble
        """What keeps this process from keeping entries there."""
        self.failure: Exception | None = None
        """Why it reads no more."""
        self._cursor = ""
        self._limit = FRAME_ENTRIES
        self._matches: dict[Query, Matches] = {}
        self._due: dict[Bell, None] = {}
        """Who is still to be rung, the longest waiting first."""
        self._is_ready = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    @asynccontextmanager
    async def matches(self, query: Query, bell: Bell) -> AsyncIterator[Matches]:
        """What matches from now on; the bell rings when there is more."""
        await self._is_ready.wait()
        if query not in self._matches:
            self._matches[query] = Matches(self.store, query, self._cursor)
        matches = self._matches[query]
        matches.bells.add(bell)
        try:
            yield matches
        finally:
            matches.bells.discard(bell)
            if not matches.bells and self._matches.get(query) is matches:
                del self._matches[query]

    def end(self) -> None:
        """Nobody is left."""
        self._task.cancel()

    async def _run(self) -> None:
        try:
            self._cursor = (await asyncio.to_thread(self.store.older, EVERYTHING, None, 1)).after
            self._is_ready.set()
            while True:
                await self._round()
        except Exception as error:
            self.failure = error
            self._is_ready.set()
            self._ring()

    async def _round(self) -> None:
        """Read to the end and ring who is due; then wait for more, and for six times as long as that took."""
        began, spent = time.monotonic(), time.thread_time()
        batch = await self._newer()
        await self._take(batch)
        share = self._wake()
        for _ in range(2):  # those who were rung send; then the server writes
            await asyncio.sleep(0)
        if batch.more:
            return
        next_at = began + pace(time.thread_time() - spent, share)
        if not self._due:
            await self.store.changed(self._cursor)
        await asyncio.sleep(max(0.0, next_at - time.monotonic()))

    async def _newer(self) -> Batch:
        if self.store.is_quick:
            return self.store.newer(EVERYTHING, self._cursor, self._limit)
        try:
            return await asyncio.to_thread(self.store.newer, EVERYTHING, self._cursor, self._limit)
        except Unreachable:  # the store says so in its `trouble`, and is asked again from there
            return Batch([], self._cursor, self._cursor)

    async def _take(self, batch: Batch) -> None:
        self._cursor = batch.after
        if batch.missed:
            for matches in self._matches.values():
                matches.restart(batch.after)
        elif batch.entries:
            await self._match(batch)
        trouble = self.store.trouble
        if trouble != self.trouble:
            self.trouble = trouble
            self._ring()

    async def _match(self, batch: Batch) -> None:
        entries, lines = batch.entries, [wire(entry) for entry in batch.entries]
        self._limit = min(max(2 * FRAME_BYTES * len(lines) // sum(map(len, lines)), 8), FRAME_ENTRIES)
        pause_at = time.monotonic() + MATCH_SECONDS
        most = min(KEPT_BYTES, ALL_BYTES // max(len(self._matches), 1))
        for matches in list(self._matches.values()):
            if matches.query.programs > SHARED_PROGRAMS:
                matches.restart(batch.after)
            elif matches.take(entries, lines, batch.after, most):
                self._due.update(dict.fromkeys(matches.bells))
            if time.monotonic() > pause_at:
                await asyncio.sleep(0)
                pause_at = time.monotonic() + MATCH_SECONDS

    def _wake(self) -> float:
        """Ring a few, so that no logging call in another thread waits for a whole crowd; their share of all."""
        rung = list(islice(self._due, CROWD))
        for bell in rung:
            del self._due[bell]
            bell.ring()
        every = sum(len(matches.bells) for matches in self._matches.values())
        return len(rung) / every if len(rung) == CROWD < every else 1.0

    def _ring(self) -> None:
        for matches in self._matches.values():
            matches.ring()


class _Shared:
    """A follower and how many hold it."""

    def __init__(self, store: Store) -> None:
        self.follower = Follower(store)
        self.holders = 0


_shared: dict[tuple[asyncio.AbstractEventLoop, Store], _Shared] = {}


@contextmanager
def following(store: Store) -> Iterator[Follower]:
    """The follower of the store on this event loop; it reads as long as anybody holds it."""
    key = asyncio.get_running_loop(), store
    shared = _shared.get(key)
    if shared is None or shared.follower.failure is not None:
        shared = _shared[key] = _Shared(store)
    shared.holders += 1
    try:
        yield shared.follower
    finally:
        shared.holders -= 1
        if not shared.holders:
            shared.follower.end()
            if _shared.get(key) is shared:
                del _shared[key]
