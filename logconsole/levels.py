"""Levels of loggers, changed for a while in every process that shares a store.

Whoever changes one writes it down with the time at which it ends. Each process looks once a second, when something
is logged or a request begins, and by itself goes back at that time; nothing has to reach it for that.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterable
from typing import Any

import msgspec
from django.core.signals import request_started

from logconsole import audit, conf
from logconsole.stores.base import Store
from logconsole.stores.board import Board

LOOK_SECONDS = 1.0
MOST = 50  # changes at a time
MOST_SECONDS = 172_800.0  # from now on; what says that it is for longer does not hold at all
LONGEST = 200  # characters of a logger's name
_SCOPES = ("process", "host", "cluster")


class Change(msgspec.Struct, frozen=True):
    """A logger has another level until then."""

    logger: str
    level: int
    until: float
    """Seconds since 1970."""
    by: str
    """Who wanted it."""


class Applied:
    """What this process has changed."""

    def __init__(self) -> None:
        self.look_at = 0.0
        """When to look again, in seconds since 1970."""
        self.looked_at = 0.0
        self.changes: dict[str, Change] = {}
        self._before: dict[str, int] = {}
        self._awaited: set[str] = set()
        """Loggers to change that this process does not have: none is made because somebody names it."""
        self._text = b""
        self.renew()

    def renew(self) -> None:
        """A lock that nobody holds."""
        self._lock = threading.RLock()

    def look(self) -> None:
        """Do what is written on the board, and undo what is over or no longer there."""
        if not self._lock.acquire(blocking=False):  # another thread looks
            return
        try:
            now = time.time()
            self.looked_at, self.look_at = now, now + LOOK_SECONDS
            text = board().read()
            is_over = any(change.until <= now for change in self.changes.values())
            if text != self._text or is_over or any(map(is_logger, self._awaited)):
                self._text = text
                self._apply({change.logger: change for change in parsed(text) if 0 < change.until - now < MOST_SECONDS})
            ends = [change.until for change in self.changes.values()]
            self.look_at = min([self.look_at, *ends])
        finally:
            self._lock.release()

    def configured(self, logger: logging.Logger) -> int:
        """The level that the logger has, apart from what is changed for a while."""
        return self._before.get(logger.name, logger.level)

    def undo(self) -> None:
        """Have every logger as it was configured."""
        with self._lock:
            self._apply({})
            self._text, self.look_at = b"", 0.0

    def _apply(self, wanted: dict[str, Change]) -> None:
        for name, change in list(self.changes.items()):
            if name not in wanted and name in self._before:
                self._go_back(name, change)
        self._awaited = {name for name in wanted if not is_logger(name)}
        for name, change in wanted.items():
            if name in self._awaited:
                continue
            logger = logging.getLogger(name)
            if name not in self._before:
                self._before[name] = logger.level
            if logger.level != change.level:
                logger.setLevel(change.level)
        self.changes = wanted

    def _go_back(self, name: str, change: Change) -> None:
        logger, before = logging.getLogger(name), self._before.pop(name)
        if logger.level == change.level:  # or somebody else has set it meanwhile
            logger.setLevel(before)


applied = Applied()


def look(record: logging.LogRecord) -> bool:
    """Look, as a handler does when it is time; whether the record may still enter."""
    had = applied.changes
    try:
        applied.look()
    except Exception:  # of any kind: a logging call goes on
        return True
    return applied.changes is had or logging.getLogger(record.name).isEnabledFor(record.levelno)


def change(changes: Iterable[Change]) -> None:
    """From now on these, and no others, in every process that shares the board. Raises `OSError`."""
    listed = list(changes)
    longest = max((made.until for made in listed), default=0.0) - time.time()
    board().write(msgspec.json.encode(listed), max(longest, 1.0))
    applied.look_at = 0.0
    applied.look()


def current() -> list[Change]:
    """What is changed now, the first to end first. Raises `OSError`."""
    now = time.time()
    return sorted((made for made in parsed(board().fetch()) if made.until > now), key=lambda made: made.until)


def seen() -> list[Change]:
    """The same as this process knows it, without waiting for a network."""
    now = time.time()
    return [made for made in applied.changes.values() if made.until > now]


def board() -> Board:
    """That of the store with the widest scope."""
    found = widest().board
    found.watch(applied.look)
    return found


def widest() -> Store:
    """The store that sees furthest."""
    stores = map(conf.get_store, conf.aliases())
    return max(stores, key=lambda store: _SCOPES.index(store.scope))


def parsed(text: bytes) -> list[Change]:
    """The changes in a text, whoever wrote it, but none of the audit log; none in one of another kind."""
    try:
        found = msgspec.json.decode(text, type=list[Change])[:MOST] if text else []
    except (msgspec.MsgspecError, RecursionError):
        return []
    return [change for change in found if change.logger != audit.NAME]


def is_logger(name: str) -> bool:
    """Whether there is a logger of that name, or one below it."""
    return name == logging.root.name or name in logging.root.manager.loggerDict


def begin(**_: Any) -> None:
    """A request or a job begins: it may log nothing that is enabled by now. Never raises."""
    if not applied.looked_at <= time.time() < applied.look_at:
        with contextlib.suppress(Exception):  # of any kind: a store that cannot be made is told elsewhere
            applied.look()


def _renew_lock() -> None:
    """In a forked child: another thread of the parent may have held it."""
    applied.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)

request_started.connect(begin, dispatch_uid="logconsole.levels")
