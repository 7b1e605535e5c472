"""A process that writes alone needs no lock, and nothing is lost, doubled or glued when it is alone no more."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from logconsole.query import Query
from logconsole.stores import alone
from logconsole.stores.file import FileStore
from logconsole.stores.segments import SEAL, segments
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.instead import once

ALL = Query()
MANY = alone.LINES + 2


@pytest.fixture(autouse=True)
def _soon_and_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process is alone after so many lines, however quick they were, and stays so however long the test takes."""
    monkeypatch.setattr(alone, "ALONE_SECONDS", -1.0)
    monkeypatch.setattr(alone, "BURST_SECONDS", 60.0)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[FileStore, FileStore]]:
    """One that is alone, and one that has not written yet."""
    pair = FileStore(tmp_path), FileStore(tmp_path)
    for number in range(MANY):
        pair[0].append(entry(f"alone {number}"))
    yield pair
    for store in pair:
        store.close()


def said(store: FileStore) -> list[str]:
    """All but the lines with which it became alone."""
    texts = messages(list(store.scan(ALL)))
    assert texts[:MANY] == [f"alone {number}" for number in range(MANY)]
    assert store.unreadable == 0
    return texts[MANY:]


def test_lone_writer_waits_for_no_lock(stores: tuple[FileStore, FileStore]) -> None:
    """Whoever holds the lock, its line is in the same segment at once."""
    one, _ = stores
    name = os.path.basename(segments(one.directory)[0].path)
    assert os.readlink(Path(one.directory) / (alone.MARK + name)) == name
    with open(segments(one.directory)[0].path, "ab") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        one.append(entry("without"))
    assert (said(one), len(segments(one.directory))) == (["without"], 1)


def test_another_writer_in_between_changes_nothing(stores: tuple[FileStore, FileStore]) -> None:
    """Lines of both stand in their order; the first is alone no more, and later is again."""
    one, other = stores
    one.append(entry("1"))
    other.append(entry("2"))
    one.append(entry("3"))
    other.append(entry("4"))
    assert said(one) == ["1", "2", "3", "4"]
    assert one._writer._alone.until == 0.0
    for number in range(2 * MANY):
        one.append(entry(f"again {number}"))
    assert one._writer._alone.until > 0.0
    assert len(segments(one.directory)) == 1


