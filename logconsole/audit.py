"""Who took or was refused what: the one thing of the console's own work that enters the stores."""

from __future__ import annotations

import logging
import time
from typing import Any

from logconsole import lifetime

SECONDS = 60.0  # one user's refusals at one address are told once in this time
MOST = 1_000  # users and addresses remembered

logger = logging.getLogger("logconsole.audit")
_told: dict[tuple[Any, str], float] = {}


def refused(user: Any, path: str) -> None:
    """Somebody who is signed in may not look, and tried."""
    now = time.monotonic()
    address = path.rstrip("/").rpartition("/")[2]  # the socket is found under any prefix, invented ones too
    if now < _told.get((user.pk, address), 0.0):
        return
    if len(_told) >= MOST:
        _told.clear()
    _told[user.pk, address] = now + SECONDS
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
