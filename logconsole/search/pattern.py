"""A regular expression as a tree, read from its text.

Only what is surely understood is read: a pattern with anything else is one about which nothing is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_DEPTH = 50  # groups

_REPEAT = re.compile(r"(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??")
_GROUP = re.compile(r"\((?:\?(?:P?<\w+>|[imsU-]*:))?")
_FLAGS = re.compile(r"\(\?[imsU-]+\)")
_CLASS = re.compile(r"\[\^?\]?(?:\[:\^?\w+:\]|\\[pP]\{[^}]*\}|\\[^QEC]|[^\]\\])*\]")
_KIND = re.compile(r"\\(?:[dDsSwW]|[pP](?:\{\^?\w+\}|[A-Z]))")
_NUMBER = re.compile(r"\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})")
_ESCAPED = re.compile(r"\\([^0-9A-Za-z_\x80-\U0010ffff])")
_CONTROLS = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}
_ASSERTIONS = ("\\b", "\\B", "\\A", "\\z", "^", "$")


class Unknown(ValueError):
    """Something in a pattern that is not understood."""


@dataclass(frozen=True)
class Character:
    """This one, in any case."""

    character: str


@dataclass(frozen=True)
class Kind:
    """One of several: `.`, a class, `\\d` and the like, as written."""

    text: str


@dataclass(frozen=True)
class Sequence:
    """One after the other."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """One of them."""

    options: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat:
    """Several times the same; `most` is None for any number."""

    item: Node
    least: int
    most: int | None


Node = Character | Kind | Sequence | Choice | Repeat
NOTHING = Sequence(())


def parsed(pattern: str) -> Node:
    """The tree of a pattern that google-re2 can run. Raises `Unknown`."""
    reader = _Reader(pattern)
    node = reader.choice(0)
    if reader.at < len(pattern):
        raise Unknown
    return node


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def choice(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise Unknown
        options = [self._sequence(depth)]
        while self._take("|"):
            options.append(self._sequence(depth))
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self, depth: int) -> Node:
        items: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            items.append(self._repeated(self._atom(depth)))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _repeated(self, item: Node) -> Node:
        while found := _REPEAT.match(self.text, self.at):
            self.at = found.end()
            sign, least, comma, most = found.groups()
            if sign:
                item = Repeat(item, int(sign == "+"), 1 if sign == "?" else None)
            else:
                item = Repeat(item, int(least), int(most) if most else None if comma else int(least))
        return item

    def _atom(self, depth: int) -> Node:
        if self._match(_FLAGS) or any(map(self._take, _ASSERTIONS)):
            return NOTHING
        if self._match(_GROUP):
            return self._group(depth)
        if (found := self._match(_CLASS)) or (found := self._match(_KIND)):
            return Kind(found[0])
        if self._take("."):
            return Kind(".")
        return self._quoted() if self._take("\\Q") else Character(self._character())

    def _group(self, depth: int) -> Node:
        node = self.choice(depth + 1)
        if not self._take(")"):
            raise Unknown
        return node

    def _quoted(self) -> Node:
        text, _, _ = self.text[self.at :].partition("\\E")
        self.at += len(text) + 2
        return Sequence(tuple(map(Character, text)))

    def _character(self) -> str:
        if found := self._match(_NUMBER):
            return chr(int(found[1] or found[2], 16))
        if found := self._match(_ESCAPED):
            return found[1]
        character = self.text[self.at]
        self.at += 1
        if character == "\\":
            character = _CONTROLS.get(self.text[self.at : self.at + 1], "")
            self.at += 1
        if not character or character in "([*+?":
            raise Unknown
        return character

    def _match(self, expected: re.Pattern[str]) -> re.Match[str] | None:
        found = expected.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found

    def _take(self, expected: str) -> bool:
        found = self.text.startswith(expected, self.at)
        self.at += len(expected) * found
        return found
