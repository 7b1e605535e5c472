"""structlog's way to hand an event over: a dictionary in the place of the message, by `wrap_for_formatter`."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

_SAID = ("event", "exception", "level", "logger", "timestamp", "exc_info", "stack_info")  # an entry has these itself
CARRIED = ("_logger", "_name")
"""Attributes that it gives the record for a formatter of its own."""


class Event(NamedTuple):
    """What the dictionary says."""

    msg: str
    exc_info: Any
    exc: str
    extra: dict[str, Any]


def event(own: dict[str, Any]) -> Event | None:
    """The event of a record with these attributes; None where its message is any other. Never raises."""
    given, args = own.get("msg"), own.get("args")
    if type(given) is not dict or not (args is None or (type(args) is tuple and not args)):
        return None
    try:
        return _event(given.copy())
    except Exception:  # a key that cannot be compared
        return None


def _event(given: dict[Any, Any]) -> Event | None:
    if type(given.get("event")) is not str:
        return None
    said, info = given.get("exception"), given.get("exc_info")
    values = {key: value for key, value in given.items() if key not in _SAID}
    raised = sys.exc_info() if info is True else info
    return Event(given["event"], raised, said if type(said) is str else "", values)
