"""Where a command writes: what was asked for goes to one stream, what the person should know to the other."""

from __future__ import annotations

import sys
from typing import Any


class Console:
    """The two streams of a command, which may be Django's wrappers or the process's own."""

    def __init__(self, out: Any = None, err: Any = None) -> None:
        self.out = sys.stdout if out is None else out
        self.err = sys.stderr if err is None else err

    @property
    def is_for_people(self) -> bool:
        """Whether somebody sees both streams."""
        return bool(self.out.isatty() and self.err.isatty())

    def say(self, text: str) -> None:
        """One line for the person, not for the program that reads on."""
        self.out.flush()
        self.err.write(_shown(text, self.err) + "\n")
        self.err.flush()


def _shown(text: str, stream: Any) -> str:
    """The text as the encoding of the stream can show it."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)
