"""Logging handlers: record -> entry -> store."""

from __future__ import annotations

import logging
import sys
import threading
import time
import weakref

from django.conf import settings as django_settings

from logconsole import conf
from logconsole.context import delivering
from logconsole.entry import Entry
from logconsole.stores.base import Store

_TRANSPORT = (
    *("asyncio", "autobahn", "channels", "channels_redis", "daphne", "django.channels.server"),
    *("push_response", "redis", "twisted", "uvicorn.error", "websockets"),
)
_TRANSPORT_PREFIXES = tuple(f"{name}." for name in _TRANSPORT)
_NOTICE_SECONDS = 60.0


class LoopFilter(logging.Filter):
    """Keeps out what carrying entries to a browser causes to be logged.

    It stands before any lock: what the transport logs under that lock would wait for ever.
    Warnings of the transport pass, but not those that asyncio gives about slow callbacks, ours included.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record may enter a store."""
        if delivering.get():
            return False
        name = record.name
        if name in _TRANSPORT or name.startswith(_TRANSPORT_PREFIXES):
            return record.levelno >= (logging.ERROR if name == "asyncio" else logging.WARNING)
        return True


class StoreHandler(logging.Handler):
    """Appends every record to a store. Never raises, never waits for a network, never calls itself."""

    default_store: str | None = None

    def __init__(self, level: int | str = logging.NOTSET, store: str | None = None) -> None:
        super().__init__(level)
        self.alias = store or self.default_store
        self.addFilter(_loop_filter)

    def handle(self, record: logging.LogRecord) -> bool | logging.LogRecord:  # type: ignore[override]
        """Filter and emit, without the handler's lock: a store has its own."""
        passed = self.filter(record)
        if passed:
            self.emit(passed if isinstance(passed, logging.LogRecord) else record)
        return passed

    def emit(self, record: logging.LogRecord) -> None:
        """Append the record's entry to the store."""
        if getattr(_here, "emitting", False):  # a __str__ of what is logged, that logs
            _here.nested = [*getattr(_here, "nested", []), (self, record)][:100]
            return
        _here.emitting = True
        try:
            self.store().append(self._entry(record))
        except Exception:
            self.handleError(record)
        finally:
            _here.emitting = False
        self._emit_nested()

    def store(self) -> Store:
        """The store of this handler's alias, resolved at use: logging is configured before apps are ready."""
        return conf.get_store(self.alias)

    def handleError(self, record: logging.LogRecord) -> None:
        """One line a minute on the real stderr: the application must neither notice nor be flooded."""
        if time.monotonic() < _notice.at or sys.__stderr__ is None:
            return
        _notice.at = time.monotonic() + _NOTICE_SECONDS
        kind, error, _ = sys.exc_info()
        try:
            sys.__stderr__.write(f"logconsole: an entry of {record.name!r} was not kept: {kind}: {error}\n")
        except Exception:
            return  # a closed stderr: there is nowhere left to tell it

    def _entry(self, record: logging.LogRecord) -> Entry:
        """The record's entry; made once for all handlers, unless a filter of this one may have changed it."""
        if len(self.filters) == 1 and (last := getattr(_here, "last", None)) and last[0]() is record:
            return last[1]  # type: ignore[no-any-return]
        entry = _made(record)
        _here.last = (weakref.ref(record), entry)
        return entry

    def _emit_nested(self) -> None:
        nested, _here.nested = getattr(_here, "nested", []), []
        for handler, record in nested:
            handler.emit(record)


class RingBufferHandler(StoreHandler):
    """To the store `ring`: this process, in memory."""

    default_store = "ring"


class JSONLHandler(StoreHandler):
    """To the store `file`: rotating JSON Lines on disk."""

    default_store = "file"


class _Notice:
    at = 0.0


def _made(record: logging.LogRecord) -> Entry:
    settings = conf.settings()
    return Entry.from_record(
        record,
        service=settings.service,
        limit=settings.max_entry_bytes,
        base_dir=str(getattr(django_settings, "BASE_DIR", "")),
    )


_loop_filter = LoopFilter()
_here = threading.local()
_notice = _Notice()
