"""How our own encoder writes a character inside a JSON string."""

from __future__ import annotations

_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
ESCAPES = {chr(code): f"\\u{code:04x}" for code in range(32)} | _SHORT
"""The 34 characters that do not stand in a line as they are; everything else is plain UTF-8."""
_TABLE = str.maketrans(ESCAPES)


def escaped(text: str) -> str:
    """The text as it stands in a line, without quotes."""
    return text.translate(_TABLE)


def raw(line: str) -> bytes:
    """The bytes of a line or a part of one. What UTF-8 cannot hold becomes bytes that no line has."""
    return line.encode("utf-8", "surrogatepass")
