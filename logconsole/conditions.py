"""The parts of a query, each of which decides on one entry."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from logconsole.entry import Entry
from logconsole.fields import as_number, folded, is_like, plain, searched, values_of
from logconsole.regex import compiled, engine, literal, loosened
from logconsole.times import canonical

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}
_LONG = frozenset({"exc", "stack"})


class Condition(Protocol):
    """Decides on one entry."""

    def matches(self, entry: Entry) -> bool: ...


@dataclass(frozen=True)
class All:
    """Every part must match; matches without parts."""

    parts: tuple[Condition, ...]

    def matches(self, entry: Entry) -> bool:
        return all(part.matches(entry) for part in self.parts)


@dataclass(frozen=True)
class Either:
    """One part must match."""

    parts: tuple[Condition, ...]

    def matches(self, entry: Entry) -> bool:
        return any(part.matches(entry) for part in self.parts)


@dataclass(frozen=True)
class Without:
    """The part must not match."""

    part: Condition

    def matches(self, entry: Entry) -> bool:
        return not self.part.matches(entry)


@dataclass(frozen=True)
class Text:
    """The text occurs, case-insensitively, in the message, the traceback, the logger or a value of extra."""

    needle: str

    def matches(self, entry: Entry) -> bool:
        if self.needle in entry.msg.casefold():  # Optimization: where most are found
            return True
        if "\n" in self.needle:
            return any(self.needle in text.casefold() for text in searched(entry))
        return self.needle in folded(entry)


@dataclass(frozen=True)
class Pattern:
    """The regular expression occurs where `Text` would look. Raises `ValueError` if it cannot run."""

    pattern: str
    found: Callable[[str], bool] = field(init=False, repr=False, compare=False)
    may_be_found: Callable[[str], bool] = field(init=False, repr=False, compare=False)
    size: int = field(init=False, repr=False, compare=False)
    """Instructions of its program; 0 if it needs none."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "found", compiled(self.pattern))
        object.__setattr__(self, "may_be_found", loosened(self.pattern))
        object.__setattr__(self, "size", 0 if literal(self.pattern) is not None else engine(self.pattern).programsize)

    def matches(self, entry: Entry) -> bool:
        texts = searched(entry)
        return self.may_be_found("\n".join(texts)) and any(map(self.found, texts))


@dataclass(frozen=True)
class Has:
    """The entry has the field."""

    name: str

    def matches(self, entry: Entry) -> bool:
        return any(value not in ("", None) for value in values_of(entry, self.name))


@dataclass(frozen=True)
class Equals:
    """The field is the value, case-insensitively; `*` stands for any text. A logger finds its children."""

    name: str
    value: str

    def matches(self, entry: Entry) -> bool:
        return any(self._is(text.casefold()) for value in values_of(entry, self.name) if (text := plain(value)))

    def _is(self, value: str) -> bool:
        if "*" in self.value:
            return is_like(value, self.value.split("*"))
        if self.name in _LONG:
            return self.value in value
        return value == self.value or (self.name == "logger" and value.startswith(self.value + "."))


@dataclass(frozen=True)
class Compares:
    """The number in the field stands in the relation to the number."""

    name: str
    relation: str
    number: float

    def matches(self, entry: Entry) -> bool:
        values = [entry.number] if self.name in ("level", "levelno") else values_of(entry, self.name)
        compare = COMPARE[self.relation]
        return any(compare(number, self.number) for value in values if (number := as_number(value)) is not None)


@dataclass(frozen=True)
class Moment:
    """The entry was made in the relation to the instant."""

    relation: str
    instant: str

    def matches(self, entry: Entry) -> bool:
        return COMPARE[self.relation](canonical(entry.ts), self.instant)
