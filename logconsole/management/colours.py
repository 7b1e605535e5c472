"""The text form in colours, for a terminal that shows them."""

from __future__ import annotations

import os
from typing import Any

from django.core.management.base import OutputWrapper
from django.core.management.color import supports_color

from logconsole.entry import Entry
from logconsole.formats import parts

_FAINT = "2"
_LEVELS = ((50, "1;97;41"), (40, "1;31"), (30, "33"), (20, "32"))  # white on red, red, yellow, green


def are_wanted(stream: OutputWrapper, options: dict[str, Any]) -> bool:
    """Whether to write in colours: on a terminal that has them, unless an option or NO_COLOR says no.

    See https://no-color.org; an option is stronger than the environment.
    """
    if options["no_color"] or options["force_color"]:
        return bool(options["force_color"])
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty() and supports_color()


def painted(entry: Entry) -> str:
    """The text form with the level in its colour; the message is left as it is."""
    time, level, logger, body = parts(entry)
    colour = next((colour for number, colour in _LEVELS if entry.number >= number), _FAINT)
    name = level.rstrip()
    return f"{_in(_FAINT, time)} {_in(colour, name)}{level[len(name) :]} {_in(_FAINT, logger + ':')} {body}\n"


def _in(colour: str, text: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m"
