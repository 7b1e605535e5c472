"""A search finds what a look at every single entry finds, whichever way it takes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from logconsole.entry import Entry
from logconsole.query import Query
from logconsole.stores import indexing
from logconsole.stores.file import FileStore
from logconsole.stores.segments import SEAL
from tests.stores import laid

TEXTS = (
    "",
    "timeout",
    "STRASSE",
    "i̇stanbul",
    "kelvin",
    "fin",
    '"said \\"no\\""',
    "-timeout",
    "level:error",
    "level>=error",
    "level:40",
    "levelno:30 OR levelno:25",
    "level:notice OR level:fatality",
    "-level:debug",
    "level>=critical timeout",
    "logger:shop",
    "status>=500",
    "path:/a*",
    "has:exc",
    "/order \\d/",
    "since:2026-11-13T00:01:00Z",
    "until:2026-11-13T00:01:00.5Z level>=error",
    "ts>2026-11-13T00:02:00Z",
    "since:2026-11-13T00:05:00Z -has:extra.status",
)
MOMENTS = st.none() | st.builds(laid.stamp, laid.SECONDS, st.integers(0, 999_999))
QUERIES = st.builds(
    lambda text, levels, since, until: Query.parse(text, levels=levels, since=since, until=until),
    st.sampled_from(TEXTS),
    st.sampled_from([(), ("ERROR",), ("critical", "FATALITY")]),
    MOMENTS,
    MOMENTS,
)


@pytest.fixture(autouse=True, scope="module")
def _() -> Iterator[None]:
    """Entries as small as these are pointed to as well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexing, "SPARSE", 1)
        yield


def forward(store: FileStore, query: Query, limit: int) -> list[bytes]:
    """Everything that matches, batch by batch."""
    seen: list[Entry] = []
    after, more = "", True
    while more:
        batch = store.newer(query, after, limit)
        seen += batch.entries
        after, more = batch.after, batch.more
    return [entry.line for entry in seen]


def backward(store: FileStore, query: Query, limit: int) -> list[bytes]:
    """The same from the end."""
    seen: list[Entry] = []
    before, more = None, True
    while more:
        batch = store.older(query, before, limit)
        seen = batch.entries + seen
        before, more = batch.before, batch.more
    return [entry.line for entry in seen]


@settings(deadline=None)
@given(laid.SEGMENTS, st.lists(QUERIES, min_size=1, max_size=5), st.integers(1, 7))
def test_search_equals_a_look_at_every_entry(segments: list[list[bytes]], queries: list[Query], limit: int) -> None:
    """In both directions, without indexes and with them, whatever stands between the entries."""
    every = laid.found(segments)
    with tempfile.TemporaryDirectory() as directory:
        laid.lay(Path(directory), segments)
        store = FileStore(directory)
        for query in queries:
            wanted = [entry.line for entry in every if query.matches(entry)]
            for read in (forward, backward):
                assert read(store, query, limit) == wanted
            store.timeline(Query())  # from here on there are indexes
            for read in (forward, backward):
                assert read(store, query, limit) == wanted


@settings(deadline=None)
@given(
    laid.SEGMENTS,
    st.lists(laid.LINES, max_size=6),
    st.sampled_from([b"", laid.HEAD, SEAL, SEAL + laid.VOID + b"\n"]),
    st.booleans(),
    st.lists(QUERIES, min_size=1, max_size=5),
    st.integers(1, 7),
)
@example([[laid.VOID]], [], SEAL + laid.VOID + b"\n", True, [Query.parse("level>=error")], 2)
@example([[laid.VOID]], [], SEAL + laid.VOID + b"\n", False, [Query.parse("level>=error")] * 2, 2)
def test_search_looks_behind_a_growing_index(
    segments: list[list[bytes]], later: list[bytes], end: bytes, is_cut: bool, queries: list[Query], limit: int
) -> None:
    """In the newest segment: at entries that came after it was made, and not at what stands behind a seal."""
    every = laid.found([*segments, later])
    rest = b"".join(line + b"\n" for line in later) + end
    cut = rest.find(b"\n") + 1 if is_cut else 0
    with tempfile.TemporaryDirectory() as directory:
        laid.lay(Path(directory), segments)
        store = FileStore(directory)
        newest = sorted(Path(directory).glob("*.jsonl"))[-1]
        with newest.open("ab") as file:
            file.write(rest[:cut])
            file.flush()
            store.timeline(Query())
            file.write(rest[cut:])
        for query in queries:
            wanted = [entry.line for entry in every if query.matches(entry)]
            for _ in range(2):
                assert backward(store, query, limit) == wanted
                assert store.newer(Query(), store.older(query).after).entries == []
            store.timeline(Query())


