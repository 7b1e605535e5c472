"""Texts looked for in raw lines, by StringZilla where it is there and right.

Its caseless search misses matches in some scripts (Vietnamese, the rarer Latin letters), so only characters for which
it was compared with `str.casefold` at length are given to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import partial

from logconsole.search.escapes import escaped, raw
from logconsole.search.stringsearch import HAS_STRINGZILLA, Buffer, Finder, hits, stringzilla

LONGEST = 100  # characters of a text that are looked for

_PLAIN = r"\x00-@\[-`{-\x7f\u0590-\u109f\u1100-\u139f\u2e80-\ua63f\uac00-\ud7ff"
_UNCASED = re.compile(f"[{_PLAIN}]*")
"""Of characters that no other one is folded to."""
_LETTERS = (
    _PLAIN,
    r"\x00-\u017f",
    r"\x00-\x7f\u0370-\u03a1\u03a3-\u03ff",  # U+03A2 is none, but is taken for a sigma
    r"\x00-\x7f\u0400-\u052f",
    r"\x00-\x7f\u0530-\u058f",
)
_ALPHABETS = [re.compile(f"[{letters}]+") for letters in _LETTERS]
"""What StringZilla can look for: anything without case, Latin, Greek, Cyrillic, Armenian."""


@dataclass(frozen=True)
class Exact:
    """Bytes that stand in the line just so."""

    needle: bytes

    def find(self, buffer: Buffer, start: int, end: int) -> int:
        """Where the first one begins, -1 if there is none."""
        if HAS_STRINGZILLA:
            return stringzilla.find(buffer, self.needle, start, end)  # type: ignore[no-any-return]
        return buffer.find(self.needle, start, end)

    def finder(self, buffer: Buffer, lo: int, hi: int) -> Finder:
        """Looks for it up to `hi`, over and over."""
        return partial(self.find, buffer, end=hi)


@dataclass(frozen=True)
class Caseless:
    """Bytes in any case, all of them characters that StringZilla folds as Python does."""

    needle: bytes

    def find(self, buffer: Buffer, start: int, end: int) -> int:
        """Where the first one begins, -1 if there is none."""
        return stringzilla.utf8_uncased_search(buffer, self.needle, start, end)  # type: ignore[no-any-return]

    def finder(self, buffer: Buffer, lo: int, hi: int) -> Finder:
        """Looks for it up to `hi`, over and over, from positions that rise."""
        return hits(buffer, self.needle, lo, hi)


@dataclass(frozen=True)
class Folded:
    """Bytes in any case, found in a folded copy of the block: slower, and right for every text."""

    needle: bytes

    def find(self, buffer: Buffer, start: int, end: int) -> int:
        """The start, if it occurs, -1 if not."""
        return start if self.needle in _folded(buffer, start, end) else -1

    def finder(self, buffer: Buffer, lo: int, hi: int) -> Finder:
        """Tells the start of the line in which it occurs."""
        copy = _folded(buffer, lo, hi)
        starts = [lo, *(lo + found.end() for found in re.finditer(b"\n", bytes(buffer[lo:hi])))]
        copied = [0, *(found.end() for found in re.finditer(b"\n", copy))]

        def find(position: int) -> int:
            line = bisect_right(starts, position) - 1
            found = copy.find(self.needle, copied[line])
            return -1 if found < 0 else starts[bisect_right(copied, found) - 1]

        return find


Literal = Exact | Caseless | Folded


def caseless(text: str, before: str = "", after: str = "") -> Literal:
    """What finds every line with the casefolded text in it, in any case, between what stands there as it is."""
    whole = (before + escaped(text) + after)[:LONGEST]
    if _UNCASED.fullmatch(whole):
        return Exact(raw(whole))
    if not HAS_STRINGZILLA:
        return Folded(raw(whole))
    run = max((run for alphabet in _ALPHABETS for run in alphabet.findall(whole)), key=len, default="")
    if len(run) < min(len(whole), 4):
        return Folded(raw(whole))
    return Exact(raw(run)) if _UNCASED.fullmatch(run) else Caseless(raw(run))


def _folded(buffer: Buffer, lo: int, hi: int) -> bytes:
    return bytes(buffer[lo:hi]).decode("utf-8", "surrogateescape").casefold().encode("utf-8", "surrogateescape")
