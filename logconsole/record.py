"""Python's `LogRecord`, taken apart: the values of an entry, whatever the record holds."""

from __future__ import annotations

import logging
import os
import socket
import time
import traceback
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from logconsole.safe import json_safe, printable, text

__all__ = ["HOST", "LEVELS", "Change", "mapped", "printable", "shorten", "values"]

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
Change = Callable[[str], str]

HOST = printable(socket.gethostname())

_NAMES = {number: name for name, number in LEVELS.items()}
_ORDER = list(vars(logging.makeLogRecord({})))  # how `logging` sets them; whatever is added comes behind
_STANDARD = frozenset(_ORDER) | {"message", "asctime", "taskName"}
_LAST_SECOND = 253_402_300_799  # the end of the year 9999


def values(record: logging.LogRecord, base_dir: str) -> dict[str, Any]:
    """What an entry takes from the record, as keyword arguments; never raises."""
    own = vars(record)
    get = own.get
    number, name, pid, thread = get("levelno"), get("name"), get("process"), get("threadName")
    level = _NAMES.get(number) if type(number) is int else None
    return {
        "ts": timestamp(get("created")),
        "level": level or text(get("levelname") or f"Level {text(number)}"),
        "levelno": None if level else _number(number),
        "msg": _message(record),
        "logger": name if type(name) is str else text(name or ""),
        "host": HOST,
        "pid": pid if type(pid) is int else os.getpid(),
        "thread": thread if type(thread) is str else text(thread or ""),
        "caller": _caller(get("pathname"), get("lineno"), base_dir),
        "exc": _exception(own) if get("exc_info") or get("exc_text") else "",
        "stack": text(stack) if (stack := get("stack_info")) else "",
        "extra": None if next(reversed(own), None) == _ORDER[-1] else _extra(own),
    }


def timestamp(created: object) -> str:
    """RFC 3339 in UTC with microseconds; now, if `created` is no time."""
    seconds = created if isinstance(created, (float, int)) and 0 <= created <= _LAST_SECOND else time.time()
    second = int(seconds)
    return f"{_second(second)}.{min(int((seconds - second) * 1e6 + 0.5), 999_999):06d}Z"


@lru_cache(maxsize=8)
def _second(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


def _number(number: object) -> int | None:
    """The number of a level that is none of Python's five, within what JSON readers can hold."""
    return max(min(number, 2**31), -(2**31)) if type(number) is int else None


def _extra(own: dict[str, Any]) -> dict[str, Any] | None:
    """What the call passed as `extra=`. Optimization: it stands behind what `logging` sets itself."""
    behind = iter(own.items())
    if next(islice(behind, len(_ORDER) - 1, None), ("", None))[0] != _ORDER[-1]:
        behind = iter(own.items())
    extra = {key: value for key, value in behind if key not in _STANDARD}
    return json_safe(extra) if extra else None


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


def _exception(own: dict[str, Any]) -> str:
    """The traceback; what another handler formatted only where the exception itself has not come along."""
    info = own.get("exc_info")
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if not isinstance(info, tuple) or len(info) != 3 or info[0] is None:
        return text(own.get("exc_text") or "")
    try:
        return "".join(traceback.format_exception(*info)).rstrip("\n")
    except Exception as error:  # a hostile exception class
        return f"[traceback not formatted: {type(error).__name__}] {text(info[0])}"


def _caller(path: object, lineno: object, base_dir: str) -> str:
    if type(path) is not str or type(lineno) is not int or path == "(unknown file)":
        return ""
    return f"{_relative(path, base_dir)}:{lineno}"


@lru_cache(maxsize=4096)
def _relative(path: str, base_dir: str) -> str:
    inside = base_dir and path.startswith(base_dir.rstrip("/\\") + os.sep)
    return path[len(base_dir.rstrip("/\\")) + 1 :] if inside else path


def shorten(value: str, longest: int) -> str:
    """The text, with the middle cut out of more than `longest` characters."""
    if len(value) <= longest:
        return value
    head = longest * 2 // 3
    return f"{value[:head]}… [{len(value) - longest:,} characters cut] …{value[head - longest :]}"


def mapped(value: Any, change: Change) -> Any:
    """The value with every text in it changed, keys too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(key): mapped(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [mapped(item, change) for item in value]
    return value