@settings(deadline=None)
@given(laid.SEGMENTS, QUERIES)
def test_lines_are_those_of_a_scan(segments: list[list[bytes]], query: Query) -> None:
    """Without indexes and with them, from the beginning and from a cursor on."""
    with tempfile.TemporaryDirectory() as directory:
        laid.lay(Path(directory), segments)
        store = FileStore(directory)
        for cursor in (None, store.newer(query, limit=2).after):
            wanted = [entry.line.rstrip() for entry in store.scan(query, cursor)]
            got = list(store.lines(query, cursor))
            assert b"".join(part.text for part in got).splitlines() == wanted
            assert sum(part.entries for part in got) == len(wanted)
            store.timeline(Query())


@settings(deadline=None)
@given(laid.SEGMENTS, QUERIES, st.booleans())
def test_search_ends_where_new_entries_will_be(segments: list[list[bytes]], query: Query, is_indexed: bool) -> None:
    """What is appended behind a search backward is found by going on forward from it, and nothing else is."""
    with tempfile.TemporaryDirectory() as directory:
        laid.lay(Path(directory), segments)
        store = FileStore(directory)
        if is_indexed:
            store.timeline(Query())
        after = store.older(query).after
        assert store.newer(Query(), after).entries == []
        newest = sorted(Path(directory).glob("*.jsonl"))[-1]
        line = Entry(ts=laid.stamp(0, 0), level="INFO", msg="new").line
        with newest.open("ab") as file:
            file.write(line + b"\n")
        assert [entry.line for entry in store.newer(Query(), after).entries] == [line]


def test_numbers_are_found_however_they_are_spelled(tmp_path: Path) -> None:
    """Asked again, when it is known how a block is spelled, and when the file was replaced meanwhile."""
    line = Entry(ts=laid.stamp(0, 0), level="INFO", msg="plain", extra={"count": 12_000}).line
    laid.lay(tmp_path, [[line] * 3, [line]])
    store, query = FileStore(tmp_path), Query.parse("12000")
    for _ in range(2):
        assert len(store.older(query).entries) == 4
    segment = sorted(tmp_path.glob("*.jsonl"))[0]
    segment.write_bytes(segment.read_bytes().replace(b"12000", b"1.2e4"))
    os.utime(segment, ns=(1, 1))
    assert len(store.older(query).entries) == 4


@pytest.mark.parametrize("size", [70_000, 300_000, 600_000, 3_000_000])
def test_lines_longer_than_a_block_are_read(tmp_path: Path, size: int) -> None:
    """In both directions, and by a search for what stands at their end."""
    made = [
        Entry(ts=laid.stamp(number, 0), level="INFO", msg=f"{'x' * (size if number % 2 else 10)} needle {number}")
        for number in range(5)
    ]
    laid.lay(tmp_path, [[entry.line for entry in made], [made[0].line]])
    store = FileStore(tmp_path)
    for query in (Query(), Query.parse("needle")):
        assert forward(store, query, 2) == backward(store, query, 2) == [entry.line for entry in (*made, made[0])]


def test_line_too_long_for_ours_is_passed_by(tmp_path: Path) -> None:
    """It is skipped and counted; what stands around it is found, in both directions."""
    before, behind = (Entry(ts=laid.stamp(number, 0), level="INFO", msg=f"entry {number}").line for number in (1, 2))
    long = Entry(ts=laid.stamp(0, 0), level="INFO", msg="x" * 20_000_000).line
    laid.lay(tmp_path, [[before, long, behind], [behind]])
    store = FileStore(tmp_path)
    for read in (forward, backward):
        known = store.unreadable
        assert read(store, Query(), 100) == [before, behind, behind]
        assert store.unreadable > known
