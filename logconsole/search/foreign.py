"""Lines that spell their texts or numbers otherwise than our own encoder does.

A search of raw bytes could miss what these hold: `\\u00e9` is an `é`, `5e2` is shown as `500.0`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import msgspec

from logconsole.regex import engine
from logconsole.search.escapes import ESCAPES
from logconsole.search.literals import Exact
from logconsole.search.stringsearch import Buffer, Finder

_OWN = frozenset(escape[1:].encode() for escape in ESCAPES.values() if escape[1] == "u")
_NUMBER = rb"[:,\[ \t\r]-?(?:[0-9]+(?:\.[0-9]+)?[eE]|[0-9]+\.[0-9]{15}|[0-9]{16,}\.|0\.0000)"
_TOKEN = re.compile(rb"-?[0-9][0-9.eE+-]*")


@dataclass(frozen=True)
class ForeignEscape:
    """An escape that begins with these bytes and is none of ours."""

    begin: Exact

    def find(self, buffer: Buffer, start: int, end: int) -> int:
        """Where the first one begins, -1 if there is none."""
        at = self.begin.find(buffer, start, end)
        while at >= 0 and not _is_foreign(buffer, at):
            at = self.begin.find(buffer, at + 2, end)
        return at

    def finder(self, buffer: Buffer, lo: int, hi: int) -> Finder:
        """Looks for it up to `hi`, over and over."""
        return partial(self.find, buffer, end=hi)


@dataclass(frozen=True)
class ForeignNumber:
    """A number that our encoder would write otherwise."""

    @cached_property
    def pattern(self) -> Any:
        """Compiled when it is first wanted: to show the newest entries takes no search."""
        try:
            return engine(_NUMBER)
        except ValueError:  # not installed
            return re.compile(_NUMBER)

    def find(self, buffer: Buffer, start: int, end: int) -> int:
        """Where the first one begins, -1 if there is none."""
        while found := self.pattern.search(buffer, start, end):
            start = found.end()
            token = _TOKEN.match(buffer, found.start() + 1, end)
            if token and not _is_canonical(token[0]):
                return found.start()  # type: ignore[no-any-return]
        return -1

    def finder(self, buffer: Buffer, lo: int, hi: int) -> Finder:
        """Looks for it up to `hi`, over and over."""
        return partial(self.find, buffer, end=hi)


ESCAPE = (ForeignEscape(Exact(b"\\u")), ForeignEscape(Exact(b"\\/")))
NUMBER = ForeignNumber()


def has_foreign_escapes(buffer: Buffer, lo: int, hi: int) -> bool:
    """Whether some line in the block has an escape or a number that our own encoder would write otherwise."""
    return any(foreign.find(buffer, lo, hi) >= 0 for foreign in (*ESCAPE, NUMBER))


def _is_foreign(buffer: Buffer, at: int) -> bool:
    before = at
    while before and buffer[before - 1] == 0x5C:
        before -= 1
    if (at - before) % 2:  # the second half of an escaped backslash
        return False
    return bytes(buffer[at + 1 : at + 6]) not in _OWN


def _is_canonical(token: bytes) -> bool:
    try:
        return msgspec.json.encode(float(token)) == token
    except ValueError:
        return False
