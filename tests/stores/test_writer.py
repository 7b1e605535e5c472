"""Writers that are stopped or killed at the worst moment lose, double and hold up nothing."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from logconsole.query import Query
from logconsole.stores import patient
from logconsole.stores.file import FileStore
from logconsole.stores.segments import SEAL, TAIL, segments
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.instead import once

ALL = Query()


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[FileStore, FileStore]]:
    """Two processes, as far as the directory can tell; both have written."""
    pair = FileStore(tmp_path), FileStore(tmp_path)
    for number, store in enumerate(pair):
        store.append(entry(f"first of {number}"))
    yield pair
    for store in pair:
        store.close()


def test_holder_that_is_stopped_does_not_stop_the_others(stores: tuple[FileStore, FileStore]) -> None:
    """While a process holds the lock, another goes on in the next segment, at once readable in order."""
    stopped, other = stores
    fcntl.flock(stopped._writer._file, fcntl.LOCK_EX)
    for number in range(3):
        other.append(entry(f"meanwhile {number}"))
    assert messages(list(other.scan(ALL)))[2:] == [f"meanwhile {number}" for number in range(3)]
    assert len(segments(other.directory)) == 2
    assert other.lost == 0
    stopped.append(entry("goes on"))
    assert messages(other.older(ALL).entries)[-1] == "goes on"


def test_line_of_a_writer_stopped_before_its_write_arrives_once_behind_the_others(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The late line is void where it fell, and written again where readers are: a follower gets it too."""
    stopped, other = stores
    cursor = other.older(ALL).after
    once(monkeypatch, "write", lambda: other.append(entry("meanwhile")))
    stopped.append(entry("late"))
    followed = other.newer(ALL, cursor)
    assert messages(followed.entries) == ["meanwhile", "late"]
    assert messages(other.older(ALL).entries) == ["first of 0", "first of 1", "meanwhile", "late"]
    assert messages(list(other.scan(ALL))) == messages(other.older(ALL).entries)
    assert (other.unreadable, other.lost, stopped.lost) == (0, 0, 0)


def test_roller_stopped_before_it_made_the_segment_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others end the segment themselves; both come to the same next one."""
    size = 3 * (len(entry("entry 0").line) + 1) + len(SEAL)
    most = size + size // 99 + 1  # a hundredth is kept for the index
    stopped, other = FileStore(tmp_path, segment_bytes=most), FileStore(tmp_path, segment_bytes=most)
    for number in range(3):
        stopped.append(entry(f"entry {number}"))
    once(monkeypatch, "open", lambda: other.append(entry("entry 3")))
    stopped.append(entry("entry 4"))
    assert messages(list(stopped.scan(ALL))) == [f"entry {number}" for number in range(5)]
    bases = [segment.base for segment in segments(stopped.directory)]
    assert bases == [0, size - len(SEAL)]
    stopped.close()
    other.close()


def test_busy_holder_is_waited_for(stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch) -> None:
    """While the segment grows nobody is stopped: a long wait for the lock ends no segment."""
    busy, other = stores
    path = segments(busy.directory)[-1].path
    holder = os.open(path, os.O_RDWR | os.O_APPEND)
    fcntl.flock(holder, fcntl.LOCK_EX)
    left = iter(range(5))

    def wait(_: float) -> None:
        """A wait in which the holder goes on, and in the end lets go."""
        os.write(holder, entry("busy").line + b"\n")
        if next(left, None) is None:
            fcntl.flock(holder, fcntl.LOCK_UN)

    monkeypatch.setattr(patient, "LOCK_SECONDS", 0.0)
    monkeypatch.setattr(patient, "_step_aside", wait)
    other.append(entry("patient"))
    os.close(holder)
    assert messages(other.older(ALL).entries)[-1] == "patient"
    assert len(segments(other.directory)) == 1


def test_seals_keep_the_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a holder is stopped, there are never more segments than are to be kept."""
    monkeypatch.setattr(patient, "LOCK_SECONDS", 0.0)
    store = FileStore(tmp_path, retain_segments=4)
    for number in range(12):
        store.append(entry(f"entry {number}"))
        holder = os.open(segments(store.directory)[-1].path, os.O_RDWR)
        fcntl.flock(holder, fcntl.LOCK_EX)
        store.append(entry(f"sealed {number}"))
        os.close(holder)
        assert len(segments(store.directory)) <= 4
    assert messages(store.older(ALL).entries)[-2:] == ["entry 11", "sealed 11"]
    store.close()


