"""Who looked, took or was refused what: the one thing of the console's own work that enters the stores."""

from __future__ import annotations

import logging
import time
from typing import Any

from logconsole import lifetime

NAME = "logconsole.audit"
SECONDS = 60.0  # one user's refusals at one address are told once in this time
VIEW_SECONDS = 900.0  # and so is that one user looks, whichever way
MOST = 1_000  # users and addresses remembered

logger = logging.getLogger(NAME)
_told: dict[tuple[Any, str], float] = {}


def viewed(user: Any, path: str) -> None:
    """Somebody looks: by the page, an address beside it or the socket; told at first, and while it goes on."""
    if _is_due((user.pk, "viewed"), VIEW_SECONDS):
        name = user.get_username()
        _tell(logging.INFO, "%s looks at the log", name, user=name, path=path)


def refused(user: Any, path: str) -> None:
    """Somebody who is signed in may not look, and tried."""
    address = path.rstrip("/").rpartition("/")[2]  # the socket is found under any prefix, invented ones too
    if not _is_due((user.pk, address), SECONDS):
        return
    name = user.get_username()
    _tell(logging.WARNING, "%s was refused at %s", name, path, user=name, path=path)


def downloaded(user: Any, alias: str, form: str, query: str, **bounds: Any) -> None:
    """Somebody downloads entries: those that match, within these bounds, where they were given."""
    name = user.get_username()
    taken = (name, alias, form, query or "all")
    given = {key: value for key, value in {"query": query, **bounds}.items() if value}
    message = "%s downloads entries of store %s as %s: %s"
    _tell(logging.INFO, message, *taken, user=name, store=alias, format=form, **given)


def changed_levels(user: Any, told: str) -> None:
    """Somebody changes the levels of loggers."""
    name = user.get_username()
    _tell(logging.WARNING, "%s changes levels: %s", name, told, user=name)


def _tell(level: int, message: str, *values: Any, **extra: Any) -> None:
    """Whatever levels its ancestors have: who may change those must not be able to silence it."""
    if not logger.level:
        logger.setLevel(logging.INFO)
    with lifetime.delivery(active=False):
        logger.log(level, message, *values, extra=extra)


def _is_due(key: tuple[Any, str], seconds: float) -> bool:
    """Whether this is to be told: not if it was a moment ago."""
    now = time.monotonic()
    if now < _told.get(key, 0.0):
        return False
    if len(_told) >= MOST:
        _told.clear()
    _told[key] = now + seconds
    return True
