"""Searching the segments of a directory for what matches a query, in both directions, a block at a time."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from logconsole.bounds import bounds_of
from logconsole.entry import Entry, EntryError
from logconsole.query import Query
from logconsole.search.sieve import Sieve
from logconsole.stores.base import Budget
from logconsole.stores.blocks import Backward, Block, Buffer, Forward, buffer, unsealed
from logconsole.stores.indexes import Indexes
from logconsole.stores.lines import entry_behind, lines, stamp
from logconsole.stores.segments import Segment, opened

Found = tuple[int, bytes | None]
"""A line and its offset in the segment; without a line: so far all was read."""
LINE = 8_192  # bytes read at first where an index points to an entry


class Search:
    """One query over these segments; `position` tells how far it got, in either direction."""

    def __init__(self, listed: list[Segment], query: Query, budget: Budget, indexes: Indexes) -> None:
        self.listed, self.query, self.budget, self.indexes = listed, query, budget, indexes
        self.position = 0
        self.is_over = False
        """Whether the time was over before the end was reached."""
        self.missed = False
        """Whether a segment went away before it was read."""
        self.unreadable = 0
        """Segments that may not be read, lines that are too long for ours, and lines that are no entry."""
        self.end: int | None = None
        """Behind the newest complete line before the position that `older` began with."""
        self._bounds = bounds_of(query)
        self._is_bounded = bool(self._bounds.since or self._bounds.until)
        self._sieve = Sieve.of(query)
        self._matches = query.matches
        self._identity: tuple[int, ...] = ()

    def newer(self, position: int) -> Iterator[Entry]:
        """The matches at or behind the position, oldest first."""
        self.position = position
        following_bases = [*(segment.base for segment in self.listed[1:]), None]
        for segment, following in zip(self.listed, following_bases, strict=False):
            if following is not None and following <= self.position:
                continue
            self.position = max(self.position, segment.base)
            yield from self._forward(segment, following)
            if self.is_over:
                return
            if following is not None:  # sealed: whatever stands behind its last newline stays torn
                self.position = following

    def has_line(self, position: int) -> bool:
        """Whether a complete line stands at or behind the position."""
        following_bases = [*(segment.base for segment in self.listed[1:]), None]
        for segment, following in zip(self.listed, following_bases, strict=False):
            if following is not None and following <= position:
                continue
            begin, stop = (
                max(position - segment.base, 0),
                sys.maxsize if following is None else following - segment.base,
            )
            with self._reading(segment) as (file, room):
                for block in Forward(file, begin, stop, room) if file is not None else ():
                    whole = block if following is not None else unsealed(block)
                    if whole.end > whole.begin:
                        return True
                    if whole is not block:
                        break
        return False

    def older(self, position: int) -> Iterator[Entry]:
        """The matches before the position, newest first."""
        self.position = position
        following = None
        for segment in reversed(self.listed):
            if segment.base < self.position:
                yield from self._backward(segment, following)
                if self.is_over:
                    return
                self.position = segment.base
            following = segment.base

    def _forward(self, segment: Segment, following: int | None) -> Iterator[Entry]:
        begin, stop = self.position - segment.base, sys.maxsize
        pointers = None
        if following is not None:
            first, stop, pointers = self._known(segment, following - segment.base)
            begin = max(begin, first)
        with self._reading(segment) as (file, room):
            if file is None:
                return
            if pointers is None:
                found = self._newer_lines(Forward(file, begin, stop, room), is_sealed=following is not None)
            else:
                found = self._pointed(file, room, [offset for offset in pointers if begin <= offset < stop])
            yield from self._decided(segment, found, is_forward=True)

    def _backward(self, segment: Segment, following: int | None) -> Iterator[Entry]:
        stop = min(self.position - segment.base, segment.size())
        if following is None:
            begin, last, pointers = self._grown(segment)
            if pointers is not None:
                yield from self._back(segment, last, max(stop, last), None)
                stop = min(stop, last)
                self.end = segment.base + stop if self.end is None else self.end
        else:
            begin, last, pointers = self._known(segment, following - segment.base)
            if self.end is None and (begin > 0 or last < stop or pointers is not None):
                self.end = segment.base + stop
            stop = min(stop, last)
        if begin < stop and not self.is_over:
            yield from self._back(segment, begin, stop, pointers)
        if self.end is None and begin > 0:  # nothing stands behind what the index knows
            self.end = segment.base + begin

    def _back(self, segment: Segment, begin: int, stop: int, pointers: Sequence[int] | None) -> Iterator[Entry]:
        with self._reading(segment) as (file, room):
            if file is None:
                return
            if pointers is None:
                found = self._older_lines(Backward(file, begin, stop, room), segment.base)
            else:
                found = self._pointed(file, room, [offset for offset in pointers[::-1] if begin <= offset < stop])
            yield from self._decided(segment, found, is_forward=False)

    def _grown(self, segment: Segment) -> tuple[int, int, Sequence[int] | None]:
        """The same of the newest segment, of as much of it as was read for an index before."""
        index = self.indexes.latest(segment) if self._is_bounded or self._bounds.has_levels else None
        if index is None:
            return 0, 0, None
        begin, last = index.range(self._bounds.since, "")[0] if self._is_bounded else 0, index.size
        return begin, last, index.pointers(self._bounds.wants) if self._bounds.has_levels else None

    def _known(self, segment: Segment, size: int) -> tuple[int, int, Sequence[int] | None]:
        """Where in a sealed segment matches can be: from and to which offset, and if an index tells, at which."""
        if self._is_bounded:
            index = self.indexes.made(segment, size, self.budget.is_spent)
        else:
            index = self.indexes.known(segment, size) if self._bounds.has_levels else None
        if index is None:
            return 0, size, None
        first, last = index.range(self._bounds.since, self._bounds.until)
        return first, last, index.pointers(self._bounds.wants) if self._bounds.has_levels else None

    def _newer_lines(self, reader: Forward, *, is_sealed: bool) -> Iterator[Found]:
        try:
            for block in reader:
                whole = block if is_sealed else unsealed(block)
                yield from self._candidates(whole)
                yield whole.at + whole.end - whole.begin, None
                if whole is not block:
                    return
        finally:
            self.unreadable += reader.too_long

    def _older_lines(self, reader: Backward, base: int) -> Iterator[Found]:
        try:
            for block in reader:
                if self.end is None:
                    self.end = base + block.at + block.end - block.begin
                yield from reversed(list(self._candidates(block)))
                yield block.at, None
        finally:
            self.unreadable += reader.too_long

    def _candidates(self, block: Block) -> Iterator[Found]:
        """The lines of the block that may match."""
        if block.end == block.begin:
            return
        is_plain = self._sieve.is_numeric and self.indexes.is_plain(self._identity, block)
        spans = self._sieve.spans(block.data, block.begin, block.end, plain=is_plain)
        if spans is None:
            yield from lines(block)
            return
        data, at = memoryview(block.data), block.at - block.begin
        for start, end in spans:
            yield at + start, bytes(data[start:end])

    def _pointed(self, file: int, room: Buffer, offsets: Sequence[int]) -> Iterator[Found]:
        """The lines that start there."""
        for offset in offsets:
            size = LINE
            while True:
                read = room.fill(file, size, offset)
                end = room.data.find(b"\n", 0, read)
                if end >= 0 or read < size:
                    break
                size *= 4
            yield offset, bytes(memoryview(room.data)[: max(end, 0)])

    def _decided(self, segment: Segment, found: Iterator[Found], *, is_forward: bool) -> Iterator[Entry]:
        for offset, line in found:
            place = segment.base + offset
            self.position = place + len(line) + 1 if line is not None and is_forward else place
            if line is not None and (entry := self._entry(place, line)):
                yield entry
            if self.budget.is_spent():
                self.is_over = True
                return

    def _entry(self, position: int, line: bytes) -> Entry | None:
        if self._is_bounded and (ts := stamp(line)) and not self._bounds.holds(ts):
            return None
        try:
            entry: Entry | None = Entry.decode(line, str(position))
        except EntryError:
            self.unreadable += 1
            entry = entry_behind(line, position)
        return entry if entry is not None and self._matches(entry) else None

    @contextmanager
    def _reading(self, segment: Segment) -> Iterator[tuple[int | None, Buffer]]:
        with opened(segment) as file, buffer() as room:
            if file is None:
                self.missed = self.missed or not os.path.lexists(segment.path)
                self.unreadable += not self.missed
            else:
                found = os.fstat(file)
                self._identity = segment.base, found.st_ino, found.st_mtime_ns
            yield file, room