def test_line_between_look_and_write_counts_where_it_fell(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writes at that very moment: each line once, in the order of the disk."""
    one, other = stores
    once(monkeypatch, "write", lambda: other.append(entry("between")))
    one.append(entry("mine"))
    assert said(other) == ["between", "mine"]
    one.append(entry("next"))
    assert said(other) == ["between", "mine", "next"]


def test_line_of_a_writer_stopped_while_the_segment_ended_is_written_again(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fell behind the end, where no reader looks; so its writer writes it where they are, once."""
    one, other = stores

    def roll() -> None:
        other.append(entry("before"))
        other._writer._period_end = 0.0
        other._writer._quiet_to = 0.0
        other.append(entry("first of the next"))

    once(monkeypatch, "write", roll)
    one.append(entry("late"))
    assert len(segments(one.directory)) == 2
    assert said(other) == said(one) == ["before", "first of the next", "late"]
    assert messages(one.older(ALL, limit=3).entries) == ["before", "first of the next", "late"]


def test_line_of_a_writer_stopped_while_the_segment_was_sealed_is_written_again(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A third process held the lock and did not go on, so the other sealed the segment."""
    one, other = stores

    def seal() -> None:
        with open(segments(one.directory)[0].path, "ab") as holder:
            fcntl.flock(holder, fcntl.LOCK_EX)
            other.append(entry("behind the seal"))

    once(monkeypatch, "write", seal)
    one.append(entry("late"))
    assert SEAL in Path(segments(one.directory)[0].path).read_bytes()
    assert said(other) == ["behind the seal", "late"]


def test_who_ends_a_segment_gives_a_line_on_its_way_time_to_arrive(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the mark away and waits; what arrives meanwhile lies before the end."""
    one, other = stores
    waits = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        one.append(entry("on its way"))

    other.append(entry("joined"))
    for number in range(2 * MANY):
        one.append(entry(f"again {number}"))
    assert one._writer._alone.until > 0.0
    monkeypatch.setattr(alone.time, "sleep", wait)
    monkeypatch.setattr(other._writer, "_period_end", 0.0)
    monkeypatch.setattr(other._writer, "_quiet_to", 0.0)
    monkeypatch.setattr(one._writer, "_acquire", lambda: True)  # the other waits in this very thread
    other.append(entry("behind"))
    assert waits == [alone.GRACE_SECONDS]
    assert said(other)[-2:] == ["on its way", "behind"]
    assert len(segments(one.directory)) == 2


def test_removed_segment_is_noticed_at_once(stores: tuple[FileStore, FileStore]) -> None:
    """The very next line of a lone writer is kept."""
    one, other = stores
    os.unlink(segments(one.directory)[0].path)
    one.append(entry("kept"))
    assert messages(list(other.scan(ALL))) == ["kept"]


def test_mark_of_a_killed_process_is_no_obstacle(tmp_path: Path) -> None:
    """The next one takes it over, or takes it away."""
    killed = FileStore(tmp_path)
    for number in range(MANY):
        killed.append(entry(f"alone {number}"))
    again = FileStore(tmp_path)
    for number in range(2 * MANY):
        again.append(entry(f"again {number}"))
    assert again._writer._alone.until > 0.0
    assert said(again) == [f"again {number}" for number in range(2 * MANY)]
    for store in (killed, again):
        store.close()


def test_pause_ends_it(stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that does not follow the last one closely is written under the lock again."""
    one, other = stores
    monkeypatch.setattr(one._writer._alone, "until", 1.0)
    with open(segments(one.directory)[0].path, "ab") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        one.append(entry("waited, and went on elsewhere"))
    assert len(segments(one.directory)) == 2
    assert said(other) == ["waited, and went on elsewhere"]


def test_threads_share_it_across_rotations(tmp_path: Path) -> None:
    """Each line once and whole, each thread's in order, no segment too long; mostly without a lock."""
    store = FileStore(tmp_path, segment_bytes=200_000, retain_bytes=10**8)
    count, threads = 3_000, 4

    def log(by: int) -> None:
        for number in range(count):
            store.append(entry("%d of %d", number, by))

    started = [threading.Thread(target=log, args=(by,)) for by in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    texts = messages(list(store.scan(ALL)))
    for by in range(threads):
        assert [text for text in texts if text.endswith(f" of {by}")] == [f"{n} of {by}" for n in range(count)]
    assert (len(texts), store.unreadable) == (count * threads, 0)
    raw = [line for segment in segments(store.directory) for line in Path(segment.path).read_bytes().splitlines()]
    assert sorted(raw) == sorted(made.line for made in store.scan(ALL))
    assert len(segments(store.directory)) > 5
    assert all(segment.size() <= 200_000 for segment in segments(store.directory))
    store.close()


def test_file_of_a_thread_that_is_writing_is_closed_later(stores: tuple[FileStore, FileStore]) -> None:
    """Its number could be another file's by then; nor does it keep its lock."""
    one, other = stores
    file = one._writer._file
    one._writer._flying.append(None)
    one._writer.close()
    assert os.fstat(file).st_size
    other.append(entry("by another"))
    one._writer._flying.clear()
    one.append(entry("goes on"))
    one._writer.close()
    assert said(other) == ["by another", "goes on"]
    assert len(segments(one.directory)) == 1
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)


def test_line_behind_a_seal_that_led_nowhere_does_not_count(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sealed could not make the next segment; what the lone writer logs meanwhile is not lost."""
    one, other = stores

    def seal() -> None:
        with open(segments(one.directory)[0].path, "ab") as holder, pytest.MonkeyPatch.context() as patch:
            fcntl.flock(holder, fcntl.LOCK_EX)
            patch.setattr(other._writer._roller, "make_segment", full)
            other.append(entry("sealed"))

    once(monkeypatch, "write", seal)
    for number in range(100):
        one.append(entry(f"late {number}"))
    other.close()
    assert [text for text in said(one) if text != "sealed"] == [f"late {number}" for number in range(100)]
    assert (one.lost, other.lost) == (0, 0)


def full(base: int) -> None:
    """In place of what makes a segment."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_line_in_a_directory_that_was_replaced_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new one has a segment of the same name, which is another file."""
    logs = tmp_path / "logs"
    one = FileStore(logs)
    for number in range(MANY):
        one.append(entry(f"alone {number}"))

    def replace() -> None:
        shutil.move(logs, tmp_path / "old")
        fresh = FileStore(logs)
        fresh.append(entry("fresh"))
        fresh.close()

    once(monkeypatch, "write", replace)
    one.append(entry("acknowledged"))
    assert messages(list(one.scan(ALL))) == ["fresh", "acknowledged"]
    one.close()
