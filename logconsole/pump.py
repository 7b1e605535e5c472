"""One subscription on its way to a browser: what is kept, then what comes, on one cursor."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

from logconsole.params import Asked
from logconsole.protocol import batch_frame, frame
from logconsole.stores.base import Batch

WINDOW = 2  # batches ahead of the client's acks
ACK_SECONDS = 30.0
FRAME_ENTRIES = 500
FRAME_BYTES = 256 * 1024
IDLE_SECONDS = 25.0
PACE_LEAST = 0.005  # seconds between two batches under load
PACE_MOST = 0.1
PACE_FACTOR = 10  # of a core at most a tenth goes into delivering

Send = Callable[[str], Awaitable[None]]


class NotAcknowledged(Exception):
    """The client has not painted what it was sent for too long."""


class Pump:
    """Reads one store for one subscription and sends what it finds, at most two batches ahead of the acks."""

    def __init__(self, subscription: int, asked: Asked, after: str | None, limit: int, send: Send) -> None:
        self.subscription = subscription
        self.asked = asked
        self.limit = limit
        self._after = after
        self._send = send
        self._told = ""
        """The cursor that the client has."""
        self._unacknowledged: deque[str] = deque()
        self._acknowledged = asyncio.Event()
        self._cost = 0.0
        """Seconds that the last fan-out took, without waiting for acks."""

    async def run(self, crowd: Callable[[], int]) -> None:
        """Deliver until cancelled; `crowd` is how many are delivered to. Raises `NotAcknowledged`."""
        position = await self._backlog()
        told: str | None = None  # nothing yet: the first status says that all was sent
        while True:
            began, self._cost = time.monotonic(), 0.0
            batch = await self._newer(position)
            position = batch.after
            if batch.entries or batch.missed or batch.more:
                await self._deliver(batch)
            if batch.more:
                continue
            trouble = self.asked.store.trouble
            if trouble != told:
                told = trouble
                await self._send(self._status(trouble))
            await self._changed(position)
            await asyncio.sleep(self._pause(began, crowd()))

    def acknowledge(self, after: str) -> None:
        """The client has painted the batch that ended there, and those before it."""
        if after in self._unacknowledged:
            while self._unacknowledged.popleft() != after:
                pass
            self._acknowledged.set()

    async def _backlog(self) -> str:
        """The newest matches, and the cursor behind them; nothing when the client goes on from one."""
        if self._after is not None:
            return self._after
        batch = await asyncio.to_thread(self.asked.store.older, self.asked.query, None, self.limit)
        await self._deliver(batch)
        return batch.after

    async def _newer(self, position: str) -> Batch:
        began = time.monotonic()
        batch = await asyncio.to_thread(self.asked.store.newer, self.asked.query, position, FRAME_ENTRIES)
        self._cost += time.monotonic() - began
        return batch

    async def _deliver(self, batch: Batch) -> None:
        for part in batch.split(FRAME_ENTRIES, FRAME_BYTES):
            await self._window()
            self._unacknowledged.append(part.after)
            self._told = part.after
            began = time.monotonic()
            await self._send(batch_frame(self.subscription, part))
            self._cost += time.monotonic() - began

    async def _window(self) -> None:
        while len(self._unacknowledged) >= WINDOW:
            self._acknowledged.clear()
            try:
                await asyncio.wait_for(self._acknowledged.wait(), ACK_SECONDS)
            except asyncio.TimeoutError:
                raise NotAcknowledged from None

    async def _changed(self, position: str) -> None:
        """Returns when there is something to read; meanwhile the client is told that all is well."""
        changed = asyncio.ensure_future(self.asked.store.changed(position))
        try:
            while not (await asyncio.wait({changed}, timeout=IDLE_SECONDS))[0]:
                await self._idle(position)
            changed.result()
        finally:
            changed.cancel()

    async def _idle(self, position: str) -> None:
        """A ping; and the cursor, if what was read since matched nothing, so that it need not be read again."""
        if self._told != position and len(self._unacknowledged) < WINDOW:
            await self._deliver(Batch([], position, position))
        await self._send(frame("ping"))

    def _pause(self, began: float, crowd: int) -> float:
        """How long to wait so that delivering to all takes a tenth of the time; nothing when it was quiet."""
        pace = min(max(PACE_LEAST, PACE_FACTOR * self._cost * crowd), PACE_MOST)
        return max(0.0, began + pace - time.monotonic())

    def _status(self, trouble: str) -> str:
        scope, alias = self.asked.store.scope, self.asked.alias
        more = {"trouble": trouble} if trouble else {}
        return frame("status", id=self.subscription, state="live", scope=scope, store=alias, **more)
