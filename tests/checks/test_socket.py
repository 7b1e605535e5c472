"""The way from the server to the console's socket."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

from logconsole.asgi import websocket
from logconsole.checks import socket
from logconsole.routing import websocket_urlpatterns
from logconsole.sockets import logged
from logconsole.testing import logged as entries

django = get_asgi_application()


async def closing(scope: Any, receive: Any, send: Any) -> None:
    """An application of another kind, which refuses politely."""
    await send({"type": "websocket.close"})


async def failing(scope: Any, receive: Any, send: Any) -> None:
    """One that breaks."""
    raise RuntimeError("broken")


async def silent(scope: Any, receive: Any, send: Any) -> None:
    """One that never answers."""
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("application", "is_refused"),
    [
        (django, True),
        (ProtocolTypeRouter({"http": django}), True),
        (ProtocolTypeRouter({"http": django, "websocket": URLRouter([])}), True),
        (websocket(django), False),
        (websocket(ProtocolTypeRouter({"http": django})), False),
        (ProtocolTypeRouter({"websocket": URLRouter(websocket_urlpatterns)}), False),
        (ProtocolTypeRouter({"websocket": AllowedHostsOriginValidator(URLRouter(websocket_urlpatterns))}), False),
        (closing, False),
        (failing, False),
    ],
    ids=str,
)
def test_an_application_is_asked_for_the_socket(application: Any, is_refused: bool) -> None:
    """Django and the routers of Channels say that it is not for them; of anything else it is not known."""
    assert socket.is_refused(application) is is_refused


def test_one_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check goes on."""
    monkeypatch.setattr(socket, "SECONDS", 0.01)
    assert socket.is_refused(silent) is False


def test_asking_leaves_no_entry() -> None:
    """Not even where sockets are logged."""
    logging.getLogger().setLevel(logging.DEBUG)
    with entries() as found:
        assert socket.is_refused(logged(django)) is True
    assert found.messages == []


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("tests.asgi.application", []),
        ("tests.checks.test_socket.django", ["W014"]),
        ("tests.asgi.missing", ["W022"]),
        ("tests.nowhere.application", ["W022"]),
        (None, []),
    ],
)
def test_the_application_of_the_settings_is_asked_before_deployment(
    path: str | None, found: list[str], settings: Any
) -> None:
    """It has to be imported for that."""
    settings.ASGI_APPLICATION = path
    messages = list(socket.socket_unrouted())
    assert [str(message.id).removeprefix("logconsole.") for message in messages] == found
    assert all("websocket(application)" in str(message.hint) for message in messages)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("tests.asgi.application", 0),
        ("tests.nowhere.application", 1),
        ("nowhere.asgi.application", 1),
        ("application", 0),
        (None, 0),
    ],
)
def test_a_module_that_is_not_there_is_told_at_once(path: str | None, found: int, settings: Any) -> None:
    """As in a project without an asgi.py; nothing is imported for it."""
    settings.ASGI_APPLICATION = path
    assert [message.id for message in socket.application_missing()] == ["logconsole.W021"] * found
