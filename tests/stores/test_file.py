"""The file store keeps the contract on disk, across rotation, retention, restart and fork."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Iterator
from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path

import pytest

from logconsole.query import Query
from logconsole.stores.file import FileStore
from logconsole.stores.segments import segments
from tests.records import entry
from tests.stores.contract import StoreContract, messages

ALL = Query()
LINE = len(entry("entry 000").line) + 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FileStore]:
    """A store of a new directory, whose segments hold about ten entries."""
    made = FileStore(tmp_path / "logs", segment_bytes=10 * LINE, retain_bytes=10_000 * LINE, retain_segments=1_000)
    yield made
    made.close()


def names(store: FileStore) -> list[str]:
    """The segments on disk."""
    return [os.path.basename(segment.path) for segment in segments(store.directory)]


class TestFileStore(StoreContract):
    """On disk, many segments."""


def test_segments_are_named_by_position(store: FileStore) -> None:
    """The name of a segment is the position of its first byte, so that each begins where the last one ended."""
    for number in range(35):
        store.append(entry(f"entry {number:03}"))
    listed = segments(store.directory)
    assert len(listed) >= 4
    assert listed[0].base == 0
    assert all(a.base + a.size() == b.base for a, b in pairwise(listed))
    assert all(segment.size() <= 10 * LINE for segment in listed)
    assert os.readlink(Path(store.directory) / "current.jsonl") == names(store)[-1]


def test_files_get_their_mode_whatever_the_umask(tmp_path: Path) -> None:
    """Segments are 0640 and the directory 0750."""
    old = os.umask(0o077)
    try:
        store = FileStore(tmp_path / "logs")
        store.append(entry())
    finally:
        os.umask(old)
    store.close()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "logs").iterdir() if not path.is_symlink()]
    assert set(modes) == {0o640}
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) == 0o750


def test_history_survives_a_restart(store: FileStore) -> None:
    """A new store of the same directory has all of it, and its cursors are still those of before."""
    for number in range(25):
        store.append(entry(f"entry {number:03}"))
    cursor = store.older(ALL, limit=5).before
    store.close()
    again = FileStore(store.directory)
    assert len(list(again.scan(ALL))) == 25
    assert messages(again.newer(ALL, cursor).entries) == [f"entry {n:03}" for n in range(20, 25)]


def test_bounds_hold_while_writing(tmp_path: Path) -> None:
    """Neither bytes nor number of segments are passed after any entry, and most of the budget is kept."""
    store = FileStore(tmp_path, segment_bytes=10 * LINE, retain_bytes=100 * LINE, retain_segments=50)
    for number in range(500):
        store.append(entry(f"entry {number:03}"))
        assert sum(segment.size() for segment in segments(store.directory)) <= 100 * LINE
    assert sum(segment.size() for segment in segments(store.directory)) >= 80 * LINE
    few = FileStore(tmp_path, segment_bytes=10 * LINE, retain_bytes=100 * LINE, retain_segments=3)
    for number in range(50):
        few.append(entry(f"entry {number:03}"))
    assert len(names(few)) == 3
    store.close()
    few.close()


def test_reader_whose_place_is_gone_is_told(tmp_path: Path) -> None:
    """`missed` is true exactly when retention took what lay between."""
    store = FileStore(tmp_path, segment_bytes=10 * LINE, retain_bytes=40 * LINE)
    store.append(entry("entry 000"))
    cursor = store.older(ALL).after
    for number in range(1, 200):
        store.append(entry(f"entry {number:03}"))
    batch = store.newer(ALL, cursor, limit=1)
    assert batch.missed
    assert store.newer(ALL, batch.after).missed is False
    assert store.newer(ALL, "").missed is False
    store.close()


def test_old_segments_go_by_age(tmp_path: Path) -> None:
    """A directory that lay idle for months loses what is older than `retain_days` with the next entry."""
    store = FileStore(tmp_path, retain_days=30)
    store.append(entry("ancient", created=datetime(2020, 1, 1, tzinfo=timezone.utc).timestamp()))
    store.close()
    again = FileStore(tmp_path, retain_days=30)
    again.append(entry("new"))
    assert messages(list(again.scan(ALL))) == ["new"]
    again.close()


def test_a_new_segment_begins_with_the_day(tmp_path: Path) -> None:
    """What was written on an earlier day (UTC) lies in a segment of its own."""
    store = FileStore(tmp_path, retain_days=10_000)
    store.append(entry("yesterday", created=datetime(2026, 1, 1, 23, tzinfo=timezone.utc).timestamp()))
    store.close()
    again = FileStore(tmp_path, retain_days=10_000)
    again.append(entry("today"))
    again.append(entry("today too"))
    assert len(names(again)) == 2
    again.close()


def test_torn_line_is_neither_read_nor_glued(store: FileStore) -> None:
    """What a killed writer left unfinished stays by itself: the entry behind it is whole."""
    store.append(entry("before"))
    path = segments(store.directory)[-1].path
    with open(path, "ab") as file:
        file.write(b'{"ts":"2026-11-23T07:3')
    reader = FileStore(store.directory)
    assert messages(reader.older(ALL).entries) == messages(reader.newer(ALL).entries) == ["before"]
    cursor = reader.older(ALL).after
    store.append(entry("behind"))
    assert messages(reader.newer(ALL, cursor).entries) == ["behind"]
    assert messages(reader.older(ALL).entries) == ["before", "behind"]
    assert reader.unreadable > 0


def test_garbage_is_skipped_and_counted(store: FileStore) -> None:
    """Lines that are no entries, NUL blocks, foreign files and links do not stop a reader."""
    store.append(entry("one"))
    store.close()
    directory = Path(store.directory)
    with open(segments(store.directory)[-1].path, "ab") as file:
        file.write(b"garbage\n" + b"\x00" * 100 + b"\n\xff\xfe\n\n[1]\n")
    (directory / "notes.txt").write_text("x")
    (directory / f"{10**6:020d}.jsonl").symlink_to("/etc/passwd")
    store.append(entry("two"))
    assert messages(list(store.scan(ALL))) == messages(store.older(ALL).entries) == ["one", "two"]
    assert store.unreadable >= 4


def test_very_long_lines_are_read_in_both_directions(store: FileStore) -> None:
    """A line of several blocks comes back whole."""
    texts = ["short", "x" * 700_000, "y" * 300_000, "end"]
    for text in texts:
        store._writer.write(entry(text).line[:-1] + b',"tail":1}\n')  # past the limit of an entry
    store.append(entry("last"))
    from_behind = store.older(ALL).entries
    assert [made.line for made in from_behind] == [made.line for made in store.newer(ALL).entries]
    assert len(from_behind) == 5


def test_directory_that_cannot_be_made_holds_entries_and_raises_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Logging goes on; when the directory can be made again, what was held is written, in order."""
    blocker = tmp_path / "logs"
    blocker.write_text("a file where the directory should be")
    store = FileStore(blocker / "inner")
    for number in range(5):
        store.append(entry(f"entry {number}"))
    assert "cannot be written" in capfd.readouterr().err
    blocker.unlink()
    store.close()
    assert messages(list(store.scan(ALL))) == [f"entry {number}" for number in range(5)]
    assert store.lost == 0


