"""WebSockets of other applications as entries."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator

from logconsole import conf
from logconsole.handlers import RingBufferHandler
from logconsole.sockets import logged

log = logging.getLogger("chat")


@pytest.fixture(autouse=True)
def _kept(settings: Any) -> None:
    """Every record is kept in memory."""
    settings.LOGCONSOLE = {}
    logging.getLogger().addHandler(RingBufferHandler())
    logging.getLogger().setLevel(logging.INFO)


async def chat(scope: Any, receive: Any, send: Any) -> None:
    """Does what its path says."""
    await receive()
    path = scope["path"]
    if "refused" in path:
        return await send({"type": "websocket.close", "code": 4003})
    if "broken" in path:
        raise RuntimeError("broken")
    await send({"type": "websocket.accept"})
    log.info("talking")
    if "hangs up" in path:
        return await send({"type": "websocket.close", "code": 4000})
    if "fails" in path:
        raise RuntimeError("fails")
    while (await receive())["type"] != "websocket.disconnect":
        pass


def socket(path: str, *headers: tuple[bytes, bytes]) -> WebsocketCommunicator:
    """A connection to it."""
    return WebsocketCommunicator(logged(chat), path, list(headers))


def entries(query: str = "logger:logconsole.access") -> list[Any]:
    """What was kept."""
    return list(conf.get_store("ring").older(conf.parse_query(query)).entries)


def told() -> list[tuple[str, str]]:
    """Level and message, without the time."""
    return [(entry.level, entry.msg.rpartition(" ")[0]) for entry in entries()]


async def test_opening_and_closing_are_an_entry_each() -> None:
    """With one id for both and for what is logged between; that of the handshake, if it has a good one."""
    made = socket("/chat/?token=secret", (b"X-Request-ID", b"abc"))
    await made.connect()
    await made.send_to(text_data="hello")
    await made.disconnect(code=1001)
    opened, closed = entries()
    assert told() == [("INFO", "WEBSOCKET /chat/ 101"), ("INFO", "WEBSOCKET /chat/ closed 1001")]
    assert {entry.request_id for entry in entries("")} == {"abc"}
    assert len(entries("")) == 3
    assert {**opened.extra, "duration_ms": 0} == {
        **{"method": "WEBSOCKET", "path": "/chat/", "status": 101, "duration_ms": 0}
    }
    assert closed.extra["close_code"] == 1001


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/refused/", [("WARNING", "WEBSOCKET /refused/ 403")]),
        ("/hangs up/", [("INFO", "WEBSOCKET /hangs up/ 101"), ("INFO", "WEBSOCKET /hangs up/ closed 4000")]),
    ],
)
async def test_the_application_may_end_it(path: str, expected: list[tuple[str, str]]) -> None:
    """Before it is open, or afterwards."""
    made = socket(path)
    await made.connect()
    await made.wait()
    assert told() == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/broken/", [("ERROR", "WEBSOCKET /broken/ 500")]),
        ("/fails/", [("INFO", "WEBSOCKET /fails/ 101"), ("ERROR", "WEBSOCKET /fails/ closed failed")]),
    ],
)
async def test_one_that_fails_is_an_error(path: str, expected: list[tuple[str, str]]) -> None:
    """The exception goes on to the server."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    with pytest.raises(RuntimeError):
        await logged(chat)({"type": "websocket", "path": path, "headers": []}, receive, send)
    assert told() == expected


async def test_one_that_is_cancelled_is_aborted() -> None:
    """The server stops."""
    made = socket("/chat/")
    await made.connect()
    made.future.cancel()
    await asyncio.wait({made.future})
    assert told()[-1] == ("INFO", "WEBSOCKET /chat/ closed aborted")


async def test_http_and_the_consoles_own_socket_pass() -> None:
    """They are logged elsewhere, or not at all."""
    asked: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        asked.append((scope["path"], receive, send))

    for kind, path in (("http", "/chat/"), ("websocket", "/any/logconsole/console/ws/")):
        await logged(inner)({"type": kind, "path": path}, 1, 2)
    assert asked == [("/chat/", 1, 2), ("/any/logconsole/console/ws/", 1, 2)]
    assert entries() == []


async def test_a_path_forges_nothing() -> None:
    """As with requests."""
    made = socket("/chat/a%0AERROR")
    await made.connect()
    await made.disconnect()
    assert [entry.extra["path"] for entry in entries()] == ["/chat/a%0AERROR"] * 2


async def test_a_path_can_be_left_out(settings: Any) -> None:
    """By the same setting."""
    settings.LOGCONSOLE = {"ACCESS_LOG_EXCLUDE": ["/chat/"]}
    made = socket("/chat/")
    await made.connect()
    await made.disconnect()
    assert entries() == []
