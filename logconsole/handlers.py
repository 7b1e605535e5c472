"""Logging handlers: record -> entry -> store."""

from __future__ import annotations

import logging
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from functools import lru_cache

from logconsole import conf
from logconsole.context import delivering
from logconsole.entry import Entry
from logconsole.safe import text

_TRANSPORT = (
    *("asyncio", "autobahn", "channels", "channels_redis", "daphne", "django.channels.server"),
    *("push_response", "redis", "twisted", "uvicorn.error", "websockets"),
)
_OWN = ("django.request", "logconsole")  # errors of the console itself: it ends with them, so they end too
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
        least = _least(text(record.name))
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
            passed = self.filter(record)
            if passed:
                self.emit(record if passed is True else passed)  # a filter may replace it
        except Exception:
            self.handleError(record)
            return False
        return passed

    def emit(self, record: logging.LogRecord) -> None:
        """Append the record's entry to the store."""
        if _here.is_emitting:  # a __str__ of what is logged, that logs
            if len(_here.nested) < MAX_NESTED:
                _here.nested.append((self, record))
            else:
                self.handleError(record)
            return
        _here.is_emitting = True
        try:
            self._keep(record)
            for _ in range(MAX_NESTED):
                if not _here.nested:
                    return
                handler, nested = _here.nested.popleft()
                handler._keep(nested)
            while _here.nested:  # each of them logged another: that would never end
                self.handleError(_here.nested.pop()[1])
        finally:
            _here.is_emitting = False

    def _keep(self, record: logging.LogRecord) -> None:
        try:
            conf.get_store(self.alias).append(self._entry(record))
        except Exception:
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

    def _entry(self, record: logging.LogRecord) -> Entry:
        """The record's entry; made once for all handlers, unless a filter of this one may have changed it."""
        if len(self.filters) == 1 and _here.record() is record and _here.msg is record.msg:
            return _here.entry
        entry = _made(record)
        _here.record, _here.msg, _here.entry = weakref.ref(record), record.msg, entry
        return entry


class RingBufferHandler(StoreHandler):
    """To the store `ring`: this process, in memory."""

    default_store = "ring"


class JSONLHandler(StoreHandler):
    """To the store `file`: rotating JSON Lines on disk."""

    default_store = "file"


class _Here(threading.local):
    """What this thread is doing: the entry of its last record, and what was logged while one is made."""

    def __init__(self) -> None:
        self.is_emitting = False
        self.nested: deque[tuple[StoreHandler, logging.LogRecord]] = deque()
        self.record: Callable[[], logging.LogRecord | None] = lambda: None
        self.msg: object = None
        self.entry: Entry


class _Notice:
    at = 0.0
    lost = 0


@lru_cache(maxsize=4096)
def _least(name: str) -> int:
    """The level from which on a logger's records may enter a store; 0 for all but the transport's."""
    if not any(name == known or name.startswith(f"{known}.") for known in _TRANSPORT):
        return 0
    if name == "django.channels.server":  # runserver's own line for each request, at any level
        return logging.CRITICAL
    return logging.ERROR if name == "asyncio" else logging.WARNING


def _made(record: logging.LogRecord) -> Entry:
    now = conf.settings()
    return Entry.from_record(
        record, service=now.service, limit=now.max_entry_bytes, base_dir=now.base_dir, redactor=now.redactor
    )


_loop_filter = LoopFilter()
_here = _Here()
_notice = _Notice()
