"""The parameters of the console's addresses and of its socket, checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from logconsole import conf
from logconsole.formats import FORMATS
from logconsole.protocol import Subscribe
from logconsole.query import Query, QueryError
from logconsole.stores.base import CursorError, Store

MAX_LIMIT = 1000
MAX_BUCKETS = 500
DIRECTIONS = ("before", "after", "around")


class ParamError(ValueError):
    """A parameter that cannot be used; its text is for the person who sent it."""

    def __init__(self, message: str, param: str, status: int = 400, position: int | None = None) -> None:
        super().__init__(message)
        self.param = param
        self.status = status
        self.position = position

    @property
    def answer(self) -> dict[str, Any]:
        """The JSON object that says what is wrong."""
        told: dict[str, Any] = {"error": str(self), "param": self.param}
        return told if self.position is None else {**told, "position": self.position}


@dataclass(frozen=True)
class Asked:
    """What to look for, and in which store."""

    alias: str
    store: Store
    query: Query


def asked(alias: str | None, q: str, levels: Iterable[str], since: str | None, until: str | None) -> Asked:
    """The store and the query of these values. Raises `ParamError`."""
    name = alias or conf.aliases()[0]
    try:
        store = conf.get_store(name)
    except conf.UnknownStore as error:
        raise ParamError(str(error), "store", status=404) from error
    try:
        return Asked(name, store, conf.parse_query(q, levels, since or None, until or None))
    except QueryError as error:
        raise ParamError(str(error), error.param, position=error.position) from error


def from_url(values: QueryDict) -> Asked:
    """What the address asks for. Raises `ParamError`."""
    levels = [level for level in values.getlist("level") if level]
    return asked(values.get("store"), values.get("q", ""), levels, values.get("since"), values.get("until"))


def from_message(message: Subscribe) -> tuple[Asked, int]:
    """What a message of the socket asks for, and how much of it. Raises `ParamError`."""
    wanted = asked(message.store, message.q or "", message.level or [], message.since, message.until)
    try:
        wanted.store.reaches(message.after or "", "")
    except CursorError as problem:
        raise cursor_error(problem, "after") from problem
    return wanted, limit_of(message.limit)


def direction(values: QueryDict) -> tuple[str, str | None]:
    """Which way to read from which cursor; without one, backward from the end."""
    given = [name for name in DIRECTIONS if name in values]
    if len(given) > 1:
        raise ParamError(f"give one of {', '.join(DIRECTIONS)}, not {' and '.join(given)}", given[1])
    name = given[0] if given else "before"
    cursor = values.get(name)
    if name == "around" and not cursor:
        raise ParamError("around is the cursor of an entry", "around")
    return name, cursor if cursor or name == "after" else None


def limit_of(value: object) -> int:
    """How many entries at most."""
    return _number(value, "limit", MAX_LIMIT, default=500)


def buckets_of(value: object) -> int:
    """How many spans of time at most."""
    return _number(value, "buckets", MAX_BUCKETS, default=60)


def format_of(value: str | None) -> str:
    """The name of a format."""
    name = value or "text"
    if name not in FORMATS:
        raise ParamError(f"format is one of {', '.join(FORMATS)}, not {name!r}", "format")
    return name


def gzip_of(value: str | None) -> bool:
    """Whether to compress."""
    if value not in (None, "", "0", "1"):
        raise ParamError(f"gzip is 1 or 0, not {value[:40]!r}", "gzip")
    return value == "1"


def cursor_error(error: CursorError, param: str) -> ParamError:
    """A cursor of another store, or none at all."""
    return ParamError(f"{error}; send one that this store has handed out", param)


def _number(value: object, param: str, most: int, default: int) -> int:
    if value is None or value == "":
        return default
    text = str(value)
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
        return int(text)
    raise ParamError(f"{param} is a whole number from 1 to {most:,}, not {text[:40]!r}", param)
