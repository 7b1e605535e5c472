"""Why a command cannot go on, for the person who ran it."""

from __future__ import annotations

FAILED, USAGE = 1, 2


class Failure(Exception):
    """Ends a command with one line and this exit code."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


class UsageFailure(Failure):
    """An option has a value that it cannot have."""

    def __init__(self, message: str) -> None:
        super().__init__(message, USAGE)
