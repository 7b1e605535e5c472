"""The site around the console: who hands over entries, and who serves the socket."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning

from logconsole import conf
from logconsole.handlers import StoreHandler

Found = Iterator[CheckMessage]
MIDDLEWARE = "logconsole.middleware.AccessLogMiddleware"
LINES = {"django.request": logging.WARNING, "django.server": logging.INFO}
"""Loggers that tell of each request, or of those that fail; and at which level."""
ACCESS = ("daphne.access", "gunicorn.access", "hypercorn.access", "uvicorn.access")
"""The same of servers, which set them up themselves unless LOGGING does."""


def alias_unknown() -> Found:
    """Handlers for a store that is not there."""
    known = conf.aliases()
    for alias in sorted({str(handler.alias or known[0]) for handler in attached()} - set(known)):
        yield Error(
            f"A handler in LOGGING writes to the store {alias!r}, which LOGCONSOLE['STORES'] does not have.",
            hint=f"Give the handler store= one of {', '.join(map(repr, known))}, or add the store.",
            id="logconsole.E011",
        )


def handlers_missing() -> Found:
    """Nobody hands entries over; a project that configures logging by itself may do so later."""
    if settings.LOGGING_CONFIG and not any(True for _ in attached()):
        yield Warning(
            "No logger hands its records to the console: it will stay empty.",
            hint='Add "ring": {"class": "logconsole.handlers.RingBufferHandler"} (or JSONLHandler for a file store)'
            ' to the handlers in LOGGING, and "ring" to those of the root logger.',
            id="logconsole.W004",
        )


def asgi_missing() -> Found:
    """No ASGI application for a server to run."""
    if not getattr(settings, "ASGI_APPLICATION", None):
        yield Warning(
            "ASGI_APPLICATION is not set: the page will ask for new entries instead of being sent them.",
            hint='Write ASGI_APPLICATION = "mysite.asgi.application", and in that file'
            " application = logconsole.asgi.websocket(get_asgi_application()).",
            id="logconsole.W001",
        )


def daphne_misplaced() -> Found:
    """A `runserver` that cannot serve the socket. On a server, whatever runs the site does not need the app."""
    names = [config.name for config in apps.get_app_configs()]
    static = "django.contrib.staticfiles"
    is_late = "daphne" in names and static in names and names.index("daphne") > names.index(static)
    if is_late or ("daphne" not in names and settings.DEBUG):
        yield Warning(
            "runserver cannot serve the live connection: daphne "
            + ("stands behind django.contrib.staticfiles." if is_late else "is not in INSTALLED_APPS."),
            hint='Put "daphne" first in INSTALLED_APPS.',
            id="logconsole.W003",
        )


def scopes_narrow() -> Found:
    """Stores that see one process of several."""
    if all(conf.get_store(alias).scope == "process" for alias in conf.aliases()):
        yield Info(
            "Every store keeps the entries of one process only: with several, the page shows one of them.",
            hint='Add a store of "BACKEND": "logconsole.stores.file.FileStore" to LOGCONSOLE["STORES"],'
            " and a JSONLHandler to LOGGING.",
            id="logconsole.W005",
        )


def requests_doubled() -> Found:
    """Loggers that say once more what the middleware has logged."""
    if not settings.LOGGING_CONFIG or MIDDLEWARE not in settings.MIDDLEWARE:
        return
    named: Any = settings.LOGGING.get("loggers", {}) if isinstance(settings.LOGGING, dict) else {}
    lines = {**LINES, **{name: logging.INFO for name in ACCESS if name in named}}
    names = [name for name, level in lines.items() if _is_kept(logging.getLogger(name), level)]
    if names:
        yield Warning(
            f"Requests are kept twice: by AccessLogMiddleware, and from {', '.join(names)}.",
            hint='Write under "loggers" in LOGGING: ' + ", ".join(map(_silenced, names)) + ".",
            id="logconsole.W010",
        )


def attached() -> Iterator[StoreHandler]:
    """The handlers that records reach, behind queues and buffers too."""
    known = [logging.getLogger(), *logging.root.manager.loggerDict.values()]
    yield from _stores_behind(handler for logger in known for handler in getattr(logger, "handlers", ()))


def _is_kept(logger: logging.Logger, level: int) -> bool:
    """Whether what it logs at that level reaches a store."""
    handlers: list[logging.Handler] = []
    above: logging.Logger | None = logger
    while above is not None:
        handlers += [handler for handler in above.handlers if handler.level <= level]
        above = above.parent if above.propagate else None
    return logger.isEnabledFor(level) and any(True for _ in _stores_behind(handlers))


def _silenced(name: str) -> str:
    """What to write so that only errors, with their tracebacks, are kept; or nothing, where there are none."""
    rest = '{"level": "ERROR"}' if name == "django.request" else '{"handlers": [], "propagate": False}'
    return f'"{name}": {rest}'


def _stores_behind(handlers: Iterable[logging.Handler]) -> Iterator[StoreHandler]:
    waiting = list(handlers)
    while waiting:
        handler = waiting.pop()
        if isinstance(handler, StoreHandler):
            yield handler
        waiting += getattr(getattr(handler, "listener", None), "handlers", ())
        waiting += [target] if (target := getattr(handler, "target", None)) else []


CHECKS = (alias_unknown, handlers_missing, requests_doubled, asgi_missing, daphne_misplaced)
