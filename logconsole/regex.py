"""Regular expressions that run in linear time, whatever a user writes.

A pattern without metacharacters needs no engine. Any other needs google-re2 (`django-logconsole[regex]`):
Python's own `re` backtracks, and one pattern of a user could hang the process.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

MAX_PATTERN = 1_000  # characters
MAX_PROGRAM = 10_000
"""Instructions of a compiled pattern. Linear time is long with more: 17 s were measured for one entry of 64 kB."""
METACHARACTERS = frozenset(".^$*+?{}[]|()\\")
_BOUND = re.compile(r"\\[Az]|\(\?\w*-")
"""What looks for the ends of the whole text, or may."""
_ESCAPED = re.compile(r"\\([^0-9A-Za-z])")


def compiled(pattern: str) -> Callable[[str], bool]:
    """A function that tells whether the pattern, case-insensitively, occurs in a text.

    Raises `ValueError` that says why the pattern cannot run.
    """
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"a pattern may have {MAX_PATTERN:,} characters; this one has {len(pattern):,}")
    if (needle := literal(pattern)) is not None:
        return lambda text: needle in text.casefold()
    return _searching(pattern)


def loosened(pattern: str) -> Callable[[str], bool]:
    """A function that tells whether the pattern may occur in one of several texts, joined by newlines."""
    needle = literal(pattern)
    if _BOUND.search(pattern) or (needle is not None and "\n" in needle):
        return lambda texts: True
    return compiled(pattern) if needle is not None else _searching(f"(?m){pattern}")


def literal(pattern: str) -> str | None:
    """The casefolded text that is all the pattern stands for; None if it has metacharacters."""
    if any(character in METACHARACTERS for character in _ESCAPED.sub("", pattern)):
        return None
    return _ESCAPED.sub(r"\1", pattern).casefold()


def _searching(pattern: str) -> Callable[[str], bool]:
    search = engine(pattern).search
    return lambda text: search(text.encode("utf-8", "surrogatepass")) is not None  # Optimization: bytes, not text


def engine(pattern: str | bytes) -> Any:
    """The pattern, case-insensitive, as google-re2 compiles it. Raises `ValueError` that says why it cannot run."""
    try:
        import re2  # not before a pattern needs it
    except ImportError as error:  # the extra is not installed, or has no wheel for this platform
        raise ValueError("regular expressions need google-re2: pip install django-logconsole[regex]") from error
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    try:
        program = re2.compile(pattern, options)
    except re2.error as error:
        raise ValueError(f"the regular expression cannot run: {_reason(error)}") from error
    if program.programsize > MAX_PROGRAM:
        raise ValueError("the regular expression is too large: write + or * where it counts far")
    return program


def _reason(error: Exception) -> str:
    why = error.args[0] if error.args else error
    return why.decode("utf-8", "replace") if isinstance(why, bytes) else str(why)
