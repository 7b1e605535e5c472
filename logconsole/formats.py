"""Entries as people and programs read them: text, JSON Lines, CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from logconsole.entry import Entry

COLUMNS = (
    "ts",
    "level",
    "logger",
    "service",
    "host",
    "pid",
    "thread",
    "caller",
    "request_id",
    "user",
    "msg",
    "exc",
)
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Format:
    """One way to write entries out."""

    content_type: str
    extension: str
    header: str
    line: Callable[[Entry], str]
    """The entry in this format, its line end included."""


def visible(text: str) -> str:
    """Control characters other than newline and tab, and bidirectional ones, as `\\x1b` or `\\u202e`."""
    return _UNSAFE.sub(_escaped, text)


def as_text(entry: Entry) -> str:
    """`2026-11-23T07:35:40.123Z INFO    django.request: msg`, further lines indented."""
    ts = entry.ts[:23] + "Z" if len(entry.ts) == 27 else entry.ts
    parts = [f"{ts} {entry.level:<7} {entry.logger}: {entry.msg}", entry.exc, entry.stack]
    whole = visible("\n".join(part for part in parts if part)).rstrip("\n")
    return whole.replace("\n", "\n    ") + "\n"


def as_jsonl(entry: Entry) -> str:
    """The stored line."""
    return entry.line.decode("utf-8", "replace") + "\n"


def as_csv(entry: Entry) -> str:
    """One row of `COLUMNS` and `extra`; a cell that a spreadsheet would run as a formula begins with `'`."""
    cells = [getattr(entry, column) for column in COLUMNS]
    cells.append(msgspec.json.encode(entry.extra).decode() if entry.extra else "")
    row = io.StringIO()
    csv.writer(row).writerow([_harmless(cell) for cell in cells])
    return row.getvalue()


def _harmless(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    return "'" + visible(cell) if cell.lstrip()[:1] in tuple("=+-@\t\r") and cell.strip() else visible(cell)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


FORMATS = {
    "text": Format("text/plain; charset=utf-8", "log", "", as_text),
    "jsonl": Format("application/x-ndjson; charset=utf-8", "jsonl", "", as_jsonl),
    "csv": Format("text/csv; charset=utf-8", "csv", ",".join([*COLUMNS, "extra"]) + "\r\n", as_csv),
}