def test_removed_segment_loses_no_later_entry(stores: tuple[FileStore, FileStore]) -> None:
    """An admin who removes the file that is written takes only what is in it; both processes meet in the next."""
    one, other = stores
    os.unlink(segments(one.directory)[-1].path)
    one.append(entry("behind 1"))
    other.append(entry("behind 2"))
    one.append(entry("behind 3"))
    assert messages(list(one.scan(ALL))) == ["behind 1", "behind 2", "behind 3"]
    assert len(segments(one.directory)) == 1


def test_idle_writer_does_not_bring_back_what_retention_took(tmp_path: Path) -> None:
    """After the others have gone on for long, its next line lies behind theirs, and a lost place is told."""
    size = 3 * (len(entry("entry 0").line) + 1) + len(SEAL)
    idle, other = (
        FileStore(tmp_path, segment_bytes=size, retain_segments=2),
        FileStore(tmp_path, segment_bytes=size, retain_segments=2),
    )
    idle.append(entry("entry 0"))
    cursor = idle.older(ALL).after
    for number in range(1, 20):
        other.append(entry(f"entry {number}"))
    first = segments(other.directory)[0].base
    idle.append(entry("entry 20"))
    assert segments(other.directory)[0].base >= first
    assert messages(other.older(ALL).entries)[-1] == "entry 20"
    assert other.newer(ALL, cursor).missed
    idle.close()
    other.close()


