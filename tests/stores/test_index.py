"""An index tells what is in a segment, and is never believed against it."""

from __future__ import annotations

import os
import sys
import tempfile
import tracemalloc
import zlib
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logconsole.entry import Entry
from logconsole.query import Query
from logconsole.stores.file import FileStore
from logconsole.stores.indexfile import identity_of, load
from logconsole.stores.segments import segments
from logconsole.times import canonical, moment
from tests.children import ran
from tests.stores import laid

ALL = Query()


def entry(number: int, level: str = "INFO") -> Entry:
    """One that is made so many seconds after midnight."""
    return Entry(ts=laid.stamp(number, 0), level=level, msg=f"entry {number}", logger="shop", service="web")


def three(directory: Path) -> None:
    """Three segments of 3,000 entries, of which one in 100 is critical."""
    numbers = range(9_000)
    lines = [entry(number, "INFO" if number % 100 else "CRITICAL").line for number in numbers]
    laid.lay(directory, [lines[:3_000], lines[3_000:6_000], lines[6_000:]])


def indexes(directory: Path) -> list[Path]:
    """The files."""
    return sorted(directory.glob("*.index*"))


def totals(store: FileStore, query: Query = ALL, buckets: int = 60) -> dict[str, int]:
    """How many entries of each level a timeline has."""
    timeline = store.timeline(query, buckets)
    assert timeline.scanned == 1.0
    return {level: sum(counts) for level, counts in timeline.levels.items()}


def tenth(seconds: float) -> int:
    """Whole tenths of seconds, of a number that has no more than microseconds."""
    return int(seconds * 10 + 1e-5)


@settings(deadline=None)
@given(laid.SEGMENTS, st.sampled_from([1, 7, 60, 500]), st.none() | laid.SECONDS, st.none() | laid.SECONDS)
def test_timeline_by_index_equals_counting(
    segments: list[list[bytes]], buckets: int, since: int | None, until: int | None
) -> None:
    """Every entry whose `ts` is a time stands in the span of its time and level, at any edge."""
    query = Query.parse(
        since=None if since is None else laid.stamp(since, 123_456),
        until=None if until is None else laid.stamp(until, 7),
    )
    with tempfile.TemporaryDirectory() as directory:
        laid.lay(Path(directory), segments)
        made = FileStore(directory).timeline(query, buckets)
    start, step = moment(made.since), made.step_seconds
    assert start is not None
    wanted: Counter[tuple[str, int]] = Counter()
    for found in laid.found(segments):
        at = moment(found.ts)
        if at is not None and query.matches(found):
            wanted[found.level, (tenth(at) - tenth(start)) // tenth(step)] += 1
    counted = {(level, at): n for level, row in made.levels.items() for at, n in enumerate(row) if n}
    assert counted == dict(wanted)
    assert all(len(row) <= buckets for row in made.levels.values())


def test_index_is_small_and_kept_beside_sealed_segments(tmp_path: Path) -> None:
    """Less than one per cent of its segment, private like it, and none for the segment that still grows."""
    three(tmp_path)
    assert totals(FileStore(tmp_path)) == {"INFO": 8_910, "CRITICAL": 90}
    kept = indexes(tmp_path)
    assert len(kept) == 2
    for path in kept:
        assert path.stat().st_size < 0.01 * path.with_suffix(".jsonl").stat().st_size
        assert path.stat().st_mode & 0o777 == 0o640


def test_index_that_would_be_large_is_not_kept(tmp_path: Path) -> None:
    """A segment of two lines has none on disk, and is counted all the same; a hundredth of each is left free."""
    laid.lay(tmp_path, [[entry(1).line, entry(2).line], [entry(3).line]])
    assert totals(FileStore(tmp_path)) == {"INFO": 3}
    assert indexes(tmp_path) == []
    assert FileStore(tmp_path, segment_bytes=1_000_000).retention.entry_bytes == 990_000


@pytest.mark.parametrize(
    ("text", "count"),
    [("since:2026-11-13T00:00:05.05Z", 4), ("ts>2026-11-13T00:00:05Z", 4), ("ts>=2026-11-13T00:00:05Z", 5)],
)
def test_edges_within_a_tenth_of_a_second_are_kept(tmp_path: Path, text: str, count: int) -> None:
    """What was made just before is not counted."""
    laid.lay(tmp_path, [[entry(number).line for number in range(10)], []])
    assert totals(FileStore(tmp_path), Query.parse(text)) == {"INFO": count}


def test_reading_alone_writes_nothing(tmp_path: Path) -> None:
    """What the commands do: neither a search nor an export leaves an index."""
    three(tmp_path)
    store = FileStore(tmp_path)
    query = Query.parse("level:critical", since=laid.stamp(5_000, 0))
    assert len(list(store.scan(query))) == len(store.older(query).entries) == 40
    assert indexes(tmp_path) == []


def forged(good: bytes, *, bomb: bool) -> bytes:
    """An index of the right segment that does not fit together, or that is far larger than it looks."""
    kept = msgspec.msgpack.decode(good)
    index = msgspec.msgpack.decode(zlib.decompress(kept[2]))
    if bomb:
        index[2] = [0] * 2_500_000
    else:
        index[3], index[4] = [], []
    kept[2] = zlib.compress(msgspec.msgpack.encode(index), 9)
    return msgspec.msgpack.encode(kept)


def test_an_index_is_not_unpacked_beyond_what_its_segment_could_need(tmp_path: Path) -> None:
    """A few kilobytes of another user would else become gigabytes."""
    three(tmp_path)
    totals(FileStore(tmp_path))
    path = indexes(tmp_path)[0]
    path.write_bytes(forged(path.read_bytes(), bomb=True))
    assert path.stat().st_size < 4_000
    segment = segments(str(tmp_path))[0]
    tracemalloc.start()
    try:
        assert load(segment, segment.size(), identity_of(segment)) is None
        assert tracemalloc.get_traced_memory()[1] < 8 * segment.size()
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "damage",
    [
        *("cut", "flipped", "empty", "another version", "of another segment", "a link", "a directory", "a pipe"),
        *("no units", "a bomb"),
    ],
)
def test_damaged_index_is_made_anew(tmp_path: Path, damage: str) -> None:
    """Nothing is believed that does not fit."""
    three(tmp_path)
    totals(FileStore(tmp_path))
    path, other = indexes(tmp_path)
    good = path.read_bytes()
    if damage == "cut":
        path.write_bytes(good[:-5])
    elif damage == "flipped":
        path.write_bytes(good[:100] + bytes([good[100] ^ 1]) + good[101:])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "another version":
        path.write_bytes(good[:1] + b"\x63" + good[2:])
    elif damage == "of another segment":
        path.write_bytes(other.read_bytes())
    elif damage in ("no units", "a bomb"):
        path.write_bytes(forged(good, bomb=damage == "a bomb"))
    else:
        path.unlink()
        made = {"a link": lambda: path.symlink_to(tmp_path / "elsewhere"), "a pipe": lambda: os.mkfifo(path)}
        made.get(damage, path.mkdir)()
    assert totals(FileStore(tmp_path)) == {"INFO": 8_910, "CRITICAL": 90}
    assert len(list(FileStore(tmp_path).scan(Query.parse("level:critical")))) == 90
    if damage != "a directory":
        assert not path.is_symlink() and path.read_bytes() == good


