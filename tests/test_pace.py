"""A sender waits for its client, where the server's own `send` does not: with Twisted's own request and channel."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from twisted.internet.testing import StringTransport
from twisted.web.http import HTTPChannel, Request

from logconsole.pace import paced

START = {"type": "http.response.start", "status": 200}
PIECE = {"type": "http.response.body", "body": b"x", "more_body": True}
END = {"type": "http.response.body"}


class Waiting(Request):
    """A request that is answered by the test."""

    def process(self) -> None:
        """Do nothing yet."""


@pytest.fixture
def channel() -> HTTPChannel:
    """A connection on which a request has come."""
    made = HTTPChannel()
    made.requestFactory = Waiting
    made.makeConnection(StringTransport())
    made.dataReceived(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return made


class Server:
    """Sends as daphne does: to the request that the function holds, at once."""

    def __init__(self, channel: HTTPChannel) -> None:
        self.request = channel.requests[0]
        self.sent: list[dict[str, Any]] = []
        self.send = paced(partial(self._send, self.request))

    async def _send(self, request: Request, message: dict[str, Any]) -> None:
        self.sent.append(message)


async def test_a_full_buffer_holds_the_sender(channel: HTTPChannel) -> None:
    """The piece that filled it is the last one until there is room; then it goes on to the end."""
    server = Server(channel)
    await server.send(START)
    await server.send(PIECE)
    channel.pauseProducing()
    task = asyncio.ensure_future(server.send(PIECE))
    await asyncio.wait([task], timeout=0)
    assert (task.done(), len(server.sent)) == (False, 3)
    channel.resumeProducing()
    await task
    await server.send(END)
    assert server.sent == [START, PIECE, PIECE, END]
    assert server.request.producer is None


async def test_a_client_that_leaves_ends_the_wait(channel: HTTPChannel) -> None:
    """The server says that nobody is there; nobody waits for room any more."""
    server = Server(channel)
    await server.send(START)
    channel.pauseProducing()
    task = asyncio.ensure_future(server.send(PIECE))
    await asyncio.wait([task], timeout=0)
    assert not task.done()
    channel.stopProducing()
    await task
    server.request.channel = None
    await server.send(PIECE)
    await server.send(END)


async def test_another_server_waits_by_itself() -> None:
    """Its `send` is left alone."""

    async def send(message: dict[str, Any]) -> None:
        raise AssertionError(message)

    assert paced(send) is send
    held = partial(send)
    assert paced(held) is held
