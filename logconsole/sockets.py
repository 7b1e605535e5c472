"""The WebSockets of other applications, as entries: `application = logged(application)`.

The middleware of Django sees none of them. The console's own socket is none of them either.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.utils.encoding import escape_uri_path

from logconsole import conf, lifetime
from logconsole.asgi import SUFFIX, Application
from logconsole.relay import HEADER, accepted

OPENED, REFUSED, FAILED = 101, 403, 500
access = logging.getLogger("logconsole.access")


def logged(inner: Application) -> Application:
    """The application, with an entry for each WebSocket that opens or is refused, and one for its end.

    Both, and all that is logged meanwhile, carry the same `request_id`.
    """

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket" or scope["path"].endswith(SUFFIX):
            await inner(scope, receive, send)
            return
        socket = _Socket(scope, receive, send)
        with lifetime.belonging(socket.identity, ""):
            await socket.serve(inner)

    return application


class _Socket:
    def __init__(self, scope: Any, receive: Any, send: Any) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._began = time.perf_counter()
        self._is_answered = False
        self._code: int | None = None
        self.identity = accepted(_header(scope))

    async def serve(self, inner: Application) -> None:
        """Until it is over, however it ends."""
        try:
            await inner(self._scope, self._hear, self._say)
        except Exception:
            self._answered(FAILED)
            self._ended(logging.ERROR, "failed")
            raise
        finally:
            self._ended(logging.INFO, "aborted" if self._code is None else str(self._code))

    async def _hear(self) -> Any:
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self._code = message.get("code", 1005)
        return message

    async def _say(self, message: Any) -> None:
        kind = message["type"]
        if kind == "websocket.accept":
            self._answered(OPENED)
        elif kind == "websocket.http.response.start":
            self._answered(message["status"])
        elif kind == "websocket.close":
            self._answered(REFUSED)
            self._code = message.get("code", 1000)
        await self._send(message)

    def _answered(self, status: int) -> None:
        """It is open, or refused: the first answer counts."""
        if not self._is_answered:
            self._is_answered = True
            self._is_open = status == OPENED
            self._log(_level(status), str(status), status=status)

    def _ended(self, level: int, how: str) -> None:
        if self._is_answered and self._is_open:
            self._is_open = False
            self._log(level, f"closed {how}", close_code=self._code)

    def _log(self, level: int, what: str, **extra: Any) -> None:
        path = self._scope["path"]
        if path.startswith(tuple(conf.settings().access_log_exclude or ())):
            return
        path = path if path.isprintable() else escape_uri_path(path)
        duration_ms = round((time.perf_counter() - self._began) * 1000, 1)
        told = {"method": "WEBSOCKET", "path": path, **extra, "duration_ms": duration_ms}
        given = {key: value for key, value in told.items() if value is not None}
        access.log(level, "WEBSOCKET %s %s %sms", path, what, duration_ms, extra=given)


def _header(scope: Any) -> str:
    wanted = HEADER.lower().encode()
    return next((value.decode("latin1") for name, value in scope.get("headers", ()) if name.lower() == wanted), "")


def _level(status: int) -> int:
    if status < 400:
        return logging.INFO
    return logging.WARNING if status < 500 else logging.ERROR