def test_what_cannot_be_held_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go first; `lost` and `trouble` say how many, and then an entry, where they are missing."""
    monkeypatch.setattr("logconsole.stores.backlog.MAX_LINES", 10)
    (tmp_path / "logs").write_text("")
    store = FileStore(tmp_path / "logs" / "inner")
    for number in range(25):
        store.append(entry(f"entry {number}"))
    assert store.lost == 15
    assert store.trouble.startswith("25 entries could not be written since")
    (tmp_path / "logs").unlink()
    store.close()
    told, *kept = messages(list(store.scan(ALL)))
    assert told.startswith("15 entries are lost: from 20") and told.endswith("Not a directory")
    assert kept == [f"entry {number}" for number in range(15, 25)]
    assert store.trouble == ""


def test_removed_directory_is_made_again(tmp_path: Path) -> None:
    """An admin who deletes the directory does not end the log: the next entry is kept, and readers are told."""
    store = FileStore(tmp_path / "logs")
    store.append(entry("one"))
    cursor = store.older(ALL).after
    for path in (tmp_path / "logs").iterdir():
        path.unlink()
    (tmp_path / "logs").rmdir()
    store.append(entry("two"))
    batch = store.newer(ALL, cursor)
    assert (messages(batch.entries), batch.missed) == (["two"], True)
    store.close()


def test_forked_child_writes_through_files_of_its_own(store: FileStore) -> None:
    """Parent and child go on in the same directory; nothing is lost, torn or shared."""
    store.append(entry("parent 0"))
    store._lock.acquire()  # as another thread of the parent would hold it while the child is made
    child = os.fork()
    if child == 0:
        for number in range(50):
            store.append(entry(f"child {number}"))
        store.close()
        os._exit(0)
    store._lock.release()
    for number in range(1, 51):
        store.append(entry(f"parent {number}"))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    texts = messages(list(store.scan(ALL)))
    assert [text for text in texts if text.startswith("child")] == [f"child {n}" for n in range(50)]
    assert [text for text in texts if text.startswith("parent")] == [f"parent {n}" for n in range(51)]
    assert store.unreadable == 0


async def test_follower_sees_what_another_process_appends(store: FileStore) -> None:
    """Without a wake-up of its own, a follower finds new lines by looking."""
    batches = store.follow(ALL, store.older(ALL).after)
    waiting = asyncio.ensure_future(anext(batches))
    other = FileStore(store.directory)
    await asyncio.to_thread(other.append, entry("from elsewhere"))
    assert messages((await waiting).entries) == ["from elsewhere"]
    await batches.aclose()
    other.close()


def test_reader_writes_nothing(store: FileStore) -> None:
    """Reading leaves the directory as it was, and does not make one."""
    store.append(entry("one"))
    store.close()
    before = {path.name: path.lstat().st_mtime_ns for path in Path(store.directory).iterdir()}
    reader = FileStore(store.directory)
    list(reader.scan(ALL))
    reader.older(ALL)
    assert {path.name: path.lstat().st_mtime_ns for path in Path(store.directory).iterdir()} == before
    absent = FileStore(Path(store.directory) / "absent")
    assert absent.older(ALL).entries == []
    assert not Path(absent.directory).exists()
