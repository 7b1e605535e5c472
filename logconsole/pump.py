"""One subscription on its way to a browser: what is kept, then what comes, on one cursor."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from itertools import islice
from typing import Any

from logconsole import follower as followers
from logconsole import turns
from logconsole.bell import Bell
from logconsole.follower import Follower
from logconsole.matches import FRAME_BYTES, Matches
from logconsole.params import Asked
from logconsole.protocol import batch_frame, frame
from logconsole.stores.base import Batch, Unreachable, off_loop

WINDOW = 2  # batches ahead of the client's acks
ACK_SECONDS = 30.0
FRAME_ENTRIES = 500
IDLE_SECONDS = 25.0
RETRY_SECONDS = 1.0  # until a store that could not be reached is asked again
HELD = 4  # frames of the backlog that are held while the client is waited for; the rest is read again

Send = Callable[[str], Awaitable[None]]


class NotAcknowledged(Exception):
    """The client has not painted what it was sent for too long."""


class Pump:
    """Sends one client what matches, at most two batches ahead of its acks.

    It passes on what the follower shares. Where that no longer has what comes next, because the client is slow or
    was away, it reads the store itself until it has caught up.
    """

    def __init__(self, subscription: int, asked: Asked, after: str | None, limit: int, send: Send, user: Any) -> None:
        self.subscription = subscription
        self._user = user
        self.asked = asked
        self.limit = limit
        self._has_backlog = after is None
        self._cursor = after or ""
        """Where the client stands: nothing before it has still to be sent."""
        self._told = ""
        """The cursor that the client has."""
        self._number: int | None = None
        """The same place among the shared matches, while it is known there."""
        self._life = -1
        self._send = send
        self._trouble: str | None = None  # nothing yet: the first status says that all was sent
        self._reading = FRAME_ENTRIES
        """Entries to ask the store for: as many as a frame took the last time."""
        self._unacknowledged: deque[str] = deque()
        self._sent_at = 0.0
        self._news, self._acknowledged = Bell(), Bell()
        self._follower: Follower
        self._matches: Matches

    async def run(self) -> None:
        """Deliver until cancelled; a store that cannot be reached is waited for, and the client told.

        Raises `NotAcknowledged`, or what else the store does.
        """
        while True:
            try:
                await self._run()
            except Unreachable as problem:
                await self._tell(self.asked.store.trouble or str(problem))
                await asyncio.sleep(RETRY_SECONDS)

    async def _run(self) -> None:
        """Go on at the cursor."""
        self._life, self._number = -1, None
        with followers.following(self.asked.store) as self._follower:
            async with self._follower.matches(self.asked.query, self._news) as self._matches:
                if self._has_backlog:
                    await self._backlog()
                while True:
                    await self._step()

    def acknowledge(self, after: str) -> None:
        """The client has painted the batch that ended there, and those before it."""
        if after in self._unacknowledged:
            while self._unacknowledged.popleft() != after:
                pass
            self._acknowledged.ring()

    async def _step(self) -> None:
        """Whatever is to be done next."""
        if self._follower.failure is not None:
            raise self._follower.failure
        if self._place() == self._matches.end:
            await self._rest()
            return
        await self._room()
        number = self._place()  # meanwhile more may have come, or too much
        if number is None:
            await self._catch_up()
        else:
            await self._pass_on(number)

    def _place(self) -> int | None:
        """The number of the match that comes next; None if the store has to be read for it."""
        matches = self._matches
        if self._life != matches.life:
            return None
        if self._number is None or self._number < matches.first:
            return self._find()
        self._cursor = matches.cursor_at(self._number)
        return self._number

    def _find(self) -> int | None:
        """The same by the cursor; a client that read the store may be ahead of the follower."""
        self._number = None
        if not self._matches.has_all_from(self._cursor):
            return None
        number = self._matches.place(self._cursor)
        if self._matches.has_come_to(self._cursor):
            self._number = number
        return number

    async def _backlog(self) -> None:
        """The newest matches."""
        self._life = self._matches.life
        batch = await self._read(self.asked.store.older, None, self.limit)
        self._has_backlog = False
        parts = list(islice(batch.split(FRAME_ENTRIES, FRAME_BYTES), HELD))
        del batch
        for part in parts:
            await self._room()
            await self._deliver(part)

    async def _catch_up(self) -> None:
        """One frame from the store, read when there is room for it: nothing is held for a slow client."""
        self._life, self._number = self._matches.life, None
        batch = await self._read(self.asked.store.newer, self._cursor, self._reading)
        part = next(batch.split(FRAME_ENTRIES, FRAME_BYTES))
        self._reading = min(max(2 * len(part.entries), 16), FRAME_ENTRIES)
        if part.entries or part.missed or part.more:
            await self._deliver(part)
        else:
            self._cursor = part.after

    async def _read(self, read: Callable[..., Batch], cursor: str | None, limit: int) -> Batch:
        """A search of the user's like any other, so it waits for its turn; who has none holds up nobody else."""
        turn = await turns.searches.wait(self._user)
        try:
            await self._follower.reads.acquire()
        except BaseException:
            turn.give_back()
            raise
        try:
            return await off_loop(_in_turn, turn, read, self.asked.query, cursor, limit)
        finally:
            self._follower.reads.release()

    async def _deliver(self, batch: Batch) -> None:
        await self._send_batch(batch_frame(self.subscription, batch), batch.after)

    async def _pass_on(self, number: int) -> None:
        """One frame of what is shared."""
        body, after, self._number = self._matches.frame(number)
        await self._send_batch(f'{{"type":"batch","id":{self.subscription},{body[1:]}', after)

    async def _send_batch(self, text: str, after: str) -> None:
        self._cursor = self._told = after
        self._unacknowledged.append(after)
        self._sent_at = time.monotonic()
        await self._send(text)

    async def _room(self) -> None:
        while len(self._unacknowledged) >= WINDOW:
            if not await self._acknowledged.wait(ACK_SECONDS):
                raise NotAcknowledged

    async def _rest(self) -> None:
        """Nothing is to be sent: the client is told that all is well, now and then."""
        if self._follower.trouble != self._trouble:
            await self._tell(self._follower.trouble)
        if not await self._news.wait(IDLE_SECONDS):
            await self._idle()

    async def _idle(self) -> None:
        """A ping; and the cursor, if what was read since matched nothing, so that it need not be read again.

        A client that is gone without a word is found out here, where the server itself does not notice.
        """
        if self._unacknowledged and time.monotonic() > self._sent_at + ACK_SECONDS:
            raise NotAcknowledged
        self._place()
        if self._cursor != self._told and len(self._unacknowledged) < WINDOW:
            await self._deliver(Batch([], self._cursor, self._cursor))
        await self._send(frame("ping"))

    async def _tell(self, trouble: str) -> None:
        self._trouble = trouble
        scope, alias = self.asked.store.scope, self.asked.alias
        more = {"trouble": trouble} if trouble else {}
        await self._send(frame("status", id=self.subscription, state="live", scope=scope, store=alias, **more))


def _in_turn(turn: turns.Turn, read: Callable[..., Batch], *asked: Any) -> Batch:
    """The turn is over when the reading is, which goes on for a moment when nobody waits for it any more."""
    try:
        return read(*asked)
    finally:
        turn.give_back()
