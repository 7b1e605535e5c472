"""StringZilla, where it is there and right."""

from __future__ import annotations

from collections.abc import Callable
from operator import methodcaller

from logconsole.search.escapes import raw

try:
    import stringzilla
except ImportError:  # no wheel for this platform
    stringzilla = None

__all__ = ["HAS_STRINGZILLA", "Buffer", "Finder", "hits", "stringzilla"]

Buffer = bytes | bytearray
Finder = Callable[[int], int]
"""The position of the first hit at or behind a position, -1 if there is none."""

_PROBES = [
    ("Straße", "ss"),
    ("STRASSE", "straße".casefold()),
    ("x\u212aelvin", "kelvin"),
    ("a\u017fb", "asb"),
    ("o\ufb03ce", "fi"),
    ("\u0130x", "i"),
    ("ŽLUŤOUČKÝ", "žluť"),
    ("ΣΟΦΊΑΣ", "σοφίασ"),
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
        several = hits(bytearray(b"xabcABCxabc"), b"abc", 2, 11)
        if [several(2), several(4), several(5), several(9)] != [4, 4, 8, -1]:
            return False
        return min(found) >= 0 and set(absent) == {-1} and here == (1, 2)
    except (AttributeError, TypeError, ValueError):  # another major version
        return False


def hits(buffer: Buffer, needle: bytes, lo: int, hi: int) -> Finder:
    """Finds the bytes in any case up to `hi`, from positions that rise."""
    text = stringzilla.Str(memoryview(buffer)[lo:hi])  # Optimization: a needle is costly to begin with
    offsets = map(methodcaller("offset_within", text), stringzilla.utf8_uncased_matches(text, needle))
    last = lo - 1

    def find(position: int) -> int:
        nonlocal last
        while last < position:
            last = lo + next(offsets, hi)
        return last if last < hi else -1

    return find


HAS_STRINGZILLA = stringzilla is not None and _is_right()
