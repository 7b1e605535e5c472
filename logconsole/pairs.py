"""Secrets that stand beside their name: `password=x`, `"token": "x"`, `Cookie: x; y`, `?api_key=x&page=2`."""

from __future__ import annotations

import re
from typing import NamedTuple

from logconsole.secretnames import SHORT, Kind, Names
from logconsole.secrets import REDACTED

_BACKWARDS = re.compile(r"""[=:][ \t]{0,20}["'\]\[\\]{0,6}([\w-]+)""")  # separator, spaces, what closes a name, a name
_NEXT = r"""[\\"']{0,4}[\w.%\[-]{1,40}[\\"'\]]{0,4}\s?[=:]"""  # the name of the next pair
_END = rf"""[,;&|](?:\s|$|{_NEXT})|[\\"')\]}}>]{{1,8}}(?:[\s,;:.&|]|$)"""
_WORD = rf"(?:\[redacted\]|(?!{_END})\S)+"
_BRACKETS = r"(?:\[[^\]\n]*\]?|\([^)\n]*\)?|\{[^}\n]*\}?|<[^>\n]*>?)"
_START = rf"(?=(?P<gap>[=:]?>?[ \t]{{0,20}}))(?P=gap)(?!\[redacted\](?:[\s@]|$|{_END}))"
_QUOTED = (  # quotes that are escaped themselves end where as many backslashes stand before one
    r"""[BbFfRrUu]{0,2}(?P<quote>(?P<escaped>\\{1,7})?["'])"""
    r"""(?P<quoted>(?:\\.|[^\\\n])*?)(?:(?(escaped)(?<!\\))(?P=quote)|\\?$)"""
)
_VALUE = re.compile(rf"{_START}(?:{_QUOTED}|(?P<bare>{_BRACKETS}(?:{_WORD})?|{_WORD}))", re.M)
_SCHEME = r"(?:Digest|OAuth|Hawk|AWS4)\b.*|(?:[A-Za-z][\w-]*[ ]+)?"
_HEADER = re.compile(rf"{_START}(?:{_QUOTED}|(?P<bare>{_BRACKETS}|{_SCHEME}{_WORD}(?:;[ ]*{_WORD})*))", re.M)
_NOTHING = re.compile(r"(?:None|null|NULL|nil|undefined|True|true|False|false|\*+|%s|%\(\w+\)s|\?|\$\d+)[,;:.]?")
_SPOKEN = re.compile(r"[A-Za-z-]+[,;:.!?)]*")
_NUMBER = re.compile(r"-?\d[\d.,_]*%?")


class Pairs(NamedTuple):
    """All pairs whose name is that of a secret."""

    names: Names

    def hide(self, text: str) -> str:
        """The text without the values of these names.

        Optimization: it is read backwards, from one separator to the next, because names are many and separators few.
        """
        names, backwards = self.names, text[::-1]
        for name in _BACKWARDS.findall(backwards):
            if names[name[::-1]]:
                return self._without(text, backwards)
        return text

    def _without(self, text: str, backwards: str) -> str:
        parts, end = [], 0
        for pair in reversed(list(_BACKWARDS.finditer(backwards))):
            kind, at = self.names[pair[1][::-1]], len(text) - pair.start()
            start, stop = _span(text, at, kind) if kind and at > end else (0, 0)
            if start < stop:
                parts += [text[end:start], REDACTED]
                end = stop
        return "".join(parts) + text[end:]


def _span(text: str, at: int, kind: Kind) -> tuple[int, int]:
    """Where the value is that begins behind the separator; nowhere, if it tells nothing."""
    match = (_HEADER if kind == "header" else _VALUE).match(text, at)
    if match is None:
        return 0, 0
    if match["quote"]:
        return match.span("quoted") if kind != "long" or len(match["quoted"]) > SHORT else (0, 0)
    bare = match["bare"]
    if (kind == "long" and len(bare) <= SHORT) or (kind == "alone" and _is_spoken(text, at, bare)):
        return 0, 0
    is_count = kind != "one" and _NUMBER.fullmatch(bare)
    return (0, 0) if is_count or _NOTHING.fullmatch(bare) or _is_code(text, at, bare) else match.span("bare")


def _is_spoken(text: str, at: int, value: str) -> bool:
    """Whether it is a word of a sentence, as in `second pass: merging`."""
    is_quoted = text[max(at - 22, 0) : at - 1].rstrip().endswith(("'", '"'))
    return text[at - 1] == ":" and not is_quoted and bool(_SPOKEN.fullmatch(value))


def _is_code(text: str, at: int, value: str) -> bool:
    """Whether it is an expression in a source line of a traceback: there only literals can be secrets."""
    line = text.rfind("\n", max(at - 1000, 0), at) + 1
    before = text.rfind("\n", max(line - 1000, 0), max(line - 1, 0)) + 1
    if not (text.startswith("    ", line) and text.startswith('  File "', before)):
        return False
    ahead = text[line:at]
    is_literal = value[0].isdigit() or "#" in ahead or ahead.count("'") % 2 or ahead.count('"') % 2
    return not is_literal
