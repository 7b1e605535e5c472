"""The way from the server to the console's socket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

from logconsole.context import delivering
from logconsole.routing import PROBE

Found = Iterator[CheckMessage]
SECONDS = 2.0  # for an application that does not answer
HINT = (
    "Write in asgi.py: from logconsole.asgi import websocket, and at its end application = websocket(application)."
    " See docs/how-to/deploy.md."
)


def application_missing() -> Found:
    """A path to a module that is not there; looked for without importing it."""
    path = getattr(settings, "ASGI_APPLICATION", None)
    module = path.rpartition(".")[0] if isinstance(path, str) else ""
    if module and not _is_there(module):
        yield Warning(f"ASGI_APPLICATION is {path!r}, and there is no such module.", hint=HINT, id="logconsole.W021")


def socket_unrouted() -> Found:
    """An application that hands the console's socket to nobody; it is asked, so it has to be imported."""
    path = getattr(settings, "ASGI_APPLICATION", None)
    if not path:
        return
    try:
        application = import_string(path)
    except Exception as error:  # a module can raise anything
        yield Warning(f"ASGI_APPLICATION, {path!r}, cannot be imported: {error}.", hint=HINT, id="logconsole.W022")
        return
    if is_refused(application):
        yield Warning(
            f"{path} hands the live connection to nobody: the page will ask for new entries instead.",
            hint=HINT,
            id="logconsole.W014",
        )


def is_refused(application: Any) -> bool:
    """Whether Django or a router of Channels says that the console's address is not for them."""
    reached: list[bool] = []
    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost")]
    scope = {"type": "websocket", "path": _address(), "headers": headers, "query_string": b"", PROBE: reached}
    was = delivering.set(True)  # nothing of this is logged
    try:
        async_to_sync(_ask)(application, scope)
    except ValueError:  # what both raise
        return not reached
    except Exception:  # an application of another kind: not known
        return False
    finally:
        delivering.reset(was)
    return False


async def _ask(application: Any, scope: dict[str, Any]) -> None:
    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        """Nobody listens."""

    await asyncio.wait_for(application(scope, receive, send), SECONDS)


def _address() -> str:
    try:
        return reverse("admin:logconsole_console_ws")
    except NoReverseMatch:
        return "/admin/logconsole/console/ws/"


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


CHECKS = (application_missing,)
