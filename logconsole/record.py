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

from logconsole.safe import json_safe, printable, text

__all__ = ["HOST", "LEVELS", "Change", "mapped", "printable", "shorten", "values"]

LEVELS = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
Change = Callable[[str], str]

HOST = printable(socket.gethostname())

_NAMES = {number: name for name, number in LEVELS.items()}
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_PLAIN_LENGTH = len(vars(logging.makeLogRecord({})))  # of a record that nobody has added anything to
_LAST_SECOND = 253_402_300_799  # the end of the year 9999


def values(record: logging.LogRecord, base_dir: str) -> dict[str, Any]:
    """What an entry takes from the record, as keyword arguments; never raises."""
    own = vars(record)
    level, levelno = _level(own.get("levelname"), own.get("levelno"))
    pid, stack = own.get("process"), own.get("stack_info")
    return {
        "ts": timestamp(own.get("created")),
        "level": level,
        "levelno": levelno,
        "msg": _message(record),
        "logger": text(own.get("name", "")),
        "host": HOST,
        "pid": pid if type(pid) is int else os.getpid(),
        "thread": text(own.get("threadName") or ""),
        "caller": _caller(own, base_dir),
        "exc": _exception(own) if own.get("exc_info") or own.get("exc_text") else "",
        "stack": text(stack) if stack else "",
        "extra": None if len(own) == _PLAIN_LENGTH else _extra(own),
    }


def _extra(own: dict[str, Any]) -> dict[str, Any] | None:
    extra = {key: value for key, value in own.items() if key not in _STANDARD}
    return json_safe(extra) if extra else None


def timestamp(created: object) -> str:
    """RFC 3339 in UTC with microseconds; now, if `created` is no time."""
    seconds = created if isinstance(created, (int, float)) and 0 <= created <= _LAST_SECOND else time.time()
    second, microsecond = divmod(round(seconds * 1_000_000), 1_000_000)
    return f"{_second(second)}.{microsecond:06d}Z"


@lru_cache(maxsize=8)
def _second(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


def _level(name: object, number: object) -> tuple[str, int | None]:
    """Python's five by their number, whatever they were renamed to; any other with its number."""
    if type(number) is not int:
        return text(name or "INFO"), None
    if number in _NAMES:
        return _NAMES[number], None
    return text(name or f"Level {number}"), max(min(number, 2**31), -(2**31))


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


def _caller(own: dict[str, Any], base_dir: str) -> str:
    path = own.get("pathname")
    if type(path) is not str or not path or path == "(unknown file)":
        return ""
    return f"{_relative(path, base_dir)}:{own.get('lineno')}" if type(own.get("lineno")) is int else path


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
