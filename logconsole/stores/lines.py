"""The lines of a block, and the entries in them."""

from __future__ import annotations

from collections.abc import Iterator

from logconsole.entry import Entry, EntryError
from logconsole.stores.blocks import Block

ENTRY_START = b'{"ts":"'  # in a text of an entry the quotes stand behind backslashes
STARTS = 100  # places in one line where an entry is looked for


def lines(block: Block) -> Iterator[tuple[int, bytes]]:
    """Every line with its offset in the segment, empty ones left out."""
    at = block.at
    for line in bytes(memoryview(block.data)[block.begin : block.end - 1]).split(b"\n"):
        if line:
            yield at, line
        at += len(line) + 1


def entry_behind(line: bytes, position: int) -> Entry | None:
    """In a line that is no entry: where a killed writer left a torn head, that of who wrote behind it."""
    start = 0
    for _ in range(STARTS):
        start = line.find(ENTRY_START, start + 1)
        if start < 0:
            break
        try:
            entry = Entry.decode(line[start:], str(position + start))
        except EntryError:
            continue
        if entry.host and entry.pid:  # what a writer of ours always has; a value in the torn one may not
            return entry
    return None


def stamp(line: bytes) -> str:
    """The `ts` of an entry of ours, without decoding the line; nothing where that could be another one's."""
    if line[:7] == ENTRY_START and line[33:35] == b'Z"' and line[17:18] == b"T" and line.rfind(ENTRY_START) == 0:
        return line[7:34].decode("ascii", "replace")
    return ""
