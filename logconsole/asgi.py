"""The socket in front of any ASGI application: `application = websocket(get_asgi_application())`.

Imports nothing of Django, so that it may stand at the top of an asgi.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Application = Callable[[Any, Any, Any], Awaitable[None]]
SUFFIX = "/logconsole/console/ws/"


def websocket(inner: Application) -> Application:
    """The application with the console's socket, under whichever prefix; all else goes to `inner`.

    The path is looked at before any router: one that knows the prefix of a proxy differently refuses it.
    """

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and scope["path"].endswith(SUFFIX):
            from logconsole.routing import console  # once the apps are ready

            await console(scope, receive, send)
        else:
            await inner(scope, receive, send)

    return application
