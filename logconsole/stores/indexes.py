"""The indexes of a directory's segments: made when first asked for, kept beside the sealed segments.

A file that is missing, damaged or of another segment is made anew; where it cannot be written, it is kept in
memory alone. The newest segment still grows: its index does so in memory.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import zlib
from collections.abc import Callable

import msgspec

from logconsole.stores.blocks import Forward, buffer
from logconsole.stores.index import Index
from logconsole.stores.indexing import Builder
from logconsole.stores.segments import OPEN_FLAGS, Segment

VERSION = 1
SUFFIX = ".index"
INDEX_BLOCK = 131_072
LARGEST = 0.01  # of its segment; a larger index is not written


class _File(msgspec.Struct, array_like=True):
    version: int
    identity: tuple[int, int]
    checksum: int
    index: bytes


class Indexes:
    """Of one directory. `is_writing`: whether what is made is also kept on disk."""

    def __init__(self, directory: str, mode: int = 0o640) -> None:
        self.directory, self.mode = directory, mode
        self.is_writing = True
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
        known = self.known(segment, size)
        if known is not None:
            return known
        with self._lock:
            builder = self._build(segment, size, is_spent)
            if builder is None:
                return None
            self._growing.pop(segment.base, None)
            made = self._sealed[segment.base] = builder.index(size)
        if self.is_writing:
            _save(segment, made, self.mode)
        return made

    def grown(self, segment: Segment, is_spent: Callable[[], bool]) -> Index | None:
        """Of the newest segment, as far as it has complete lines now."""
        with self._lock:
            builder = self._build(segment, segment.size(), is_spent)
            return builder and builder.index()

    def forget(self, kept: list[Segment]) -> None:
        """Let go of what belongs to other segments than these."""
        bases = {segment.base for segment in kept}
        for held in (self._sealed, self._growing):
            for base in [base for base in list(held) if base not in bases]:
                held.pop(base, None)

    def drop(self, segment: Segment) -> None:
        """The index does not fit the segment: it will be made anew."""
        self._sealed.pop(segment.base, None)
        if self.is_writing:
            with contextlib.suppress(OSError):
                os.unlink(_path(segment))

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


def _path(segment: Segment) -> str:
    return segment.path.removesuffix(".jsonl") + SUFFIX


def _identity(segment: Segment) -> tuple[int, int]:
    """Changes with the file."""
    found = os.stat(segment.path, follow_symlinks=False)
    return found.st_size, found.st_mtime_ns


def _load(segment: Segment, size: int) -> Index | None:
    try:
        file = os.open(_path(segment), os.O_RDONLY | OPEN_FLAGS)
        with open(file, "rb") as stream:
            kept = _decode_file(stream.read(MOST_BYTES))
        if (kept.version, kept.identity) != (VERSION, _identity(segment)) or kept.checksum != zlib.crc32(kept.index):
            return None
        index = _decode_index(kept.index)
    except (OSError, msgspec.MsgspecError, RecursionError):
        return None
    return index if index.size == size else None


def _save(segment: Segment, index: Index, mode: int) -> None:
    """Write the file whole, or not at all."""
    body = msgspec.msgpack.encode(index)
    if len(body) > LARGEST * index.size:
        return
    path = f"{_path(segment)}.{secrets.token_hex(4)}"
    try:
        kept = _File(VERSION, _identity(segment), zlib.crc32(body), body)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | OPEN_FLAGS, mode)
        try:
            with open(file, "wb") as stream:
                stream.write(msgspec.msgpack.encode(kept))
            os.replace(path, _path(segment))
        except OSError:
            os.unlink(path)
            raise
    except OSError:
        return  # a full disk, a directory that may only be read


MOST_BYTES = 67_108_864
_decode_file = msgspec.msgpack.Decoder(_File).decode
_decode_index = msgspec.msgpack.Decoder(Index).decode
