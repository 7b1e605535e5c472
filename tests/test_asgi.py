"""The socket's place in an ASGI application."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from django.test import Client

from logconsole.asgi import websocket
from logconsole.routing import websocket_urlpatterns
from tests.web import PAGE, Socket, client_of, configure, keep, staff, ticket_of


async def inner(scope: Any, receive: Any, send: Any) -> None:
    """Somebody else's application."""
    await send({"type": "inner", "path": scope.get("path")})


@pytest.fixture
def client(settings: Any, tmp_path: Path) -> Client:
    """The browser of a staff user."""
    configure(settings, tmp_path)
    return client_of(staff())


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("http", PAGE + "ws/"),
        ("websocket", "/chat/"),
        ("websocket", PAGE + "ws"),
        ("websocket", PAGE),
        ("lifespan", ""),
    ],
)
async def test_everything_else_goes_to_the_application_inside(kind: str, path: str) -> None:
    """Plain HTTP at that address included."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await websocket(inner)({"type": kind, "path": path}, None, send)
    assert sent == [{"type": "inner", "path": path}]


@pytest.mark.parametrize("prefix", ["", "/shop", "/a/b"])
@pytest.mark.parametrize("application", [websocket(inner), URLRouter(websocket_urlpatterns)])
@pytest.mark.django_db(transaction=True)
async def test_the_socket_is_found_under_any_prefix(client: Client, application: Any, prefix: str) -> None:
    """With our wrapper or in a router; session and user are looked up by ourselves."""
    socket = Socket(client, application=application, path=prefix + PAGE + "ws/")
    assert (await socket.connect())[0]
    await socket.subscribe(1)
    assert await socket.closed() == 4401
    await socket.disconnect()


@pytest.mark.django_db(transaction=True)
async def test_a_root_path_that_the_proxy_strips_is_no_obstacle(client: Client) -> None:
    """Channels' router would refuse a path that does not begin with it."""
    socket = Socket(client, application=websocket(inner), root_path="/shop")
    assert (await socket.connect())[0]
    await socket.disconnect()


@pytest.mark.django_db(transaction=True)
async def test_a_layer_of_the_project_is_left_alone(client: Client, settings: Any) -> None:
    """With or without CHANNEL_LAYERS."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "nowhere.Layer"}}
    socket = Socket(client)
    assert (await socket.connect())[0]
    await socket.disconnect()


def test_the_wrapper_can_be_imported_before_django_is_set_up() -> None:
    """So that it may stand at the top of an asgi.py."""
    program = "from logconsole.asgi import websocket; import sys; assert 'django' not in sys.modules; websocket(None)"
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=20)


def test_a_project_writes_one_line() -> None:
    """The application of the documentation, as the first thing in its process."""
    program = (
        "from django.core.asgi import get_asgi_application\n"
        "from logconsole.asgi import websocket\n"
        "application = websocket(get_asgi_application())\n"
        "assert callable(application)\n"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": "."}
    root = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-c", program], check=True, timeout=20, cwd=root, env=environment)


@pytest.mark.django_db(transaction=True)
async def test_sessions_and_entries_of_two_sockets_are_their_own(client: Client) -> None:
    """One consumer for each socket."""
    keep("one")
    sockets = [Socket(client), Socket(client)]
    for number, socket in enumerate(sockets):
        await socket.connect()
        await socket.subscribe(number, ticket=await sync_to_async(ticket_of)(client))
    for number, socket in enumerate(sockets):
        assert (await socket.next("batch"))["id"] == number
        await socket.disconnect()
