"""The indexes of a directory's segments: made when first asked for, kept beside the sealed segments.

A file that is missing, damaged or of another segment is made anew; where it cannot be written, it is kept in
memory alone. The newest segment still grows: its index does so in memory.
"""

from __future__ import annotations

import os
import secrets
import threading
import zlib
from collections.abc import Callable
from itertools import accumulate

import msgspec

from logconsole.search.sieve import has_foreign_escapes
from logconsole.stores.blocks import Block, Forward, buffer
from logconsole.stores.index import Index
from logconsole.stores.indexing import Builder
from logconsole.stores.segments import OPEN_FLAGS, Segment

VERSION = 1
INDEX_BLOCK = 131_072
LARGEST = 0.01  # of its segment; a larger index is not written
MOST_BLOCKS = 50_000  # of which is remembered how they are spelled
MOST_BYTES = 67_108_864  # of an index that are read


class _File(msgspec.Struct, array_like=True):
    version: int
    identity: tuple[int, int]
    checksum: int
    index: bytes


class Indexes:
    """Of one directory."""

    def __init__(self, mode: int = 0o640) -> None:
        self.mode = mode
        self._plain: set[tuple[int, ...]] = set()
        self._unwritten: set[int] = set()
        self._sealed: dict[int, Index] = {}
        self._growing: dict[int, Builder] = {}
        self._lock = threading.Lock()

    def known(self, segment: Segment, size: int) -> Index | None:
        """The index of the first `size` bytes of a sealed segment, where that needs no reading of the segment."""
        found = self._sealed.get(segment.base)
        if found is None or found.size != size:
            found = _load(segment, size)
            if found is not None:
                self._sealed[segment.base] = found
        return found

    def made(self, segment: Segment, size: int, is_spent: Callable[[], bool]) -> Index | None:
        """The same, made if it must be; None if the time is over before, or the segment cannot be read.

        What was done until then is kept for the next time.
        """
        with self._lock:
            known = self.known(segment, size)
            if known is not None:
                return known
            builder = self._build(segment, size, is_spent)
            if builder is None:
                return None
            self._growing.pop(segment.base, None)
            made = self._sealed[segment.base] = builder.index(size)
            self._unwritten.add(segment.base)
            return made

    def is_plain(self, identity: tuple[int, ...], block: Block) -> bool:
        """Whether all in the block of that file is spelled as our encoder does; remembered, since a look is slow."""
        key = (*identity, block.at, block.end - block.begin)
        if key in self._plain:
            return True
        if has_foreign_escapes(block.data, block.begin, block.end):
            return False
        if len(self._plain) >= MOST_BLOCKS:
            self._plain.clear()
        self._plain.add(key)
        return True

    def write(self, listed: list[Segment]) -> None:
        """Keep on disk what was made for these segments; what belongs to others is let go of."""
        kept = {segment.base: segment for segment in listed}
        with self._lock:
            for base in self._unwritten & kept.keys():
                _save(kept[base], self._sealed[base], self.mode)
            self._unwritten.clear()
            for held in (self._sealed, self._growing):
                for base in held.keys() - kept.keys():
                    del held[base]

    def grown(self, segment: Segment, is_spent: Callable[[], bool]) -> Index | None:
        """Of the newest segment, as far as it has complete lines now."""
        with self._lock:
            builder = self._build(segment, segment.size(), is_spent)
            return builder.index() if builder else None

    def latest(self, segment: Segment) -> Index | None:
        """The same without reading anything: as far as it was read before."""
        builder = self._growing.get(segment.base)
        return builder.index() if builder else None

    def _build(self, segment: Segment, size: int, is_spent: Callable[[], bool]) -> Builder | None:
        builder = self._growing.get(segment.base)
        if builder is None or builder.size > size:
            builder = self._growing[segment.base] = Builder(size)
        try:
            file = os.open(segment.path, os.O_RDONLY | OPEN_FLAGS)
        except OSError:
            return None
        try:
            with buffer() as room:
                for block in Forward(file, builder.size, size, room, INDEX_BLOCK):
                    builder.take(block)
                    if is_spent():
                        return None
        finally:
            os.close(file)
        return builder


def _identity(segment: Segment) -> tuple[int, int]:
    """Changes with the file."""
    found = os.stat(segment.path, follow_symlinks=False)
    return found.st_size, found.st_mtime_ns


def _load(segment: Segment, size: int) -> Index | None:
    try:
        file = os.open(segment.index_path, os.O_RDONLY | OPEN_FLAGS)
        with open(file, "rb") as stream:
            kept = _decode_file(stream.read(MOST_BYTES))
        if (kept.version, kept.identity) != (VERSION, _identity(segment)) or kept.checksum != zlib.crc32(kept.index):
            return None
        index = _unpacked(kept.index)
    except (OSError, msgspec.MsgspecError, RecursionError, zlib.error):
        return None
    return index if index.size == size else None


def _save(segment: Segment, index: Index, mode: int) -> None:
    """Write the file whole, or not at all."""
    body = _packed(index)
    if len(body) > LARGEST * index.size:
        return
    path = f"{segment.index_path}.{secrets.token_hex(4)}"
    try:
        kept = _File(VERSION, _identity(segment), zlib.crc32(body), body)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | OPEN_FLAGS, mode)
        try:
            with open(file, "wb") as stream:
                stream.write(msgspec.msgpack.encode(kept))
            os.replace(path, segment.index_path)
        except OSError:
            os.unlink(path)
            raise
    except OSError:
        return  # a full disk, a directory that may only be read


def _packed(index: Index) -> bytes:
    """Small: of the units only what is between them, and all of it compressed."""
    gaps = [unit - before for before, unit in zip([0, *index.units], index.units, strict=False)]
    return zlib.compress(msgspec.msgpack.encode(msgspec.structs.replace(index, units=gaps)))


def _unpacked(body: bytes) -> Index:
    index = _decode_index(zlib.decompressobj().decompress(body, MOST_BYTES))
    return msgspec.structs.replace(index, units=list(accumulate(index.units)))


_decode_file = msgspec.msgpack.Decoder(_File).decode
_decode_index = msgspec.msgpack.Decoder(Index).decode
