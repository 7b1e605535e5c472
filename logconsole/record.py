"""Python's `LogRecord`, taken apart: the values of an entry, whatever the record holds."""

from __future__ import annotations

import logging
import os
import socket
import time
import traceback
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from logconsole import structured
from logconsole.safe import integer, json_safe, printable, text

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
Change = Callable[[str], str]

HOST = printable(socket.gethostname())

NAMES = {number: name for name, number in LEVELS.items()}
_ORDER = list(vars(logging.makeLogRecord({})))  # how `logging` sets them; whatever is added comes behind
COUNT, LAST = len(_ORDER), _ORDER[-1]
STANDARD = frozenset(_ORDER) | {"message", "asctime", "taskName"}
_LAST_SECOND = 253_402_300_799  # the end of the year 9999


def values(record: logging.LogRecord, base_dir: str) -> dict[str, Any]:
    """What an entry takes from the record, as keyword arguments; never raises."""
    own = vars(record)
    get = own.get
    number, name, pid, thread = integer(get("levelno")), get("name"), integer(get("process")), get("threadName")
    level = None if number is None else NAMES.get(number)
    event = structured.event(own)
    return {
        "ts": timestamp(moment(get("created"))),
        "level": level or text(get("levelname") or f"Level {text(get('levelno'))}"),
        "levelno": None if level else _number(number),
        "msg": text(event.msg) if event else _message(record),
        "logger": name if type(name) is str else text(name or ""),
        "host": HOST,
        "pid": os.getpid() if pid is None else pid,
        "thread": thread if type(thread) is str else text(thread or ""),
        "caller": place(get("pathname"), get("lineno"), base_dir),
        "exc": (event and exception(event.exc_info, event.exc)) or exception(get("exc_info"), get("exc_text")),
        "stack": text(stack) if (stack := get("stack_info")) else "",
        "extra": _of_event(own, event.extra) if event else extra(own),
    }


def timestamp(seconds: float) -> str:
    """RFC 3339 in UTC with microseconds. Raises `ValueError` or `OverflowError` outside the years 1970 to 9999."""
    second, micro = divmod(int(seconds * 1e6 + 0.5), 1_000_000)
    return f"{date(second)}{micro:06d}Z"


def moment(created: object) -> float:
    """When the record was made; now, if that is no time."""
    is_time = isinstance(created, (float, int)) and 0 <= created <= _LAST_SECOND
    return float(created) if is_time else time.time()  # type: ignore[arg-type]  # it was looked at


@lru_cache(maxsize=8)
def date(second: int) -> str:
    """The time up to the point before the microseconds."""
    if not 0 <= second <= _LAST_SECOND:
        raise ValueError("not a time of this era")
    return time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(second))


def _number(number: int | None) -> int | None:
    """The number of a level that is none of Python's five, within what JSON readers can hold."""
    return None if number is None else max(min(number, 2**31), -(2**31))


def extra(own: dict[str, Any]) -> dict[str, Any] | None:
    """What the call passed as `extra=`."""
    if len(own) == COUNT and next(reversed(own)) == LAST:
        return None
    found = {key: value for key, value in own.items() if key not in STANDARD}
    return json_safe(found) if found else None


def _of_event(own: dict[str, Any], values: dict[str, Any]) -> dict[str, Any] | None:
    """What the event says, and what was passed as `extra=` beside it."""
    found = {key: value for key, value in own.items() if key not in STANDARD and key not in structured.CARRIED}
    return json_safe({**found, **values}) if found or values else None


def _message(record: logging.LogRecord) -> str:
    try:
        return text(record.getMessage())
    except Exception as error:
        why = f"{type(error).__name__}: {text(error)}"
        return f"{text(record.msg)} [not formatted with {text(_Repr(record.args))}: {why}]"


class _Repr(NamedTuple):
    """An object whose text is the `repr` of another."""

    value: object

    def __str__(self) -> str:
        return repr(self.value)


def exception(info: object, formatted: object) -> str:
    """The traceback; what another handler formatted only where the exception itself has not come along."""
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if not isinstance(info, tuple) or len(info) != 3 or info[0] is None:
        return text(formatted or "")
    try:
        return "".join(traceback.format_exception(*info)).rstrip("\n")
    except Exception as error:  # a hostile exception class
        return f"[traceback not formatted: {type(error).__name__}] {text(info[0])}"


def place(path: object, lineno: object, base_dir: str) -> str:
    """`path:line` of the logging call, relative to the project; nothing where it is not known."""
    line = integer(lineno)
    if not isinstance(path, str) or line is None or path == "(unknown file)":
        return ""
    root, path = base_dir.rstrip("/\\") + os.sep, text(path)
    return f"{path[len(root) :] if base_dir and path.startswith(root) else path}:{line}"


def shorten(value: str, longest: int) -> str:
    """The text, with the middle cut out of more than `longest` characters."""
    if len(value) <= longest:
        return value
    head = longest * 2 // 3
    return f"{value[:head]}… [{len(value) - longest:,} characters cut] …{value[head - longest :]}"
