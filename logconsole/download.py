"""Matching entries as a file, streamed: what is held is one piece, however long the file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timezone

from logconsole.formats import FORMATS, encoded
from logconsole.gzipped import Gzip
from logconsole.lifetime import delivery
from logconsole.params import Asked
from logconsole.stores.base import Batch, Lines, off_loop

PIECE = 65_536  # bytes of stored lines
GZIP_TYPE = "application/gzip"


def name_of(alias: str, form: str) -> str:
    """`logconsole-file-20261123T073540Z.log`: the store and the time, in UTC."""
    now = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    return f"logconsole-{alias}-{now}.{FORMATS[form].extension}"


def parts(asked: Asked, form: str) -> Iterator[bytes]:
    """The file bit by bit, oldest entry first, up to where the store ends at this call.

    A part is empty where a search has found nothing for a while, so that it can be given up there.
    """
    if form == "jsonl":  # Optimization: as they are, no entry need be made of them
        return _copied(asked.store.lines(asked.query))
    return _written(asked.store.batches(asked.query), form)


def packed(parts: Iterator[bytes], name: str) -> Iterator[bytes]:
    """The same compressed; `name` is that of the file inside."""
    gzip = Gzip(name)
    for part in parts:
        yield gzip.put(part)
    yield gzip.end()


def pieces(parts: Iterator[bytes]) -> Iterator[bytes]:
    """What is sent."""
    while (piece := _piece(parts)) is not None:
        if piece:
            yield piece


async def pieces_async(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The same for a server with an event loop, read off the loop; nobody asks on when the client is gone."""
    while (piece := await off_loop(_piece, parts)) is not None:
        if piece:
            yield piece


def _piece(parts: Iterator[bytes]) -> bytes | None:
    with delivery():
        return next(parts, None)


def _copied(found: Iterator[Lines]) -> Iterator[bytes]:
    for lines in found:
        start, text = 0, lines.text
        while start < len(text):
            end = text.find(b"\n", start + PIECE - 1) + 1 or len(text)
            yield text[start:end]
            start = end
        yield b""


def _written(batches: Iterator[Batch], form: str) -> Iterator[bytes]:
    yield FORMATS[form].header.encode()
    for batch in batches:
        for part in batch.split(len(batch.entries), PIECE):
            yield encoded(part.entries, FORMATS[form].line)
