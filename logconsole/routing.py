"""Where the socket is, for a project with a `URLRouter` of its own."""

from __future__ import annotations

from typing import Any

from channels.auth import AuthMiddlewareStack
from django.urls import re_path

from logconsole.consumers import ConsoleConsumer
from logconsole.context import delivering

PROBE = "logconsole.probe"
"""In the scope of a check that asks whether an application leads here; no client can put it there."""
_signed_in = AuthMiddlewareStack(ConsoleConsumer.as_asgi())


async def console(scope: Any, receive: Any, send: Any) -> None:
    """The socket as an ASGI application; it looks up session and user itself."""
    if PROBE in scope:
        scope[PROBE].append(True)
        await send({"type": "websocket.close"})
        return
    delivering.set(True)  # before the session is looked up, which a debugging site logs
    await _signed_in(scope, receive, send)


_application: Any = console  # where Django's URLs have a view, those of Channels have an application
websocket_urlpatterns = [re_path(r"^(?:.*/)?logconsole/console/ws/$", _application)]
