"""What must occur in the raw line of an entry that matches a condition."""

from __future__ import annotations

import re
from functools import singledispatch
from math import sqrt
from typing import NamedTuple

from logconsole import regex
from logconsole.conditions import COMPARE, All, Compares, Condition, Either, Equals, Has, Pattern, Text
from logconsole.entry import Entry
from logconsole.record import LEVELS
from logconsole.search.comparison import Compared
from logconsole.search.escapes import escaped, raw
from logconsole.search.literals import Exact, Folded, Literal, caseless
from logconsole.search.pattern import Node, Unknown, parsed
from logconsole.search.rawpattern import RawPattern, raw_pattern
from logconsole.search.required import MOST, required

_OWN = frozenset(Entry.__struct_fields__) - {"extra", "cursor"}
_PARTS = frozenset({"exc", "stack"})
_NUMBERS = frozenset({"pid", "levelno", "cut"})
_NUMERIC = re.compile(rb"[-+.0-9e]+")
_TEXT = re.compile(r"(?!true$|false$|[-+.0-9e]*$)[^\[{].*", re.DOTALL)
"""What can only be equal to a text."""
_SYNTAX = re.compile(r'[][{}:,"\\*\x00-\x1f]+')
_BEGIN = re.compile(r'[^][{}:,"\\*\x00-\x1f0-9A-Za-z.+-]')
"""What only a text can begin with."""
ENOUGH = 4  # rarity of a text beside which no pattern is needed
PIECES = 4  # of a value with `*` that are looked for
_USUAL = (
    b'{"ts":"20 ","level":" "info" "debug","msg":" "logger":" "service":" "host":" "pid":10,"thread":"mainthread",'
    b'"caller":" .py: "request_id":" "extra":{ "web" "}}'
)
"""What stands in nearly every line."""


class Need(NamedTuple):
    """Any one of these must occur."""

    options: tuple[Literal | RawPattern | Compared, ...]

    @property
    def is_numeric(self) -> bool:
        """Whether a number spelled otherwise may hide it."""
        return any(isinstance(one, RawPattern) or _NUMERIC.fullmatch(one.needle) for one in self.options)

    def is_check(self, *, plain: bool) -> bool:
        """Whether it is quicker to look for it in a candidate than to decode that, and as sure."""
        return not any(isinstance(one, RawPattern) for one in self.options) and (plain or not self.is_numeric)

    @property
    def rarity(self) -> float:
        """How few lines are likely to have it, and how fast they are found; 0: nearly all have it."""
        return min(map(_rarity, self.options), default=0) / sqrt(max(len(self.options), 1))


def _rarity(option: Literal | RawPattern | Compared) -> float:
    if isinstance(option, RawPattern):
        return 2.5
    if option.needle.lower() in _USUAL:
        return 0
    return min(len(option.needle), 20) / (2 if isinstance(option, Folded) else 1)


@singledispatch
def needs(condition: Condition) -> list[Need]:
    """What must occur, each of them; nothing where any line may match."""
    return []


@needs.register
def _(condition: All) -> list[Need]:
    return [need for part in condition.parts for need in needs(part)]


@needs.register
def _(condition: Either) -> list[Need]:
    parts = [needs(part) for part in condition.parts]
    if not all(parts):
        return []
    options = {option for part in parts for option in max(part, key=lambda need: need.rarity).options}
    return [Need(tuple(options))] if len(options) <= MOST else []


@needs.register
def _(condition: Text) -> list[Need]:
    return [Need((caseless(condition.needle),))] if condition.needle else []


@needs.register
def _(condition: Has) -> list[Need]:
    return _key(condition.name)


@needs.register
def _(condition: Compares) -> list[Need]:
    if condition.name not in ("level", "levelno"):
        return _compared(condition) or _key(condition.name)
    compare = COMPARE[condition.relation]
    if compare(0, condition.number):  # a name that says nothing of its number
        return []
    names = [name for name in LEVELS if compare(LEVELS[name], condition.number)]
    return [Need((*map(_value, names), *_key("levelno")[0].options))]


@needs.register
def _(condition: Equals) -> list[Need]:
    return _key(condition.name) + (_own(condition) if condition.name in _OWN else _inner(condition))


@needs.register
def _(condition: Pattern) -> list[Need]:
    if (needle := regex.literal(condition.pattern)) is not None:
        return needs(Text(needle))
    try:
        node = parsed(condition.pattern)
    except Unknown:
        return []
    return _of_pattern(node)


def of_levels(levels: frozenset[str]) -> list[Need]:
    """What an entry of one of the levels must have."""
    return [Need(tuple(map(_value, sorted(levels))))] if 0 < len(levels) <= MOST else []


def _of_pattern(node: Node) -> list[Need]:
    found = [Need(tuple(map(caseless, texts))) for texts in required(node)]
    if max((need.rarity for need in found), default=0) >= ENOUGH:
        return found
    pattern = raw_pattern(node)
    return [*found, Need((pattern,))] if pattern else found


def _key(name: str) -> list[Need]:
    """Of the key itself, or of the nested ones that its dots may lead through."""
    path = name if name in _OWN else name.removeprefix("extra.")
    first, last = path.partition(".")[0], path.rpartition(".")[2]
    if first == last == path:
        return [_exact(f'"{escaped(path)}"')]
    return [_exact(f'"{escaped(first)}'), _exact(f'{escaped(last)}"')]


def _compared(condition: Compares) -> list[Need]:
    path = condition.name.removeprefix("extra.")
    if condition.name in _OWN or "." in path:
        return []
    return [Need((Compared(Exact(raw(f'"{escaped(path)}"')), condition.relation, condition.number),))]


def _own(condition: Equals) -> list[Need]:
    """Of the value of a key of ours, which is a text, or a whole number."""
    first, *pieces = condition.value.split("*")
    if condition.name in _NUMBERS:
        return [_exact(piece) for piece in (first, *pieces) if piece]
    if not pieces and condition.name in _PARTS:
        return needs(Text(first))
    if not pieces:
        return [Need((caseless(first, '"', "" if condition.name == "logger" else '"'),))]
    *middle, last = pieces
    found = [caseless(first, before='"'), *map(caseless, filter(None, middle)), caseless(last, after='"')]
    return [Need((one,)) for one in found[:PIECES]]


def _inner(condition: Equals) -> list[Need]:
    """Of a value in extra: a text, a number, true or false, or the JSON of an object."""
    value = condition.value
    if _TEXT.fullmatch(value) and "*" not in value:
        return [Need((_value(value),))]
    longest = max(_SYNTAX.split(value), key=len)
    is_begin = value.startswith(longest) and _BEGIN.match(value)
    return [Need((caseless(longest, before='"' if is_begin else ""),))] if longest else []


def _value(text: str) -> Literal:
    return caseless(text.casefold(), '"', '"')


def _exact(line: str) -> Need:
    return Need((Exact(raw(line)),))