def test_segment_that_was_replaced_has_another_index(tmp_path: Path) -> None:
    """An admin edits or restores a file: what was known of it is no longer believed."""
    three(tmp_path)
    store = FileStore(tmp_path)
    totals(store)
    segment = sorted(tmp_path.glob("*.jsonl"))[0]
    data = segment.read_bytes().replace(b"CRITICAL", b"WARNINGS")
    segment.write_bytes(data)
    os.utime(segment, (1, 1))
    for reader in (store, FileStore(tmp_path)):
        assert totals(reader) == {"INFO": 8_910, "CRITICAL": 60, "WARNINGS": 30}
        assert len(reader.older(Query.parse("level:critical")).entries) == 60


def test_newest_segment_that_was_replaced_is_counted_anew(tmp_path: Path) -> None:
    """The directory is emptied under a reader, and a writer begins again."""
    store = FileStore(tmp_path)
    for count in (50, 3):
        laid.lay(tmp_path, [[entry(number).line for number in range(count)]])
        assert totals(store) == {"INFO": count}
        assert len(store.older(Query.parse(since=laid.stamp(0, 0))).entries) == count
        next(tmp_path.glob("*.jsonl")).unlink()


def test_directory_that_cannot_be_written_is_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index is kept in memory then."""
    three(tmp_path)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    assert totals(FileStore(tmp_path)) == {"INFO": 8_910, "CRITICAL": 90}
    assert indexes(tmp_path) == []


def test_indexes_go_with_their_segments(tmp_path: Path) -> None:
    """Retention takes both, what a killed process left of an index as well, and counts both."""
    store = FileStore(tmp_path, segment_bytes=100_000, retain_bytes=400_000)
    number = 0
    while len(list(tmp_path.glob("*.jsonl"))) < 4:
        store.append(entry(number := number + 1))
    store.timeline(ALL)
    assert indexes(tmp_path)
    (tmp_path / f"{0:020d}.index.0123abcd").write_bytes(b"half")
    for _ in range(4_000):
        store.append(entry(number := number + 1))
        assert sum(path.stat().st_size for path in tmp_path.iterdir() if not path.is_symlink()) <= 400_000
    bases = {path.stem for path in tmp_path.glob("0*.jsonl")}
    assert all(path.name.partition(".")[0] in bases for path in indexes(tmp_path))
    store.close()


def test_newest_segment_is_counted_as_it_grows(tmp_path: Path) -> None:
    """Each timeline goes on where the last one ended."""
    store = FileStore(tmp_path)
    for number in range(1, 50):
        store.append(entry(number))
        assert totals(store) == {"INFO": number}
    store.close()


def test_units_grow_with_the_time_that_a_segment_spans(tmp_path: Path) -> None:
    """A segment of months has as few units as one of an hour; no count is lost on the way."""
    lines = [entry(number * 700).line for number in range(2_000)]
    laid.lay(tmp_path, [lines, [entry(0).line]])
    store = FileStore(tmp_path)
    assert totals(store) == {"INFO": 2_001}
    index = store.indexes.known(*_first(store))
    assert index is not None and len(index.units) <= 1_000 and index.unit == 3_600
    assert canonical(index.first) == laid.stamp(0, 0)


def _first(store: FileStore) -> tuple:
    from logconsole.stores.segments import segments

    first, second = segments(store.directory)
    return first, second.base - first.base


def fork_while_counting(directory: str) -> None:
    """The child counts although its parent's lock is held, and ends as it finds the counts."""
    store = FileStore(directory)
    with store.indexes._lock:
        child = os.fork()
        if not child:
            os._exit(0 if totals(store) == {"INFO": 8_910, "CRITICAL": 90} else 1)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def test_forked_child_counts_although_a_thread_of_the_parent_was_counting(tmp_path: Path) -> None:
    """It neither waits for a lock that nobody will release, nor goes on with what was half done."""
    three(tmp_path)
    assert ran(fork_while_counting, tmp_path).returncode == 0
