"""A proxy in front of a site that passes everything on but, if it is told so, no WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

Refusal = Literal["answers", "swallows", "passes"]
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    """Runs on a loop in a thread of its own; `upgrades` may be changed at any time."""

    def __init__(self, port: int, upgrades: Refusal) -> None:
        self.behind = port
        self.upgrades = upgrades
        self.port = 0
        self.is_refused = threading.Event()
        """Whether it let a WebSocket not through."""
        self._loop = asyncio.new_event_loop()
        self._is_up, self._is_over = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))

    @property
    def page(self) -> str:
        """The console, seen through it."""
        return f"http://127.0.0.1:{self.port}/admin/logconsole/console/"

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        self._is_up.wait(10)

    def stop(self) -> None:
        """Drop every connection."""
        self._loop.call_soon_threadsafe(self._is_over.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._came, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._is_up.set()
        await self._is_over.wait()
        server.close()
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

    async def _came(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            is_upgrade = b"upgrade: websocket" in head.lower()
            if not is_upgrade or self.upgrades == "passes":
                await self._pass(head, reader, writer)
                return
            self.is_refused.set()
            if self.upgrades == "swallows":
                await self._is_over.wait()
            else:
                writer.write(FORBIDDEN)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            return  # a connection that was opened for later, or the end
        finally:
            await _hang_up(writer)

    async def _pass(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request to a connection, so that each is looked at."""
        if b"upgrade: websocket" not in head.lower():
            head = head.replace(b"Connection: keep-alive", b"Connection: close")
        from_site, to_site = await asyncio.open_connection("127.0.0.1", self.behind)
        to_site.write(head)
        try:
            ways = [asyncio.create_task(_copy(reader, to_site)), asyncio.create_task(_copy(from_site, writer))]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
        finally:
            await _hang_up(to_site)


async def _hang_up(writer: asyncio.StreamWriter) -> None:
    """Now, not in a turn of the loop that may never come."""
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


@contextmanager
def proxy(port: int, upgrades: Refusal) -> Iterator[Proxy]:
    """A proxy for as long as it is wanted."""
    made = Proxy(port, upgrades)
    made.start()
    try:
        yield made
    finally:
        made.stop()
