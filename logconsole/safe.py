"""Values of any kind, made safe for JSON: bounded in depth and number, never raising."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any, NamedTuple

MAX_DEPTH = 8  # levels of nesting
MAX_VALUES = 2_000  # values in one entry, all levels together
MAX_INTEGER = 2**53 - 1  # beyond it JavaScript loses digits, so the number is kept as text
TOO_MUCH = "[too much to keep]"
_PLAIN = frozenset({str, bool, type(None)})
_LISTS = (list, tuple, set, frozenset)


def text(value: object) -> str:
    """``str(value)`` as an exact ``str``; a ``__str__`` that raises is told in the text."""
    if type(value) is str:
        return value
    try:
        made = value if isinstance(value, str) else str(value)
        return made if type(made) is str else str.__str__(made)
    except Exception as error:
        return f"[{type(value).__name__} without text: {type(error).__name__}]"


def integer(value: object) -> int | None:
    """The integer that the value equals; None, if there is none."""
    if type(value) is int:
        return value
    try:
        made = int(value)  # type: ignore[call-overload]  # of any kind
        return made if made == value else None
    except Exception:
        return None


def printable(value: str) -> str:
    """The text with lone surrogates, which UTF-8 cannot hold, written as ``\\udc80``."""
    return value.encode("utf-8", "backslashreplace").decode()


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed, keys too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {change(key): mapped(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [mapped(item, change) for item in value]
    return value


def json_safe(values: dict[Any, Any]) -> dict[str, Any]:
    """The values as JSON can hold them, copied if need be: ``str`` of anything else; depth, number, cycles bounded."""
    try:
        made = values if _are_plain(values) else _Copier().copy(values, 0)
    except Exception as error:  # a class that cannot even be looked up
        made = f"[not readable: {type(error).__name__}]"
    return made if isinstance(made, dict) else {"": made}


def _are_plain(values: dict[Any, Any]) -> bool:
    """Optimization: whether nothing needs a closer look, as with nearly all that is logged."""
    for key, value in values.items():
        kind = type(value)
        if kind is int:
            if not -MAX_INTEGER <= value <= MAX_INTEGER:
                return False
        elif kind not in _PLAIN and not (kind is float and isfinite(value)):
            return False
        if type(key) is not str:
            return False
    return len(values) < MAX_VALUES


def _is_small(kind: type, value: Any) -> bool:
    return -MAX_INTEGER <= value <= MAX_INTEGER if kind is int else kind is float and isfinite(value)


class _Request(NamedTuple):
    """A Django request, whose own text would show the query string: method and path only."""

    request: Any

    def __str__(self) -> str:
        return f"{self.request.method} {self.request.path}"


class _Copier:
    """One walk over nested values, which counts what it has copied."""

    def __init__(self) -> None:
        self.copied = 0

    def copy(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind in _PLAIN or _is_small(kind, value):
            return value
        if kind is int:
            return _integer(value)
        if isinstance(value, (Mapping, *_LISTS)):
            return self._container(value, depth)
        return text(_Request(value)) if hasattr(kind, "get_full_path") else text(value)

    def _container(self, value: Any, depth: int) -> Any:
        if depth >= MAX_DEPTH:
            return TOO_MUCH
        try:
            if isinstance(value, Mapping):
                return self._mapping(value, depth + 1)
            return self._list(value, depth + 1)
        except Exception as error:  # a hostile container: raising iterator, changed while walked
            return f"[{type(value).__name__} not readable: {type(error).__name__}]"

    def _mapping(self, value: Mapping[object, object], depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, item in value.items():
            if self._is_full():
                made[TOO_MUCH] = len(value)
                break
            made[key if type(key) is str else text(key)] = self.copy(item, depth)
        return made

    def _list(self, value: Any, depth: int) -> list[Any]:
        made: list[Any] = []
        for item in value:
            if self._is_full():
                made.append(TOO_MUCH)
                break
            made.append(self.copy(item, depth))
        return made

    def _is_full(self) -> bool:
        self.copied += 1
        return self.copied > MAX_VALUES


def _integer(value: int) -> str:
    """A large integer in decimal, or in hexadecimal where Python refuses (over 4,300 digits)."""
    try:
        return str(value)
    except ValueError:
        return hex(value)
