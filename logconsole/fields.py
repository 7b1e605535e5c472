"""The fields of an entry, as a query names and compares them."""

from __future__ import annotations

from typing import Any

import msgspec

from logconsole.entry import Entry
from logconsole.record import LEVELS

_encode = msgspec.json.Encoder().encode
_KEYS = frozenset(Entry.__struct_fields__) - {"extra", "cursor"}


def folded(entry: Entry) -> str:
    """The texts in which words are looked for, without case, a newline between them; made once for all words."""
    kept: dict[str, Any] = entry.__dict__
    if "folded" not in kept:
        kept["folded"] = "\n".join(searched(entry)).casefold()
    return kept["folded"]  # type: ignore[no-any-return]  # a dict of anything


def searched(entry: Entry) -> list[str]:
    """The texts in which words are looked for."""
    texts = [entry.msg, entry.exc, entry.logger]
    if entry.extra:
        _collect(entry.extra, texts)
    return texts


def _collect(value: Any, texts: list[str]) -> None:
    """Add every value inside nested objects and lists, as text."""
    if isinstance(value, str):
        texts.append(value)
    elif isinstance(value, dict):
        for item in value.values():
            _collect(item, texts)
    elif isinstance(value, list):
        for item in value:
            _collect(item, texts)
    else:
        texts.append(plain(value))


def values_of(entry: Entry, name: str) -> list[Any]:
    """The values of a key of the entry, or of a key of extra, nested by dots; a list counts by its items."""
    if name in _KEYS:
        return [getattr(entry, name)]
    found = _inside(entry.extra or {}, name.removeprefix("extra."))
    return found if isinstance(found, list) else [found]


def _inside(value: Any, path: str) -> Any:
    if isinstance(value, dict):
        if path in value:
            return value[path]
        head, _, rest = path.partition(".")
        while rest:
            if head in value and (found := _inside(value[head], rest)) is not None:
                return found
            step, _, rest = rest.partition(".")
            head = f"{head}.{step}"
    return None


def plain(value: Any) -> str:
    """A value as JSON shows it, without quotes; nothing for null."""
    if isinstance(value, str):
        return value
    if type(value) is int:  # Optimization
        return str(value)
    return "" if value is None else _encode(value).decode()


def as_number(value: Any) -> float | None:
    """The value as a number, a level's name included; None if it is none."""
    if isinstance(value, str) and value.upper() in LEVELS:
        return LEVELS[value.upper()]
    try:
        return None if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def is_like(value: str, pieces: list[str]) -> bool:
    """Whether the text is made of the pieces in order, with any text between them; linear."""
    first, *middle, last = pieces
    if not value.startswith(first) or not value.endswith(last) or len(value) < len(first) + len(last):
        return False
    position, end = len(first), len(value) - len(last)
    for piece in middle:
        found = value.find(piece, position, end)
        if found < 0:
            return False
        position = found + len(piece)
    return True
