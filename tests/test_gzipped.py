"""A gzip stream, made piece by piece."""

from __future__ import annotations

import gzip
import io
import zlib

from hypothesis import given
from hypothesis import strategies as st

from logconsole.gzipped import Gzip

pieces = st.lists(st.binary(max_size=200), max_size=10)


@given(pieces)
def test_round_trip(data: list[bytes]) -> None:
    """Whatever the pieces, also none at all."""
    packed = Gzip()
    stream = b"".join(map(packed.put, data)) + packed.end()
    assert gzip.decompress(stream) == b"".join(data)


@given(pieces, st.text(max_size=20))
def test_the_name_is_told(data: list[bytes], name: str) -> None:
    """Where the format can hold it; the stream is right with any."""
    packed = Gzip(name)
    stream = b"".join(map(packed.put, data)) + packed.end()
    assert gzip.decompress(stream) == b"".join(data)
    if name and name.isascii() and "\0" not in name:
        assert stream[10:].startswith(name.encode() + b"\0")


def test_without_its_end_it_is_not_whole() -> None:
    """A reader notices that it was cut off."""
    packed = Gzip()
    stream = packed.put(b"x" * 100_000)
    unpacked = zlib.decompressobj(31)
    unpacked.decompress(stream)
    assert not unpacked.eof


def test_python_reads_it_as_a_file() -> None:
    """Line by line."""
    packed = Gzip("a.log")
    stream = packed.put(b"one\ntwo\n") + packed.end()
    with gzip.open(io.BytesIO(stream)) as lines:
        assert list(lines) == [b"one\n", b"two\n"]
