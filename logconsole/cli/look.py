"""How entries look where they are written to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from logconsole.cli import colours
from logconsole.cli.groups import Shown
from logconsole.entry import Entry
from logconsole.formats import FORMATS, as_jsonl, as_visible_jsonl, encoded

Line = Callable[[Entry], str]
SEPARATOR = "--\n"


@dataclass(frozen=True)
class Look:
    """Entries to bytes."""

    line: Line
    """A match."""
    around: Line
    """An entry near a match."""
    separator: str = ""
    """Between groups that do not touch."""
    header: str = ""
    """Before all."""

    @property
    def is_raw(self) -> bool:
        """Whether a match is its stored line, so that no entry need be made of it."""
        return self.line is as_jsonl

    def entries(self, entries: Iterable[Entry]) -> bytes:
        """All of them, as matches."""
        return encoded(entries, self.line)

    def shown(self, part: Iterable[Shown]) -> bytes:
        """Matches and what is around them."""
        return "".join(map(self._one, part)).encode("utf-8", "backslashreplace")

    def _one(self, shown: Shown) -> str:
        text = self.line(shown.entry) if shown.is_match else self.around(shown.entry)
        return self.separator + text if shown.begins else text


def look_of(stream: Any, options: Mapping[str, Any]) -> Look:
    """What suits the stream and the options."""
    name = options["format"]
    form = FORMATS[name]
    if options.get("output"):
        return Look(form.line, form.line, SEPARATOR if name == "text" else "", form.header)
    if name == "text" and colours.are_wanted(stream, options):
        return Look(colours.painted, colours.faint, SEPARATOR)
    if name == "jsonl" and stream.isatty():
        return Look(as_visible_jsonl, as_visible_jsonl)
    return Look(form.line, form.line, SEPARATOR if name == "text" else "", form.header)
