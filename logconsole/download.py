"""Matching entries as a file, streamed: what is held is one piece, however long the file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timezone
from itertools import chain

from logconsole.formats import FORMATS
from logconsole.lifetime import delivery
from logconsole.params import Asked

PIECE = 65_536  # characters


def name_of(alias: str, form: str) -> str:
    """`logconsole-file-20261123T073540Z.log`: the store and the time, in UTC."""
    now = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    return f"logconsole-{alias}-{now}.{FORMATS[form].extension}"


def lines(asked: Asked, form: str) -> Iterator[str]:
    """The lines of the file, oldest entry first, up to where the store ends at this call."""
    return chain([FORMATS[form].header], map(FORMATS[form].line, asked.store.scan(asked.query)))


def pieces(lines: Iterator[str]) -> Iterator[bytes]:
    """The file, piece by piece."""
    while piece := _piece(lines):
        yield piece


async def pieces_async(lines: Iterator[str]) -> AsyncIterator[bytes]:
    """The same for a server with an event loop, read off the loop; nobody asks on when the client is gone."""
    while piece := await asyncio.to_thread(_piece, lines):
        yield piece


def _piece(lines: Iterator[str]) -> bytes:
    held, size = [], 0
    with delivery():
        for line in lines:
            held.append(line)
            size += len(line)
            if size >= PIECE:
                break
    return "".join(held).encode("utf-8", "replace")
