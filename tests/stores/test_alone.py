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
from logconsole.stores import alone, backlog, writer
from logconsole.stores.file import FileStore
from logconsole.stores.segments import SEAL, TAIL, read_at, segments
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
    assert os.readlink(Path(one.directory) / (alone.MARK + name.removesuffix(".jsonl"))) == name
    assert [path.name for path in Path(one.directory).glob("*.jsonl")] == [name, "current.jsonl"]
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


def test_pause_in_which_nobody_writes_changes_nothing(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looks before the next line, and goes on without a lock."""
    one, other = stores
    monkeypatch.setattr(one._writer._alone, "until", 1.0)
    with open(segments(one.directory)[0].path, "ab") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        one.append(entry("went on"))
    assert len(segments(one.directory)) == 1
    assert said(other) == ["went on"]


def test_pause_in_which_another_writes_ends_it(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next line is written under the lock again."""
    one, other = stores
    with open(segments(one.directory)[0].path, "ab") as another:
        another.write(entry("another").line + b"\n")
    monkeypatch.setattr(one._writer._alone, "until", 1.0)
    with open(segments(one.directory)[0].path, "ab") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        one.append(entry("waited, and went on elsewhere"))
    assert one._writer._alone.until == 0.0
    assert len(segments(one.directory)) == 2
    assert said(other) == ["another", "waited, and went on elsewhere"]


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


def test_line_is_found_without_reading_what_others_wrote(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much that is: it lies where the last write ended, or where a thread of ours wrote behind it."""
    one, other = stores
    much = b"".join(entry(f"{number} {'x' * 1_000}").line + b"\n" for number in range(3_000))

    def others_write() -> None:
        with open(segments(one.directory)[0].path, "ab") as file:
            file.write(much)
        one._writer._alone.interrupt()

    seen: list[int] = []

    def counted(file: int, size: int, offset: int) -> bytes:
        seen.append(size)
        return read_at(file, size, offset)

    monkeypatch.setattr(writer, "read_at", counted)
    once(monkeypatch, "write", others_write)
    one.append(entry("late"))
    assert sum(seen) <= 2 * TAIL
    assert said(other)[-1] == "late"
    assert said(other).count("late") == 1


def test_line_behind_which_a_thread_of_ours_wrote_is_found(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file's position is that of the other thread then; the line is written once all the same."""
    one, other = stores

    def happens() -> None:
        one._writer._alone.interrupt()
        os.write(one._writer._file, entry("of a thread").line + b"\n")

    once(monkeypatch, "access", happens)
    one.append(entry("mine"))
    assert said(other) == ["mine", "of a thread"]


def test_line_whose_writer_was_closed_meanwhile_counts(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another thread may have met an error: the file is another one then, the line is not."""
    one, other = stores

    def close() -> None:
        one._writer._alone.interrupt()
        one._writer.close()

    once(monkeypatch, "access", close)
    one.append(entry("mine"))
    assert said(other) == ["mine"]
    one.append(entry("next"))
    assert said(other) == ["mine", "next"]


@pytest.mark.parametrize("call", ["open", "fstat"])
def test_exception_of_a_signal_handler_while_a_line_is_looked_for_leaves_no_lock_behind(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The other goes on in the same segment: nobody holds it up."""
    one, other = stores

    def interrupt() -> None:
        raise KeyboardInterrupt

    def come() -> None:
        one._writer._alone.interrupt()
        once(monkeypatch, call, interrupt)

    once(monkeypatch, "access", come)
    with pytest.raises(KeyboardInterrupt):
        one.append(entry("interrupted"))
    other.append(entry("after it"))
    assert (said(other), len(segments(other.directory))) == (["interrupted", "after it"], 1)


def test_exception_of_a_signal_handler_leaves_nothing_in_flight(stores: tuple[FileStore, FileStore]) -> None:
    """Else nobody could ever close a file again."""
    one, other = stores

    class Interrupted(list[None]):
        def append(self, item: None) -> None:
            super().append(item)
            raise KeyboardInterrupt

    one._writer._flying = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        one.append(entry("interrupted"))
    assert one._writer._flying == []
    one._writer._flying = []
    one.append(entry("next"))
    assert said(other) == ["next"]


class Forbidden:
    """The system calls about the mark, one of which is not permitted for a while."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_over = False

    def __getattr__(self, name: str) -> object:
        return self._refuse if name == self.name and not self.is_over else getattr(os, name)

    def _refuse(self, *_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))


def test_nobody_is_alone_where_no_mark_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All goes the way under the lock, and is kept."""
    monkeypatch.setattr(alone, "os", Forbidden("symlink"))
    store = FileStore(tmp_path)
    for number in range(3 * MANY):
        store.append(entry(f"entry {number}"))
        assert store._writer._alone.until == 0.0
    assert messages(list(store.scan(ALL))) == [f"entry {number}" for number in range(3 * MANY)]
    store.close()


def test_mark_that_cannot_be_taken_away_is_trouble(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is there, the lines of who is alone count: nobody may end the segment; what is logged is held."""
    one, other = stores
    monkeypatch.setattr(backlog, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(alone, "os", forbidden := Forbidden("unlink"))
    other.append(entry("held"))
    one.append(entry("alone"))
    assert other.trouble.startswith("1 entries could not be written")
    forbidden.is_over = True
    other.append(entry("then"))
    assert (said(other), other.trouble, other.lost) == (["alone", "held", "then"], "", 0)
