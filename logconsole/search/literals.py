"""Texts looked for in raw lines, by StringZilla where it is there and right.

Its caseless search misses matches in some scripts (Vietnamese, Greek, parts of Latin), so only characters for which it
was compared with `str.casefold` at length are given to it; see `tests/search/test_literals.py`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from logconsole.search.escapes import escaped, raw

try:
    import stringzilla
except ImportError:  # no wheel for this platform
    stringzilla = None

Buffer = bytes | bytearray
Finder = Callable[[int], int]
"""The position of the first hit at or behind a position, -1 if there is none."""

LONGEST = 100  # characters of a text that are looked for

_PLAIN = r"\x00-@\[-`{-\x7f\u0590-\u109f\u1100-\u139f\u2e80-\ua63f\uac00-\ud7ff"
_UNCASED = re.compile(f"[{_PLAIN}]*")
"""Of characters that no other one is folded to."""
_LETTERS = (_PLAIN, r"\x00-\u017f", r"\x00-\x7f\u0400-\u052f", r"\x00-\x7f\u0530-\u058f")
_ALPHABETS = [re.compile(f"[{letters}]+") for letters in _LETTERS]
"""What StringZilla can look for: anything without case, Latin, Cyrillic and Armenian."""
_PROBES = [
    ("Straße", "ss"),
    ("STRASSE", "straße".casefold()),
    ("x\u212aelvin", "kelvin"),
    ("a\u017fb", "asb"),
    ("o\ufb03ce", "fi"),
    ("\u0130x", "i"),
    ("ŽLUŤOUČKÝ", "žluť"),
    ("ЖУРНАЛ", "журнал"),
    ('\ud800{"a":"MSG', "msg"),
]


def _is_right() -> bool:
    """Whether the StringZilla installed knows what is asked of it."""
    try:
        search, find = stringzilla.utf8_uncased_search, stringzilla.find
        found = [search(bytearray(text.encode("utf-8", "surrogatepass")), raw(needle)) for text, needle in _PROBES]
        absent = (
            search(bytearray(b"xabc"), b"ABC", 2, 4),
            search(b"abc", b"abd"),
            find(bytearray(b"xabc"), b"abc", 0, 3),
        )
        here = search(bytearray(b"xabc"), b"ABC", 1, 4), find(bytearray(b"xxabc"), b"abc", 1, 5)
        return min(found) >= 0 and set(absent) == {-1} and here == (1, 2)
    except (AttributeError, TypeError, ValueError):  # another major version
        return False


HAS_STRINGZILLA = stringzilla is not None and _is_right()


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
        """Looks for it up to `hi`, over and over."""
        return partial(self.find, buffer, end=hi)


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
