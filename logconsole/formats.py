"""Entries as people and programs read them: text, JSON Lines, CSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import category

import msgspec

from logconsole.entry import Entry
from logconsole.times import canonical

COLUMNS = tuple(name for name in Entry.__struct_fields__ if name != "cursor")
"""The columns of CSV: the keys of an entry in their order."""

# What moves a cursor, ends a line or turns the direction of text, for any program that shows it.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_SIGNS = frozenset("=+-@＝＋－＠")  # what begins a formula
_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"})  # categories of what a spreadsheet may drop before it looks
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")  # letters that nobody sees


@dataclass(frozen=True)
class Format:
    """One way to write entries out."""

    content_type: str
    extension: str
    header: str
    line: Callable[[Entry], str]
    """The entry in this format, its line end included."""


class Parts(NamedTuple):
    """What the text form shows of an entry, safe for a terminal; only `body` can have several lines."""

    time: str
    level: str
    logger: str
    body: str


def visible(text: str) -> str:
    """Control characters other than newline and tab, and bidirectional ones, as `\\x1b` or `\\u202e`."""
    return _UNSAFE.sub(_escaped, text)


def parts(entry: Entry) -> Parts:
    """The entry taken apart for the text form."""
    ts = canonical(entry.ts)
    body = "\n".join(text for text in (entry.msg, entry.exc, entry.stack) if text)
    return Parts(
        time=_on_one_line(ts[:23] + "Z" if len(ts) == 27 else ts),
        level=f"{_on_one_line(entry.level):<7}",
        logger=_on_one_line(entry.logger),
        body=visible(body.rstrip("\n")).replace("\n", "\n    "),
    )


def as_text(entry: Entry) -> str:
    """`2026-11-23T07:35:40.123Z INFO    django.request: msg`, further lines indented."""
    time, level, logger, body = parts(entry)
    return f"{time} {level} {logger}: {body}\n"


def as_jsonl(entry: Entry) -> str:
    """The stored line."""
    return entry.line.decode("utf-8", "replace").rstrip() + "\n"


def as_visible_jsonl(entry: Entry) -> str:
    """The stored line for a terminal: what it must not carry out is escaped as JSON does."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", as_jsonl(entry))


def as_csv(entry: Entry) -> str:
    """One row of `COLUMNS`; a cell that a spreadsheet would run as a formula begins with `'`."""
    values = msgspec.structs.astuple(entry)[: len(COLUMNS)]
    cells = [_cell(value) if value or value == 0 else "" for value in values]
    return visible(",".join(cells)) + "\r\n"


def encoded(entries: Iterable[Entry], line: Callable[[Entry], str]) -> bytes:
    """The lines of the entries in UTF-8; stored lines are taken as they are."""
    if line is as_jsonl:  # Optimization: an export is mostly this
        return b"".join([entry.line.rstrip() + b"\n" for entry in entries])
    return "".join(map(line, entries)).encode("utf-8", "backslashreplace")


def _cell(value: object) -> str:
    """The value in quotes; by hand, because this is where an export spends its time."""
    if type(value) is int:
        return str(value)
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    quoted = text.replace('"', '""')
    return f'"\'{quoted}"' if _is_formula(text) else f'"{quoted}"'


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet may run the cell: a sign stands first among what can be seen."""
    if text[0] in "\t\r\n":
        return True
    for character in text:
        if character in _SIGNS:
            return True
        if character.isascii() and character.isprintable() and character != " ":  # Optimization: most begin so
            return False
        if category(character) not in _UNSEEN and character not in _FILLERS:
            return False
    return False


def _on_one_line(text: str) -> str:
    return visible(text).replace("\n", "\\n")


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


FORMATS = {
    "text": Format("text/plain; charset=utf-8", "log", "", as_text),
    "jsonl": Format("application/x-ndjson; charset=utf-8", "jsonl", "", as_jsonl),
    "csv": Format("text/csv; charset=utf-8", "csv", ",".join(COLUMNS) + "\r\n", as_csv),
}
