"""The stored lines of many entries as they are, for export: what need not be understood is not decoded as a whole."""

from __future__ import annotations

import os
from collections.abc import Iterator

from logconsole.bounds import Bounds
from logconsole.entry import Entry, EntryError
from logconsole.stores.base import Lines
from logconsole.stores.blocks import Block, Forward, buffer, unsealed
from logconsole.stores.indexes import Indexes
from logconsole.stores.indexing import Head, heads_of, stamps_of
from logconsole.stores.lines import entry_behind, lines
from logconsole.stores.segments import Segment, opened
from logconsole.times import canonical

NEWLINE = 10
END_OF_TIME = "\U0010ffff"  # behind every `ts`


class Copy:
    """Every entry within the bounds, which ask for nothing but time and level, from one position to another."""

    def __init__(self, listed: list[Segment], bounds: Bounds, indexes: Indexes) -> None:
        self.listed, self.bounds, self.indexes = listed, bounds, indexes
        self.unreadable = 0
        """Segments that may not be read, lines that are too long for ours, and lines that are no entry."""
        self.missed = False
        """Whether a segment went away before it was read."""
        self._takes_all = bounds.is_everything

    def between(self, start: int, end: int) -> Iterator[Lines]:
        """The lines, a block at a time."""
        first = self.listed[0].base if self.listed else 0
        following_bases = [*(segment.base for segment in self.listed[1:]), None]
        for segment, following in zip(self.listed, following_bases, strict=False):
            stop = end if following is None else min(following, end)
            if segment.base >= end or stop <= start:
                continue
            reach = max(start - segment.base, 0), stop - segment.base
            for block in self._blocks(segment, following, *reach):
                text, count = self._wanted(block)
                scanned = (segment.base + block.at - first) / max(end - first, 1)
                yield Lines(text, count, missed=False, scanned=min(scanned, 1.0))

    def _blocks(self, segment: Segment, following: int | None, begin: int, stop: int) -> Iterator[Block]:
        if self.bounds.since or self.bounds.until:
            if following is None:
                index = self.indexes.latest(segment)
            else:
                index = self.indexes.made(segment, following - segment.base, lambda: False)
            if index is not None and following is None:  # it does not know what came since
                begin = max(begin, index.range(self.bounds.since, "")[0])
            elif index is not None:
                low, high = index.range(self.bounds.since, self.bounds.until)
                begin, stop = max(begin, low), min(stop, high)
        with opened(segment) as file, buffer() as room:
            if file is None:
                is_gone = not os.path.lexists(segment.path)
                self.missed, self.unreadable = self.missed or is_gone, self.unreadable + (not is_gone)
                return
            reader = Forward(file, begin, stop, room)
            for block in reader:
                whole = block if following is not None else unsealed(block)
                if whole.end > whole.begin:
                    yield whole
                if whole is not block:
                    return
            self.unreadable += reader.too_long

    def _wanted(self, block: Block) -> tuple[bytes, int]:
        text = bytes(memoryview(block.data)[block.begin : block.end])
        heads = heads_of(text)
        if heads is None or text[0] == NEWLINE or b"\n\n" in text:
            found = [kept for _, line in lines(block) if (kept := self._kept(line))]
        elif self._takes_all:
            return text, len(heads)
        else:
            stamps = stamps_of(heads)
            if self._holds_all(stamps):
                return text, len(heads)
            found = self._among(text.split(b"\n"), stamps, heads)
        return b"".join([line + b"\n" for line in found]), len(found)

    def _holds_all(self, stamps: list[str]) -> bool:
        """Optimization: whether nothing of a block is to be left out."""
        since, until = self.bounds.since, self.bounds.until or END_OF_TIME
        return not self.bounds.has_levels and since <= min(stamps) and max(stamps) < until

    def _among(self, rows: list[bytes], stamps: list[str], heads: list[Head]) -> list[bytes]:
        since, until = self.bounds.since, self.bounds.until or END_OF_TIME
        made = zip(rows, stamps, heads, strict=False)
        found = [(line, head) for line, ts, head in made if since <= ts < until]
        if self.bounds.has_levels:
            return [line for line, head in found if self.bounds.wants(head.level, head.levelno)]
        return [line for line, _ in found]

    def _kept(self, line: bytes) -> bytes:
        """The line of the entry in it, nothing where that is not wanted."""
        try:
            entry: Entry | None = Entry.decode(line)
        except EntryError:
            self.unreadable += 1
            entry = entry_behind(line, 0)
        return entry.line if entry is not None and self._holds(entry.ts, entry.level, entry.levelno) else b""

    def _holds(self, ts: str, level: str, levelno: int | None) -> bool:
        return self.bounds.holds(canonical(ts)) and self.bounds.wants(level, levelno)
