"""Options of a store that are of the wrong kind: each would fail, or do harm, only when something is logged."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.checks import CheckMessage, Error

LONGEST = 10**9  # seconds or days; the calendar ends, and a clock takes no number of any size


def is_count(value: object) -> bool:
    """A whole number above 0; `True` is none."""
    return type(value) is int and value > 0


def is_length(value: object) -> bool:
    """A number above 0 that a clock can count to."""
    return type(value) in (int, float) and 0 < value < LONGEST  # type: ignore[operator]  # its type was looked at


def is_mode(value: object) -> bool:
    """Permissions of a file that its owner can read and write."""
    return type(value) is int and 0o600 <= value <= 0o777


def wrong(options: Iterable[tuple[str, object, bool, str]]) -> list[CheckMessage]:
    """A message for each option, given as name, value, whether that will do, and what would do."""
    return [
        Error(
            f"The store's option {name} is {value!r}.",
            hint=f"It has to be {allowed}.",
            id="logconsole.E015",
        )
        for name, value, is_good, allowed in options
        if not is_good
    ]
