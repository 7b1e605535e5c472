"""The text form in colours, for a terminal that shows them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any

from logconsole.entry import Entry
from logconsole.formats import as_text, parts

_FAINT = "2"
_LEVELS = ((50, "1;97;41"), (40, "1;31"), (30, "33"), (20, "32"))  # white on red, red, yellow, green
_MODERN = ("WT_SESSION", "ANSICON", "TERM", "TERM_PROGRAM")  # what sets these on Windows knows colours


def are_wanted(stream: Any, options: Mapping[str, Any]) -> bool:
    """Whether to write in colours: on a terminal that has them, unless an option or NO_COLOR says no.

    See https://no-color.org; an option is stronger than the environment.
    """
    if options["no_color"] or options["force_color"]:
        return bool(options["force_color"])
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(stream.isatty()) and (sys.platform != "win32" or any(name in os.environ for name in _MODERN))


def painted(entry: Entry) -> str:
    """The text form with the level in its colour; the message is left as it is."""
    time, level, logger, body = parts(entry)
    colour = next((colour for number, colour in _LEVELS if entry.number >= number), _FAINT)
    name = level.rstrip()
    return f"{_in(_FAINT, time)} {_in(colour, name)}{level[len(name) :]} {_in(_FAINT, logger + ':')} {body}\n"


def faint(entry: Entry) -> str:
    """The text form of an entry that is only there for the sake of another."""
    return "".join(f"{_in(_FAINT, line)}\n" for line in as_text(entry).splitlines())


def _in(colour: str, text: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m"
