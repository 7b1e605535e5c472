"""The complete lines of a segment, a block at a time, in both directions.

A block is read into a buffer that is used again and again, and is not copied: who searches it looks at it in
place. No file is mapped: one that is cut while it is read must not kill the process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from logconsole.stores.segments import MAX_LINE, SEAL, read_at

FIRST_BLOCK = 65_536
FIRST_BACKWARD = 262_144
"""Bytes read at first, so that the newest page costs one read, and shows a seal: behind it stands one line at most."""
BLOCK = 524_288
SPARE = 4  # buffers kept for the next who read


class Block(NamedTuple):
    """Complete lines: `data[begin:end]`, of which the first starts at the offset `at` of the segment."""

    data: bytearray
    begin: int
    end: int
    at: int


class Buffer:
    """Room for a block; larger only where a line is."""

    def __init__(self) -> None:
        self.data = bytearray(BLOCK)

    def fill(self, file: int, size: int, offset: int) -> int:
        """Read so many bytes from there; how many there were."""
        if size > len(self.data):
            self.data = bytearray(size)
        if hasattr(os, "preadv"):
            return os.preadv(file, [memoryview(self.data)[:size]], offset)
        read = read_at(file, size, offset)
        self.data[: len(read)] = read
        return len(read)


@contextmanager
def buffer() -> Iterator[Buffer]:
    """A buffer for as long as the block lasts."""
    try:
        taken = _spare.pop()
    except IndexError:
        taken = Buffer()
    try:
        yield taken
    finally:
        if len(taken.data) == BLOCK and len(_spare) < SPARE:
            _spare.append(taken)


class Forward:
    """The lines from one offset to another, block after block of at most `most` bytes where lines are no longer."""

    def __init__(self, file: int, begin: int, end: int, room: Buffer, most: int = BLOCK) -> None:
        self.file, self.room, self.most = file, room, most
        self.at, self.end = begin, end
        self.too_long = 0
        """Lines that are too long for ours, and were skipped."""

    def __iter__(self) -> Iterator[Block]:
        size = FIRST_BLOCK
        while self.at < self.end:
            size = min(size, self.end - self.at)
            read = self.room.fill(self.file, size, self.at)
            if stop := self.room.data.rfind(b"\n", 0, read) + 1:
                block = Block(self.room.data, 0, stop, self.at)
                self.at += stop
                yield block
                size = min(size * 2, self.most)
            elif read < size or self.at + read >= self.end or (size >= MAX_LINE and not self._skip()):  # unfinished
                return
            else:
                size *= 2

    def _skip(self) -> bool:
        """Go behind the line that is too long; whether it ends."""
        at, self.too_long = self.at + MAX_LINE, self.too_long + 1
        while read := self.room.fill(self.file, min(BLOCK, self.end - at), at):
            if stop := self.room.data.find(b"\n", 0, read) + 1:
                self.at = at + stop
                return True
            at += read
        return False


class Backward:
    """The lines before the offset `stop` down to `begin`, the last block first; an unfinished last line is left out."""

    def __init__(self, file: int, begin: int, stop: int, room: Buffer) -> None:
        self.file, self.room = file, room
        self.begin, self.stop = begin, stop
        self.too_long = 0
        """Lines that are too long for ours, and were skipped."""

    def __iter__(self) -> Iterator[Block]:
        size, data = FIRST_BACKWARD, self.room.data
        may_be_sealed = True
        while self.stop > self.begin:
            at = max(self.stop - size, self.begin)
            read = self.room.fill(self.file, self.stop - at, at)
            data = self.room.data
            if may_be_sealed:
                seal = 0 if at == self.begin and data.startswith(SEAL[1:], 0, read) else data.find(SEAL, 0, read)
                read = seal if seal >= 0 else read
            may_be_sealed = False
            stop = data.rfind(b"\n", 0, read) + 1
            start = data.find(b"\n", 0, stop) + 1 if at > self.begin else 0
            if start < stop:
                self.stop, size = at + start, BLOCK
                yield Block(data, start, stop, at + start)
            elif not stop or size >= MAX_LINE:  # what stands here ends in no newline, or is too long
                self.too_long += stop > 0
                self.stop, size = at, BLOCK
            else:
                self.stop, size = at + stop, size * 2


def unsealed(block: Block) -> Block:
    """The block up to a seal in it, behind which all is void."""
    if block.data.startswith(SEAL[1:], block.begin):
        return block._replace(end=block.begin)
    found = block.data.find(SEAL, block.begin, block.end)
    return block if found < 0 else block._replace(end=block.data.rfind(b"\n", block.begin, found) + 1 or block.begin)


_spare: list[Buffer] = []
