"""A regular expression that finds, in raw lines, at least what another one finds in their texts.

Every class is replaced by what its characters look like in JSON, assertions are dropped, large counts become "many".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any

from logconsole.regex import engine
from logconsole.search.escapes import ESCAPES
from logconsole.search.pattern import Character, Choice, Kind, Node, Repeat, Sequence
from logconsole.search.stringsearch import Buffer, Finder

MOST = 8  # times that a repetition is counted

_ANY_ESCAPE = r'\\(?:["\\bfnrt]|u00[01][0-9a-f])'
_ANY = rf'(?:[^"\\\n]|{_ANY_ESCAPE})'


@dataclass(frozen=True)
class RawPattern:
    """Runs on raw bytes."""

    pattern: Any

    def find(self, buffer: Buffer, start: int, end: int) -> int:
        """Where the first match begins, -1 if there is none."""
        found = self.pattern.search(buffer, start, end)
        return found.start() if found else -1

    def finder(self, buffer: Buffer, lo: int, hi: int) -> Finder:
        """Looks for it up to `hi`, over and over."""
        return partial(self.find, buffer, end=hi)


def raw_pattern(node: Node) -> RawPattern | None:
    """What finds every line in which the pattern occurs; None if that would be every line, or too much work."""
    pattern = _compiled(_raw(node))
    return None if pattern is None or pattern.search(b"") else RawPattern(pattern)


def _raw(node: Node) -> str:
    if isinstance(node, Character):
        return _quoted(ESCAPES.get(node.character, node.character))
    if isinstance(node, Kind):
        return _kind(node.text)
    if isinstance(node, Sequence):
        return "".join(map(_raw, node.items))
    if isinstance(node, Choice):
        return f"(?:{'|'.join(map(_raw, node.options))})"
    return _repeated(node)


def _repeated(node: Repeat) -> str:
    least = min(node.least, MOST)
    most = node.most if node.most is not None and node.most <= MOST else ""
    return f"(?:{_raw(node.item)}){{{least},{most}}}"


def _kind(text: str) -> str:
    """One character of the class as JSON writes it. A class must not run over the end of a line."""
    if text == ".":
        return _ANY
    of_line = _of_line(text)
    has = _compiled(text)
    if has is None or _compiled(of_line) is None or _compiled(of_line).search("\n"):
        return _ANY
    escapes = [_quoted(escape) for character, escape in ESCAPES.items() if has.search(character)]
    return f"(?:{'|'.join([of_line, *escapes])})"


def _of_line(text: str) -> str:
    """The class without the characters that no line holds as they are."""
    if text in ("\\D", "\\W", "\\S"):
        return rf'[^"\\\n{text.lower()}]'
    if text == "\\s":
        return " "
    if text.startswith("[^"):
        first = "\\]" if text[2] == "]" else text[2]
        return rf'[^"\\\n{first}{text[3:]}'
    return re.sub(r"\\(.)", lambda found: " " if found[1] in "sfnrtv" else found[0], text)


def _quoted(text: str) -> str:
    return re.sub(r"([^0-9A-Za-z_\x80-\U0010ffff])", r"\\\1", text)


def _compiled(pattern: str) -> Any:
    try:
        return engine(pattern)
    except ValueError:  # too large, or not to be written in UTF-8
        return None
