"""The stored lines of records, put together from parts that repeat: the same bytes as `Entry` encodes, sooner."""

from __future__ import annotations

import logging
from functools import lru_cache
from itertools import islice
from math import isfinite
from operator import attrgetter
from typing import Any

import msgspec

from logconsole.context import paths, request_id, user
from logconsole.entry import MAX_ENTRY_BYTES, Entry, EntryError
from logconsole.record import COUNT, HOST, LAST, NAMES, STANDARD, date, exception, extra, place
from logconsole.redact import Redactor
from logconsole.safe import MAX_INTEGER, MAX_VALUES, integer, text

MAX_FRAMES = 4096  # remembered: one for each place that logs, with its level, thread and process
MAX_KEYS = 2_000  # characters of all names that a call passes, for them to be remembered: some come from outside
_place = attrgetter("levelno", "name", "process", "threadName", "pathname", "lineno")
_THREE = [b"%03d" % number for number in range(1000)]
_encode = msgspec.json.Encoder().encode


class Lines:
    """Makes lines as the settings say: of any record whatsoever, at most `limit` bytes long; never raises."""

    def __init__(
        self,
        service: str = "web",
        limit: int = MAX_ENTRY_BYTES,
        base_dir: str = "",
        redactor: Redactor | None = None,
    ) -> None:
        self._given = service, limit, base_dir, redactor
        self._limit = limit
        self._redactor = redactor
        self._frames: dict[Any, tuple[bytes, bytes]] = {}
        self._names: dict[tuple[Any, ...], tuple[str, ...] | None] = {}

    def of(self, record: logging.LogRecord) -> bytes:
        """The line of the record: one JSON object, UTF-8, no newline."""
        try:  # Optimization: nearly every record, in one function
            if type(record) is not logging.LogRecord:
                return self._unusual(record)
            key = _place(record)
            before, behind = self._frames.get(key) or self._made_frame(*key)
            msg, args = record.msg, record.args
            if type(msg) is not str:
                if type(msg) is dict:  # structlog's, perhaps
                    return self._unusual(record)
                msg = record.getMessage()
            elif args:  # as getMessage does
                msg = msg % args
            if type(msg) is not str:
                return self._unusual(record)
            second, micro = divmod(int(record.created * 1e6 + 0.5), 1_000_000)
            own = record.__dict__  # from here on attributes are slower to get
            is_more = len(own) != COUNT or next(reversed(own)) != LAST
            if is_more and "request" in own:
                return self._unusual(record)
            if self._redactor is not None:
                msg = self._redactor.text(msg)
            if is_more or record.exc_info or record.exc_text or record.stack_info:
                behind += self._rest(record, own)
            elif request_id.get() or user.get():
                behind += _context()
            milli = _THREE[micro // 1000]
            line = b"".join((_date(second), milli, _THREE[micro % 1000], before, _encode(msg), behind, b"}"))
        except Exception:  # of any kind: a record may hold anything
            return self._unusual(record)
        return line if len(line) <= self._limit else Entry.decode(line).shortened(self._limit).line

    def _unusual(self, record: logging.LogRecord) -> bytes:
        return Entry.from_record(record, *self._given).line

    def _made_frame(self, *key: Any) -> tuple[bytes, bytes]:
        """What stands around the message, the same for all that is logged at one place."""
        number, logger, process, thread, path, lineno = key
        level, pid = NAMES[integer(number) or 0], integer(process)
        if pid is None or not isinstance(logger, str) or not isinstance(thread, str):
            raise EntryError("no usual record")
        service, _, base_dir, _ = self._given
        made = Entry(
            ts="",
            level=level,
            msg="",
            logger=text(logger),
            service=service,
            host=HOST,
            pid=pid,
            thread=text(thread),
            caller=place(path, lineno, base_dir),
        )
        start, _, behind = made.line.partition(b'"msg":""')
        frame = b"Z" + start.removeprefix(b'{"ts":"') + b'"msg":', behind[:-1]
        if len(self._frames) >= MAX_FRAMES:
            self._frames.clear()
        self._frames[key] = frame
        return frame

    def _rest(self, record: logging.LogRecord, own: dict[str, Any]) -> bytes:
        """What stands behind the caller."""
        exc = exception(record.exc_info, record.exc_text) if record.exc_info or record.exc_text else ""
        stack = text(record.stack_info) if record.stack_info else ""
        if self._redactor is not None:
            exc, stack = exc and self._redactor.text(exc), stack and self._redactor.text(stack)
        line = _context() if request_id.get() or user.get() else b""
        if exc:
            line += b',"exc":' + _encode(exc)
        if stack:
            line += b',"stack":' + _encode(stack)
        given = self._extra(own)
        return line + b',"extra":' + _encode(given) if given else line

    def _extra(self, own: dict[str, Any]) -> dict[str, Any] | None:
        """What the call passed as `extra=`, without secrets. Optimization: most are a few plain values."""
        redactor = self._redactor
        keys = tuple(islice(reversed(own), len(own) - COUNT + 1))
        names = self._names.get(keys) or self._made_names(keys)
        if names is None or paths.get():
            return self._any_extra(own)
        found = {}
        for name in names:
            value = found[name] = own[name]
            kind = type(value)
            if kind is int:
                is_plain = -MAX_INTEGER <= value <= MAX_INTEGER
            elif kind is str:
                is_plain = redactor is None or redactor.text(value) is value
            else:
                is_plain = value is None or kind is bool or (kind is float and isfinite(value))
            if not is_plain:
                return self._any_extra(own)
        return found

    def _any_extra(self, own: dict[str, Any]) -> dict[str, Any] | None:
        given = extra(own)
        return self._redactor.values(given) if given and self._redactor is not None else given

    def _made_names(self, keys: tuple[Any, ...]) -> tuple[str, ...] | None:
        if keys in self._names:
            return self._names[keys]
        names = self._usual_names(keys)
        if sum(map(len, keys)) <= MAX_KEYS:
            if len(self._names) >= MAX_FRAMES:
                self._names.clear()
            self._names[keys] = names
        return names

    def _usual_names(self, keys: tuple[Any, ...]) -> tuple[str, ...] | None:
        """Those of what the call passed, which stands behind what `logging` sets; None, if one needs a closer look."""
        names = tuple(key for key in reversed(keys) if key not in STANDARD)
        is_usual = keys[-1] == LAST and all(type(name) is str for name in names) and len(names) < MAX_VALUES
        redactor = self._redactor
        is_secret = redactor is not None and any(redactor.hides(name) or redactor.is_secret(name) for name in names)
        return names if is_usual and not is_secret else None


@lru_cache(maxsize=8)
def _date(second: int) -> bytes:
    return b'{"ts":"' + date(second).encode()


def _context() -> bytes:
    """What is known about the work in progress."""
    found = ((b"request_id", request_id.get()), (b"user", user.get()))
    return b"".join(b',"%b":%b' % (key, _encode(value)) for key, value in found if value)
