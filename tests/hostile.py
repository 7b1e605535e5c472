"""Values and records that break other handlers: each kind by its name."""

from __future__ import annotations

import array
import collections
import contextlib
import dataclasses
import datetime
import decimal
import enum
import logging
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.contrib.auth import get_user_model
from django.http import HttpRequest, QueryDict
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from tests.records import record

if sys.version_info < (3, 11):
    ExceptionGroup = RuntimeError


def raising(*names: str) -> Any:
    """An object of which each of these methods raises."""

    def method(*_: object) -> Any:
        raise RuntimeError(f"no {names}")

    return type("Raising", (), dict.fromkeys(names, method))()


def deep(kind: type, depth: int) -> Any:
    """Containers within containers."""
    made: Any = "end"
    for _ in range(depth):
        made = {"in": made} if kind is dict else kind([made])
    return made


def cyclic(made: Any) -> Any:
    """A container that holds itself."""
    made.update(self=made) if isinstance(made, dict) else made.append(made)
    return made


class Text(str):
    """Text that shows itself differently."""

    def __str__(self) -> str:
        return "other"


class Number(int):
    """A number with a text of its own."""

    __str__ = __repr__ = lambda self: "number"  # type: ignore[assignment]


class Colour(enum.Enum):
    """Some names."""

    RED = "red"


class Flags(enum.IntFlag):
    """Some bits."""

    A = 1


@dataclasses.dataclass
class Point:
    """Some fields."""

    x: float = float("nan")


class Changing(dict):  # type: ignore[type-arg]
    """A mapping that grows while somebody walks through it."""

    def items(self) -> Any:
        for number in range(10**6):
            self[number] = number
            yield number, number


class Endless(list):  # type: ignore[type-arg]
    """A list without an end."""

    def __iter__(self) -> Iterator[int]:
        while True:
            yield 1


class NotText:
    """`__str__` gives no text."""

    def __str__(self) -> str:
        return 5  # type: ignore[return-value]


class NotHashable(type):
    """A class that cannot be looked up."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(cls, other: object) -> bool:
        raise RuntimeError("not comparable")


def request() -> HttpRequest:
    """A request, whose query nobody should see."""
    made = HttpRequest()
    made.method, made.path, made.GET = "GET", "/\ud800", QueryDict("password=1")
    return made


VALUES: dict[str, Callable[[], Any]] = {
    "lone surrogate": lambda: "\ud800",
    "split pair": lambda: "\ud83d" + "\ude00",
    "file name": lambda: b"caf\xe9.txt".decode("utf-8", "surrogateescape"),
    "NUL": lambda: "a\0b",
    "control characters": lambda: "".join(map(chr, range(32))) + "\x7f\x85\u2028\u2029\ufeff",
    "escape sequences": lambda: "\x1b[31mred\x1b]0;title\x07",
    "newlines": lambda: 'line\r\n{"ts":"2026-11-24T00:00:00.000000Z","level":"INFO","msg":"forged"}\n',
    "noncharacters": lambda: "\uffff\U0010ffff",
    "not a number": lambda: float("nan"),
    "infinity": lambda: [float("inf"), -float("inf"), -0.0],
    "64 bits": lambda: [2**53 + 1, 2**63, 2**64, -(2**63) - 1],
    "4,300 digits": lambda: 10**5_000,
    "complex": lambda: 1j,
    "decimal": lambda: [decimal.Decimal("sNaN"), decimal.Decimal("1E+1000000")],
    "subclass of int": lambda: Number(5),
    "subclass of str": lambda: Text("text"),
    "bool": lambda: [True, {False: True}],
    "enumeration": lambda: [Colour.RED, Flags.A, Colour],
    "bytes": lambda: b"\xff\x00",
    "bytearray": lambda: bytearray(b"\xff"),
    "memoryview": lambda: memoryview(b"\xff"),
    "array": lambda: array.array("d", [float("nan")]),
    "set": lambda: {frozenset({1}), "a"},
    "generator": lambda: (number for number in range(3)),
    "named tuple": lambda: collections.namedtuple("Pair", "a b")(1, "\ud800"),
    "deque": lambda: collections.deque([1]),
    "chain map": lambda: collections.ChainMap({"a": 1}, {"b": 2}),
    "dataclass": Point,
    "date": lambda: [datetime.date.min, datetime.datetime.max, datetime.timedelta(1), datetime.time()],
    "uuid": lambda: uuid.UUID(int=0),
    "path": lambda: PurePosixPath("/tmp/\udcff"),
    "class": lambda: type,
    "function": lambda: len,
    "module": lambda: sys,
    "lock": threading.Lock,
    "exception": lambda: ValueError("\ud800"),
    "cycle of dicts": lambda: cyclic({}),
    "cycle of lists": lambda: cyclic([]),
    "deep dict": lambda: deep(dict, 5_000),
    "deep list": lambda: deep(list, 5_000),
    "deep tuple": lambda: deep(tuple, 5_000),
    "wide": lambda: list(range(100_000)),
    "changes while read": Changing,
    "endless": lambda: Endless([1]),
    "number keys": lambda: {1: 1, 1.5: 2, None: 3, False: 4, float("nan"): 5},
    "tuple keys": lambda: {(1, 2): 3, b"\xff": 4, frozenset(): 5},
    "surrogate key": lambda: {"\ud800": 1, "in": {"\udfff": 2}},
    "raising key": lambda: {raising("__str__", "__repr__"): 1},
    "huge key": lambda: {"k" * 200_000: 1},
    "huge text": lambda: "x" * 3_000_000,
    "huge wide text": lambda: "\U0001f600\0" * 100_000,
    "raising str": lambda: raising("__str__"),
    "raising repr": lambda: raising("__repr__"),
    "raising both": lambda: raising("__str__", "__repr__", "__format__"),
    "raising hash and eq": lambda: raising("__hash__", "__eq__", "__bool__", "__len__"),
    "raising attributes": lambda: raising("__getattribute__"),
    "raising iteration": lambda: type("Bad", (list,), {"__iter__": lambda self: 1 / 0})([1]),
    "raising mapping": lambda: type("Bad", (dict,), {"items": lambda self: 1 / 0})(a=1),
    "raising class": lambda: type("Bad", (), {"__class__": property(lambda self: 1 / 0)})(),
    "text that is none": NotText,
    "class without hash": lambda: NotHashable("Odd", (), {})(),
    "lazy translation": lambda: gettext_lazy("Yes"),
    "lazy failure": lambda: SimpleLazyObject(lambda: 1 / 0),
    "safe text": lambda: mark_safe("<b>"),  # never shown
    "request": request,
    "query set": lambda: get_user_model().objects.all(),
    "model": lambda: get_user_model()(username="\ud800"),
}


def with_exception(error: BaseException, **values: Any) -> logging.LogRecord:
    """A record of an exception that was raised."""
    with contextlib.suppress(BaseException):
        raise error
    return record("failed", exc_info=(type(error), error, error.__traceback__), **values)


def recursive() -> BaseException:
    """An exception that is its own cause's cause."""
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    return one


