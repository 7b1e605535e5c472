"""The socket in front of any ASGI application: `application = websocket(get_asgi_application())`.

Imports nothing of Django, so that it may stand at the top of an asgi.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from logconsole.pace import paced

Application = Callable[[Any, Any, Any], Awaitable[None]]
SUFFIX = "/logconsole/console/ws/"
DOWNLOAD = "/logconsole/console/download/"


def websocket(inner: Application) -> Application:
    """The application with the console's socket, under whichever prefix; all else goes to `inner`.

    The path is looked at before any router: one that knows the prefix of a proxy differently refuses it. A download
    is sent as fast as its client takes it, under daphne too, which would otherwise hold all of it in memory.
    While `DEBUG` is on, Django's own application is given its static files, as `runserver` does: the admin, and
    so the console, is nothing without them under a bare daphne.
    """
    inner = _with_static_files(inner)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and scope["path"].endswith(SUFFIX):
            from logconsole.routing import console  # once the apps are ready

            await console(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].endswith(DOWNLOAD):
            await inner(scope, receive, paced(send))
        else:
            await inner(scope, receive, send)

    return application


def _with_static_files(inner: Any) -> Any:
    if type(inner).__module__ != "django.core.handlers.asgi":  # somebody's router, or wrapped by somebody
        return inner
    from django.apps import apps  # it is Django's: settings and apps are ready
    from django.conf import settings

    if not (settings.DEBUG and settings.STATIC_URL and apps.is_installed("django.contrib.staticfiles")):
        return inner
    from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler

    return ASGIStaticFilesHandler(inner)
