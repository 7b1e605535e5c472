"""Segments that somebody has damaged: what is untouched has to come out, in order, from both ends.

Tests and `bench/faults.py` run this at different sizes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from logconsole.stores.file import FileStore
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.witnesses import ALL

LINES = [entry(f"entry {number} é {'x' * (number * 37 % 300)}", number=number).line + b"\n" for number in range(24)]
PARTS = 3
"""Segments that they lie in."""


class Damage(NamedTuple):
    """One place in all lines together, and what happened there."""

    at: int
    length: int
    put: bytes


WHOLE = sum(map(len, LINES))
HOSTILE = [b"", b"\0" * 512, b"\n", b"\n\n\n", b"{", b'{"ts":"', b"\xc3", b"\xff\xfe", b'"', b"]}", b"[1]\n"]
DAMAGES = st.lists(
    st.builds(
        Damage, st.integers(0, WHOLE - 1), st.integers(0, 400), st.sampled_from(HOSTILE) | st.binary(max_size=40)
    ).filter(lambda damage: b"sealed" not in damage.put),  # that would end the segment, as is meant
    max_size=6,
)


def damaged(damages: Iterable[Damage]) -> tuple[list[bytes], list[int]]:
    """The segments, and the numbers of the lines that are untouched and begin where a line begins."""
    lines = [bytearray(line) for line in LINES]
    touched: set[int] = set()
    starts = [sum(map(len, LINES[:number])) for number in range(len(LINES))]
    for at, length, put in sorted(damages, reverse=True):
        number = max(n for n, start in enumerate(starts) if start <= at)
        begin = at - starts[number]
        end = min(begin + length, len(LINES[number]))
        if put != LINES[number][begin:end]:
            touched.add(number)
            lines[number][begin:end] = put
    third = len(lines) // PARTS
    segments = [b"".join(lines[part * third : (part + 1) * third]) for part in range(PARTS)]
    return segments, [
        number
        for number in range(len(lines))
        if number not in touched
        and (number % third == 0 or number - 1 not in touched or lines[number - 1][-1:] == b"\n")
    ]


def assert_untouched_come_out(directory: Path, damages: list[Damage]) -> None:
    """Write the segments, read them from both ends and in pieces, and follow them."""
    segments, untouched = damaged(damages)
    for path in directory.glob("*.jsonl"):
        path.unlink()
    base = 0
    for data in segments:
        (directory / f"{base:020d}.jsonl").write_bytes(data)
        base += len(data) or 1
    store = FileStore(directory)
    expected = [entry_of(number) for number in untouched]
    forward = messages(list(store.scan(ALL)))
    assert [text for text in forward if text in expected] == expected, damages
    pages: list[str] = []
    before, more = None, True
    while more:
        batch = store.older(ALL, before, limit=5)
        pages = messages(batch.entries) + pages
        before, more = batch.before, batch.more
    assert pages == forward, damages


def entry_of(number: int) -> str:
    """What the line says."""
    return f"entry {number} é {'x' * (number * 37 % 300)}"
