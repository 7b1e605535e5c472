"""Waking those who follow a store, from whichever thread appends to it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


class Wake:
    """A coalesced signal from any thread to the event loops that wait for it.

    A call while nobody waits costs one attribute look-up; many calls before a loop runs wake it once.
    """

    def __init__(self) -> None:
        self.waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._lock = threading.RLock()  # a signal handler that logs may interrupt whoever holds it

    def __call__(self) -> None:
        """Wake all who wait."""
        if self.waiting:
            with self._lock:
                waiting, self.waiting = self.waiting, {}
            for event, loop in waiting.items():
                _set(loop, event)

    def register(self) -> asyncio.Event:
        """An event that the next call sets; look at the store after registering, then wait."""
        import asyncio  # Optimization: see off_loop

        event = asyncio.Event()
        with self._lock:
            self.waiting[event] = asyncio.get_running_loop()
        return event

    async def wait(self, event: asyncio.Event, seconds: float) -> bool:
        """Whether there was a call since the event was registered; waits that long for one."""
        import asyncio

        timer = asyncio.get_running_loop().call_later(seconds, event.set)
        try:
            await event.wait()
        finally:
            timer.cancel()
        event.clear()
        return event not in self.waiting

    def forget(self, event: asyncio.Event) -> None:
        """No longer wait for it."""
        with self._lock:
            self.waiting.pop(event, None)


def _set(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    try:
        loop.call_soon_threadsafe(event.set)
    except RuntimeError:  # the loop was closed while somebody waited in it
        return
