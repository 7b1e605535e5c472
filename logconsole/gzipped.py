"""A gzip stream, piece by piece (RFC 1952)."""

from __future__ import annotations

import struct
import time
import zlib

LEVEL = 6
_HEADER = struct.Struct("<2sBBIBB")
_DEFLATED, _HAS_NAME, _UNKNOWN = 8, 8, 255


class Gzip:
    """Compresses what is put in; it is whole only with what `end` returns."""

    def __init__(self, name: str = "") -> None:
        self._deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._check = self._size = 0
        self._held = _header(name)

    def put(self, data: bytes) -> bytes:
        """What there is to pass on so far, often nothing."""
        self._check, self._size = zlib.crc32(data, self._check), self._size + len(data)
        held, self._held = self._held, b""
        return held + self._deflate.compress(data)

    def end(self) -> bytes:
        """The rest; without it a reader knows that the stream was cut off."""
        return self._held + self._deflate.flush() + struct.pack("<2I", self._check, self._size % 2**32)


def _header(name: str) -> bytes:
    """The name is that of the file inside, for a tool that unpacks it."""
    plain = name.encode("latin-1", "ignore").replace(b"\0", b"") if name.isascii() else b""
    flags = _HAS_NAME if plain else 0
    header = _HEADER.pack(b"\x1f\x8b", _DEFLATED, flags, int(time.time()) % 2**32, 0, _UNKNOWN)
    return header + (plain + b"\0" if plain else b"")
