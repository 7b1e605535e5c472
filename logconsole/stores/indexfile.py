"""The index of a sealed segment as a file beside it."""

from __future__ import annotations

import os
import secrets
import zlib
from itertools import accumulate

import msgspec

from logconsole.stores.index import Index
from logconsole.stores.segments import OPEN_FLAGS, Segment, carefully

VERSION = 1
LARGEST = 0.01  # of its segment; a larger index is not written
HEAD_BYTES = 1_024  # of its file beside the index itself
MORE_BYTES = 65_536  # that an index may have unpacked, beside a quarter of its segment

Identity = tuple[int, int, int]
"""The number of a file, its size, and when it was changed."""


class _File(msgspec.Struct, array_like=True):
    version: int
    identity: Identity
    index: bytes
    """Compressed, and with a checksum by that."""


def identity_of(segment: Segment) -> Identity:
    """Of the segment; zeros where there is none."""
    try:
        found = os.stat(segment.path, follow_symlinks=False)
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_size, found.st_mtime_ns


def load(segment: Segment, size: int, identity: Identity) -> Index | None:
    """The index of so many bytes of that file; None where there is none that fits and is whole."""
    try:
        with open(segment.index_path, "rb", opener=carefully) as stream:
            kept = _decode_file(stream.read(int(LARGEST * size) + HEAD_BYTES))
        if (kept.version, kept.identity) != (VERSION, identity):
            return None
        index = _unpacked(kept.index, size // 4 + MORE_BYTES)
    except (OSError, msgspec.MsgspecError, RecursionError, zlib.error):
        return None
    return index if index.size == size and index.is_whole() else None


def save(segment: Segment, identity: Identity, index: Index, mode: int) -> None:
    """Write the file whole, or not at all."""
    body = _packed(index)
    if len(body) > LARGEST * index.size:
        return
    path = f"{segment.index_path}.{secrets.token_hex(4)}"
    try:
        kept = _File(VERSION, identity, body)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | OPEN_FLAGS, mode)
        try:
            with open(file, "wb") as stream:
                if hasattr(os, "fchmod"):
                    os.fchmod(file, mode)  # whatever the umask
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


def _unpacked(body: bytes, most: int) -> Index:
    """Of at most so many bytes: a few can be packed so that they fill the memory."""
    index = _decode_index(zlib.decompressobj().decompress(body, most))
    return msgspec.structs.replace(index, units=list(accumulate(index.units)))


_decode_file = msgspec.msgpack.Decoder(_File).decode
_decode_index = msgspec.msgpack.Decoder(Index).decode
