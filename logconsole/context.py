"""What is known about the work in progress: set by the middleware and the console, read by entries."""

from __future__ import annotations

from contextvars import ContextVar

Paths = tuple[tuple[str, str], ...]

request_id: ContextVar[str] = ContextVar("logconsole_request_id", default="")
"""The id of the request being served; every entry made meanwhile carries it."""

user: ContextVar[str] = ContextVar("logconsole_user", default="")
"""The username of the request being served, where `LOG_USER` is on."""

paths: ContextVar[Paths] = ContextVar("logconsole_paths", default=())
"""The path of the request being served as it may be written, if its route takes a secret, and what is shown instead."""

delivering: ContextVar[bool] = ContextVar("logconsole_delivering", default=False)
"""True while the console itself works: what is logged meanwhile would be delivered, logged, delivered..."""
