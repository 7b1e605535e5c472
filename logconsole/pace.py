"""Sending no faster than the client takes it, under a server that would hold the rest in memory.

Daphne takes whatever it is sent. Behind it is a request of Twisted's, which tells when its buffer is full.
"""

from __future__ import annotations

import asyncio
from typing import Any


class Taker:
    """What Twisted calls a producer: it is told when to wait."""

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._free.set()

    async def wait(self) -> None:
        """Until there is room, or nobody is there any more."""
        await self._free.wait()

    def pauseProducing(self) -> None:
        """The buffer is full."""
        self._free.clear()

    def resumeProducing(self) -> None:
        """There is room again."""
        self._free.set()

    def stopProducing(self) -> None:
        """The client is gone: whoever sends will hear of it."""
        self._free.set()


def paced(send: Any) -> Any:
    """The `send` of an ASGI application, waiting where the server's own does not; else that one itself."""
    request = next((held for held in getattr(send, "args", ()) if hasattr(held, "registerProducer")), None)
    if request is None:
        return send
    taker = Taker()

    async def waiting(message: Any) -> None:
        if request.channel is not None:
            _announce(request, taker, message)
        await send(message)
        await taker.wait()

    return waiting


def _announce(request: Any, taker: Taker, message: Any) -> None:
    if message["type"] == "http.response.start":
        request.registerProducer(taker, True)
    elif not message.get("more_body"):
        request.unregisterProducer()