@pytest.mark.parametrize("call", ["stat", "write", "lseek"])
def test_exception_of_a_signal_handler_leaves_no_lock_behind(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """A soft time limit that raises inside a logging call holds nobody up, and doubles nothing."""
    one, other = stores

    def interrupt() -> None:
        raise KeyboardInterrupt

    once(monkeypatch, call, interrupt)
    with pytest.raises(KeyboardInterrupt):
        one.append(entry("interrupted"))
    other.append(entry("after it"))
    assert len(segments(other.directory)) == 1
    one.append(entry("and on"))
    texts = messages(list(other.scan(ALL)))
    assert texts[-2:] == ["after it", "and on"]
    assert texts.count("interrupted") <= 1


def test_exception_of_a_signal_handler_while_waiting_for_the_lock_harms_nobody(
    stores: tuple[FileStore, FileStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits is gone, and neither holds nor ends anything."""
    one, other = stores
    lock = segments(one.directory)[-1].path

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    with open(lock, "ab") as holder, monkeypatch.context() as patch:
        fcntl.flock(holder, fcntl.LOCK_EX)
        patch.setattr(patient, "_step_aside", interrupt)
        with pytest.raises(KeyboardInterrupt):
            one.append(entry("interrupted"))
    other.append(entry("after it"))
    one.append(entry("and on"))
    assert messages(list(other.scan(ALL)))[2:] == ["after it", "and on"]
    assert len(segments(other.directory)) == 1


def test_reader_at_a_seal_waits_for_the_next_segment(stores: tuple[FileStore, FileStore]) -> None:
    """Between the seal and the segment behind it, readers give what counts, once, and no cursor goes wrong."""
    one, other = stores
    segment = segments(one.directory)[-1]
    one._writer._roller.point_away(segment.base + segment.size())
    with open(segment.path, "ab") as file:
        file.write(SEAL + entry("void").line + b"\n")
    page = other.older(ALL)
    assert messages(page.entries) == messages(other.newer(ALL).entries) == ["first of 0", "first of 1"]
    assert other.newer(ALL, page.after).entries == other.newer(ALL, other.newer(ALL).after).entries == []
    one.append(entry("behind"))
    assert messages(other.newer(ALL, page.after).entries) == ["behind"]
    assert messages(other.older(ALL).entries) == ["first of 0", "first of 1", "behind"]


def test_seal_is_found_behind_which_much_was_written(stores: tuple[FileStore, FileStore]) -> None:
    """A process that has the sealed segment open does not add to what is void."""
    late, other = stores
    segment = segments(late.directory)[-1]
    size = segment.size()
    with open(segment.path, "ab") as file:
        file.write(SEAL + b"x" * (TAIL + 1_000) + b"\n")
    other._writer._roller.make_segment(segment.base + size)
    late.append(entry("found"))
    assert messages(other.older(ALL).entries) == ["first of 0", "first of 1", "found"]
    assert len(segments(late.directory)) == 2


def test_link_that_a_killed_process_left_half_made_is_no_obstacle(tmp_path: Path) -> None:
    """The next one of the same number makes its own."""
    (tmp_path / f"current.jsonl.{os.getpid()}").symlink_to("nowhere")
    store = FileStore(tmp_path)
    store.append(entry())
    assert os.readlink(tmp_path / "current.jsonl") == "00000000000000000000.jsonl"
    store.close()


def test_stopped_processes_lose_and_double_nothing(tmp_path: Path) -> None:
    """Real processes, stopped at any instant until the others have gone on, and continued."""
    services, count = ("web", "worker", "cron"), 3_000
    store = FileStore(tmp_path)
    running = {service: started(tmp_path, service, count) for service in services}
    seen: dict[str, list[int]] = defaultdict(list)
    after = ""
    stops = iter(services * 8)
    while sum(map(len, seen.values())) < count * len(services):
        stopped = next(stops, None)
        if stopped:
            running[stopped].send_signal(signal.SIGSTOP)
        goal = sum(len(seen[service]) for service in services if service != stopped) + 100
        while sum(len(seen[service]) for service in services if service != stopped) < min(
            goal, count * (len(services) - bool(stopped))
        ):
            batch = store.newer(ALL, after)
            assert not batch.missed
            after = batch.after
            for made in batch.entries:
                assert made.extra is not None
                seen[made.service].append(made.extra["number"])
        if stopped:
            running[stopped].send_signal(signal.SIGCONT)
    assert [process.wait() for process in running.values()] == [0, 0, 0]
    assert all(seen[service] == list(range(count)) for service in services)
    assert len(list(store.scan(ALL))) == count * len(services)


def test_killed_processes_lose_nothing_that_was_logged(tmp_path: Path) -> None:
    """What a logging call returned for is on disk, whole, whatever happens to the process then."""
    store = FileStore(tmp_path)
    kept = 0
    for number in range(6):
        process = started(tmp_path, f"life {number}", 10**6, stdout=subprocess.PIPE)
        assert process.stdout is not None
        with process.stdout as told:
            acknowledged = [int(told.readline()) for _ in range(200)]
            process.kill()
            acknowledged += [int(line) for line in told.read().split(b"\n")[:-1] if line.isdigit()]
        process.wait()
        numbers = [made.extra["number"] for made in store.scan(Query.parse(f'service:"life {number}"')) if made.extra]
        assert numbers == list(range(len(numbers)))
        assert len(numbers) >= len(acknowledged)
        kept += len(numbers)
    store.append(entry("after all"))
    assert len(list(store.scan(ALL))) == kept + 1
    store.close()


def started(directory: Path, service: str, count: int, **options: int) -> subprocess.Popen[bytes]:
    """A process that logs numbered entries, and tells each one on stdout once it is logged, if asked."""
    arguments = [str(directory), service, str(count), "1", "tell" if options else ""]
    return subprocess.Popen([sys.executable, "-m", "tests.writer_process", *arguments], **options)