RECORDS: dict[str, Callable[[], logging.LogRecord]] = {
    "too few arguments": lambda: record("%s %s", 1),
    "too many arguments": lambda: record("%s", 1, 2),
    "wrong kind of argument": lambda: record("%d", "x"),
    "bad format": lambda: record("100% sure %", 1),
    "huge width": lambda: record("%5000000d", 1),
    "arguments by name": lambda: record("%(a)s", {"a": 1}),
    "missing name": lambda: record("%(b)s", {"a": 1}),
    "message that is none": lambda: record(None),  # type: ignore[arg-type]
    "message that is a dict": lambda: record({"event": "x"}),  # type: ignore[arg-type]
    "arguments that are none": lambda: record("x", args=7),
    "own keys": lambda: record("x", cursor="1", ts="2", line=3, extra={"a": 1}, exc=4, level=5, host=6, cut=7, user=8),
    "keys of logging": lambda: logging.makeLogRecord({"msg": "x", "message": "y", "asctime": "z", "taskName": 7}),
    "keys that are no text": lambda: record("x", **{"": 1, "a b": 2, "é\0": 3}),
    "level without name": lambda: record("x", levelname=None, levelno=35),
    "level that is no number": lambda: record("x", levelname="\ud800", levelno="high"),
    "huge level": lambda: record("x", levelname="TOP", levelno=10**30),
    "no logger": lambda: record("x", name=None),
    "no thread": lambda: record("x", threadName=None, thread=None, process=None, processName=None),
    "no place": lambda: record("x", pathname=None, lineno=None, funcName=None),
    "strange place": lambda: record("x", pathname="/\ud800", lineno=-1),
    "no time": lambda: record("x", created=None, msecs=None),
    "impossible time": lambda: record("x", created=float("nan")),
    "distant time": lambda: record("x", created=1e300),
    "no exception": lambda: record("x", exc_info=True),
    "no exception either": lambda: record("x", exc_info=(None, None, None)),
    "half an exception": lambda: record("x", exc_info=(ValueError, None, None)),
    "exception itself": lambda: record("x", exc_info=ValueError("itself")),
    "exception with raising text": lambda: with_exception(type("Bad", (Exception,), {"__str__": lambda self: 1 / 0})()),
    "exception with surrogates": lambda: with_exception(OSError(2, "no", "\udcff")),
    "chained without end": lambda: with_exception(recursive()),
    "group": lambda: with_exception(ExceptionGroup("several", [ValueError("\ud800"), KeyError(1)])),
    "exit": lambda: with_exception(SystemExit(1)),
    "cancelled": lambda: with_exception(KeyboardInterrupt()),
    "text of an exception": lambda: record("x", exc_text="\ud800"),
    "stack that is no text": lambda: record("x", stack_info=7),
}
