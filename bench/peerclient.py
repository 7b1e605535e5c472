"""Clients of the peers, each by its own protocol, as cheap as can be: the stamps are found in the raw stream.

That is in the peers' favour: no real client can do it. `frontail_parsed` reads as our own clients do, by the same
library and with each message parsed; there the client's share of the machine counts, as a browser's would.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from urllib.parse import urlsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from bench.seen import Seen

STAMPS = re.compile(rb"@(\d+):(\d+):(\d+)@")
LONGEST = 60  # bytes of a stamp
PATIENCE = {"frontail": 4.0, "frontail_parsed": 4.0, "live_logs": 3.0, "realtime_logs": 2.0, "log_viewer": 5.5}
POLL_SECONDS = 5.0  # what log_viewer's page does
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


class Socket(asyncio.Protocol):
    """A WebSocket that reads: nothing is compressed or masked in that direction, so the text is there as it is."""

    def __init__(self, seen: Seen, host: str, path: str, first: str = "", origin: str = "") -> None:
        self.seen, self.first, self.rest = seen, first, b""
        self.is_open = asyncio.get_running_loop().create_future()
        more = f"Origin: {origin}\r\nCookie: live_logs_auth=bench\r\n"
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{more}"
            f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request.encode())

    def data_received(self, data: bytes) -> None:
        """Whatever is whole; the rest waits for the next."""
        if not self.is_open.done():
            if not data.startswith(b"HTTP/1.1 101"):
                self.is_open.set_exception(ConnectionError(data[:100]))
                return
            self.is_open.set_result(True)
            if self.first:
                self.transport.write(masked(self.first.encode()))
        data = self.rest + data
        found = STAMPS.findall(data)
        if found:
            self.seen.add_texts(time.monotonic_ns(), found)
            last = b"@%b:%b:%b@" % found[-1]
            data = data[data.rfind(last) + len(last) :]
        self.rest = data[-LONGEST:]


def masked(payload: bytes) -> bytes:
    """A text frame of a client; the mask is of zeros."""
    assert len(payload) < 126
    return bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload


async def sockets(url: str, clients: list[Seen], path: str, first: str = "") -> list[asyncio.Task[None]]:
    """One for each client."""
    parts = urlsplit(url)
    for seen in clients:
        _, made = await asyncio.get_running_loop().create_connection(
            lambda seen=seen: Socket(seen, parts.netloc, path, first, url),
            parts.hostname,
            parts.port,
        )
        await made.is_open
    await asyncio.sleep(0.3)  # none of them says that it is ready
    return []


async def frontail(url: str, clients: list[Seen], namespace: str) -> list[asyncio.Task[None]]:
    """socket.io 2 over a WebSocket: a namespace is joined, then each line is a message."""
    return await sockets(url, clients, "/socket.io/?EIO=3&transport=websocket", f"40/{namespace},")


async def frontail_parsed(url: str, clients: list[Seen], namespace: str) -> list[asyncio.Task[None]]:
    """The same by the library that our clients use, each message parsed."""
    tasks = []
    for seen in clients:
        address = url.replace("http", "ws", 1) + "/socket.io/?EIO=3&transport=websocket"
        socket = await connect(address, origin=url, compression=None, proxy=None)
        await socket.send(f"40/{namespace},")
        tasks.append(asyncio.create_task(read(socket, seen, f"42/{namespace},".encode())))
    await asyncio.sleep(0.3)
    return tasks


async def read(socket: ClientConnection, seen: Seen, head: bytes) -> None:
    """Events of the namespace, which are arrays: a name and a line."""
    while True:
        message = await socket.recv(decode=False)
        if message.startswith(head):
            event = msgspec.json.decode(message[len(head) :])
            if event[0] == "line":
                seen.add_texts(time.monotonic_ns(), STAMPS.findall(event[1].encode()))


async def live_logs(url: str, clients: list[Seen]) -> list[asyncio.Task[None]]:
    """A message for each record."""
    return await sockets(url, clients, "/ws/live-logs/")


async def realtime_logs(url: str, clients: list[Seen]) -> list[asyncio.Task[None]]:
    """A message for each line, one in a second."""
    return await sockets(url, clients, "/ws/logs/")


async def log_viewer(url: str, clients: list[Seen]) -> list[asyncio.Task[None]]:
    """The last 1,000 lines, as JSON, every five seconds."""
    return [asyncio.create_task(poll(url, seen)) for seen in clients]


async def poll(url: str, seen: Seen) -> None:
    """As the page does it, at a moment of its own."""
    parts = urlsplit(url)
    request = f"GET /logs/api/content?file=runtime.log&lines=1000 HTTP/1.1\r\nHost: {parts.netloc}\r\n"
    await asyncio.sleep(random.uniform(0, POLL_SECONDS))
    while True:
        began = time.monotonic()
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(f"{request}Connection: close\r\n\r\n".encode())
        body = await reader.read(-1)
        seen.add_texts(time.monotonic_ns(), STAMPS.findall(body))
        writer.close()
        await asyncio.sleep(max(0.0, began + POLL_SECONDS - time.monotonic()))
