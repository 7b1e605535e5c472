"""Regular expressions that run in linear time, whatever a user writes.

A pattern without metacharacters needs no engine. Any other needs google-re2 (`django-logconsole[regex]`):
Python's own `re` backtracks, and one pattern of a user could hang the process.
"""

from __future__ import annotations

import re
from collections.abc import Callable

MAX_PATTERN = 1_000  # characters
METACHARACTERS = frozenset(".^$*+?{}[]|()\\")
_ESCAPED = re.compile(r"\\([^0-9A-Za-z])")


def compiled(pattern: str) -> Callable[[str], bool]:
    """A function that tells whether the pattern, case-insensitively, occurs in a text.

    Raises `ValueError` that says why the pattern cannot run.
    """
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"a pattern may have {MAX_PATTERN:,} characters; this one has {len(pattern):,}")
    literal = _ESCAPED.sub("", pattern)
    if not any(character in METACHARACTERS for character in literal):
        needle = _ESCAPED.sub(r"\1", pattern).casefold()
        return lambda text: needle in text.casefold()
    return _engine(pattern)


def _engine(pattern: str) -> Callable[[str], bool]:
    try:
        import re2  # not before a pattern needs it
    except ImportError as error:  # the extra is not installed, or has no wheel for this platform
        raise ValueError("regular expressions need google-re2: pip install django-logconsole[regex]") from error
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.never_capture = True
    try:
        search = re2.compile(pattern, options).search
    except re2.error as error:
        raise ValueError(f"the regular expression cannot run: {_reason(error)}") from error
    return lambda text: search(text) is not None


def _reason(error: Exception) -> str:
    why = error.args[0] if error.args else error
    return why.decode("utf-8", "replace") if isinstance(why, bytes) else str(why)
