"""Logging handlers: record -> entry -> store."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from importlib import import_module
from weakref import ref

from logconsole import conf, levels
from logconsole.conf import opened, settings
from logconsole.context import delivering
from logconsole.levels import applied
from logconsole.safe import text

_TRANSPORT = (
    *("asyncio", "autobahn", "channels", "channels_redis", "daphne", "django.channels.server"),
    *("push_response", "redis", "twisted", "uvicorn.error", "websockets"),
)
_OWN = ("django.request", "logconsole")  # errors of the console itself: it ends with them, so they end too
MAX_NAMES = 4096
MAX_NESTED = 100  # records logged while one is made into an entry
_NOTICE_SECONDS = 60.0


class LoopFilter(logging.Filter):
    """Keeps out what carrying entries to a browser causes to be logged.

    It stands before any lock: what the transport logs under that lock would wait for ever.
    Warnings of the transport pass, but not those that asyncio gives about slow callbacks, ours included.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record may enter a store."""
        if delivering.get():
            return record.levelno >= logging.ERROR and record.name in _OWN
        least = _least(record.name)
        return not least or record.levelno >= least


class StoreHandler(logging.Handler):
    """Appends every record to a store. Never raises, never waits for a network, never calls itself."""

    default_store: str | None = None

    def __init__(self, level: int | str = logging.NOTSET, store: str | None = None) -> None:
        super().__init__(level)
        self.alias = store or self.default_store
        self.addFilter(_loop_filter)

    def handle(self, record: logging.LogRecord) -> bool | logging.LogRecord:  # type: ignore[override]  # as since 3.12
        """Filter and emit, without the handler's lock: a store has its own."""
        try:
            created = getattr(record, "created", None)
            is_due = type(created) is float and not applied.looked_at <= created < applied.look_at
            if is_due and not levels.look(record):
                return False
            here, store = _thread.here, opened.get(self.alias)
            is_usual = store is not None and record.name in _usual and self.filters == _ONLY_OURS
            if not is_usual or here.is_emitting or delivering.get():
                return self._handle_unusual(record)
            here.is_emitting = True
            try:  # Optimization: nearly every record, in one function
                if here.record() is not record or here.msg is not record.msg:
                    here.line = settings().lines.of(record)
                    here.record, here.msg = ref(record), record.msg
                store.keep(here.line, record.process)  # type: ignore[union-attr]  # is_usual
            finally:
                here.is_emitting = False
            if here.nested:
                _keep_nested(here)
        except Exception:
            self.handleError(record)
            return False
        return True

    def emit(self, record: logging.LogRecord) -> None:
        """Append the record's entry to the store."""
        here = _thread.here
        if here.is_emitting:  # a __str__ of what is logged, that logs
            self._put_off(here, record)
            return
        here.is_emitting = True
        try:
            self._keep(here, record)
        finally:
            here.is_emitting = False
        if here.nested:
            _keep_nested(here)

    def _handle_unusual(self, record: logging.LogRecord) -> bool | logging.LogRecord:
        passed = self.filter(record)
        if passed:
            self.emit(record if passed is True else passed)  # a filter may replace it
        return passed

    def _keep(self, here: _Here, record: logging.LogRecord) -> None:
        """The entry is made once for all handlers, unless a filter of this one may have changed the record."""
        try:
            is_made = here.record() is record and here.msg is record.msg and len(self.filters) == 1
            conf.get_store(self.alias).keep(here.line if is_made else _made(here, record), record.process)
        except Exception:
            self.handleError(record)

    def _put_off(self, here: _Here, record: logging.LogRecord) -> None:
        if len(here.nested) < MAX_NESTED:
            here.nested.append((self, record))
        else:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Count what was lost, and say so in one line a minute on the real stderr: nobody must be flooded."""
        _notice.lost += 1
        if time.monotonic() < _notice.at or sys.__stderr__ is None:
            return
        _notice.at = time.monotonic() + _NOTICE_SECONDS
        kind, error, _ = sys.exc_info()
        why = f"{kind.__name__}: {text(error)}" if kind else "too many were logged while one was made"
        try:
            sys.__stderr__.write(f"logconsole: {_notice.lost:,} entries were not kept, now of {record.name!r}: {why}\n")
        except Exception:
            return  # a closed stderr: there is nowhere left to tell it


class RingBufferHandler(StoreHandler):
    """To the store `ring`: this process, in memory."""

    default_store = "ring"


class JSONLHandler(StoreHandler):
    """To the store `file`: rotating JSON Lines on disk."""

    default_store = "file"


class RedisHandler(StoreHandler):
    """To the store `redis`: all hosts. The line is handed over; a thread sends it."""

    default_store = "redis"

    def __init__(self, level: int | str = logging.NOTSET, store: str | None = None) -> None:
        super().__init__(level, store)
        with contextlib.suppress(ImportError):  # a check says what to install
            import_module("logconsole.stores.redis")  # takes a while, which no logging call should


class _Here:
    """What one thread is doing: the line of its last record, and what was logged while one is made."""

    __slots__ = ("is_emitting", "line", "msg", "nested", "record")

    def __init__(self) -> None:
        self.is_emitting = False
        self.nested: deque[tuple[StoreHandler, logging.LogRecord]] = deque()
        self.record: Callable[[], logging.LogRecord | None] = lambda: None
        self.msg: object = None
        self.line = b""


class _Thread(threading.local):
    """Optimization: one look-up in the thread for all of it."""

    def __init__(self) -> None:
        self.here = _Here()


class _Notice:
    at = 0.0
    lost = 0


def _least(given: object) -> int:
    """The level from which on a logger's records may enter a store; 0 for all but the transport's."""
    name = text(given)
    if not any(name == known or name.startswith(f"{known}.") for known in _TRANSPORT):
        if len(_usual) < MAX_NAMES:
            _usual.add(name)
        return 0
    if name == "django.channels.server":  # runserver's own line for each request, at any level
        return logging.CRITICAL
    return logging.ERROR if name == "asyncio" else logging.WARNING


def _keep_nested(here: _Here) -> None:
    """What was logged meanwhile, and what is logged while that is kept; not without end."""
    here.is_emitting = True
    try:
        for _ in range(MAX_NESTED):
            if not here.nested:
                return
            handler, record = here.nested.popleft()
            handler._keep(here, record)
        while here.nested:
            handler, record = here.nested.pop()
            handler.handleError(record)
    finally:
        here.is_emitting = False


def _made(here: _Here, record: logging.LogRecord) -> bytes:
    line = settings().lines.of(record)
    here.line, here.record, here.msg = line, ref(record), record.msg
    return line


_usual: set[str] = set()
"""Names of loggers whose records all enter."""
_loop_filter = LoopFilter()
_ONLY_OURS = [_loop_filter]
_thread = _Thread()
_notice = _Notice()
