"""Who looked, took or was refused what: the one thing of the console's own work that enters the stores."""

from __future__ import annotations

import logging
import time
from typing import Any

from logconsole import lifetime

SECONDS = 60.0  # one user's refusals at one address are told once in this time
VIEW_SECONDS = 900.0  # and so are views of one page
MOST = 1_000  # users and addresses remembered

logger = logging.getLogger("logconsole.audit")
_told: dict[tuple[Any, str], float] = {}


def viewed(user: Any, path: str) -> None:
    """Somebody opens the page, or has done so again and again for a while."""
    if not _is_due((user.pk, f"viewed {path}"), VIEW_SECONDS):
        return
    name = user.get_username()
    with lifetime.delivery(active=False):
        logger.info("%s looks at the log", name, extra={"user": name, "path": path})


def refused(user: Any, path: str) -> None:
    """Somebody who is signed in may not look, and tried."""
    address = path.rstrip("/").rpartition("/")[2]  # the socket is found under any prefix, invented ones too
    if not _is_due((user.pk, address), SECONDS):
        return
    name = user.get_username()
    with lifetime.delivery(active=False):
        logger.warning("%s was refused at %s", name, path, extra={"user": name, "path": path})


def downloaded(user: Any, alias: str, form: str, query: str, address: str) -> None:
    """Somebody downloads entries."""
    name = user.get_username()
    with lifetime.delivery(active=False):
        logger.info(
            "%s downloads entries of store %s as %s: %s",
            name,
            alias,
            form,
            query or "all",
            extra={"user": name, "store": alias, "format": form, "query": address},
        )


def changed_levels(user: Any, told: str) -> None:
    """Somebody changes the levels of loggers."""
    name = user.get_username()
    with lifetime.delivery(active=False):
        logger.warning("%s changes levels: %s", name, told, extra={"user": name})


def _is_due(key: tuple[Any, str], seconds: float) -> bool:
    """Whether this is to be told: not if it was a moment ago."""
    now = time.monotonic()
    if now < _told.get(key, 0.0):
        return False
    if len(_told) >= MOST:
        _told.clear()
    _told[key] = now + seconds
    return True
