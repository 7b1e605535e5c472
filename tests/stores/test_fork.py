"""Processes that are forked, spawned and ended at any time share nothing and lose nothing."""

from __future__ import annotations

import atexit
import ctypes
import logging
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from logconsole import conf
from logconsole.stores import alone
from logconsole.stores.file import FileStore
from tests.children import ended_well, ran
from tests.stores.contract import messages
from tests.stores.instead import once
from tests.stores.witnesses import ALL
from tests.writer_process import configure

FORKS, EACH = 40, 5
pytestmark = pytest.mark.timeout(90)  # many processes at once
log = logging.getLogger("fork")


def kept(directory: Path) -> list[str]:
    """The messages on disk, none of them torn."""
    store = FileStore(directory)
    found = messages(list(store.scan(ALL)))
    assert store.unreadable == 0
    return found


def numbered(found: list[str], begin: str) -> list[int]:
    """The numbers behind those messages, in their order."""
    return [int(text.rpartition(" ")[2]) for text in found if text.startswith(begin)]


def forks_while_others_log(directory: str) -> None:
    """Three threads log without a pause, while the first forks children that log and end, in two ways."""
    configure(directory, "fork", segment_bytes=20_000)
    ended = threading.Event()
    threads = [threading.Thread(target=log_until, args=(number, ended)) for number in range(3)]
    for thread in threads:
        thread.start()
    children = []
    for number in range(FORKS):
        children.append(os.fork())
        if not children[-1]:
            for count in range(EACH):
                log.info("child %d: %d", number, count)
            if number % 2:
                conf.get_store("file").close()  # what is held behind a busy lock: nobody else writes it then
                os._exit(0)
            sys.exit(0)
        log.info("main: %d", number)
    codes = [os.waitpid(child, 0)[1] for child in children]
    ended.set()
    for thread in threads:
        thread.join()
    log.info("failed: %d", sum(codes))


def log_until(number: int, ended: threading.Event) -> None:
    """One thread of the parent."""
    count = 0
    while not ended.is_set():
        log.info("thread %d: %d", number, count)
        count += 1
    log.info("count %d: %d", number, count)


def test_forks_while_other_threads_log_neither_hang_nor_lose(tmp_path: Path) -> None:
    """Whoever holds which lock at the moment of a fork: every child logs and ends, and the parent's go on."""
    ended_well(forks_while_others_log, tmp_path)
    found = kept(tmp_path)
    assert numbered(found, "failed") == [0]
    assert numbered(found, "main") == list(range(FORKS))
    for child in range(FORKS):
        assert numbered(found, f"child {child}:") == list(range(EACH))
    for thread in range(3):
        (count,) = numbered(found, f"count {thread}:")
        assert numbered(found, f"thread {thread}:") == list(range(count))


def fork_and_look(directory: str) -> None:
    """A child that looks at its open files before it logs."""
    configure(directory, "fork")
    log.info("parent 0")
    if not (child := os.fork()):
        for name in os.listdir("/proc/self/fd"):
            if os.path.exists(link := f"/proc/self/fd/{name}") and os.readlink(link).startswith(directory):
                log.error("shared: %s", name)
        log.info("child 0")
        os._exit(0)
    os.waitpid(child, 0)
    log.info("parent 1")


def test_child_shares_no_file_with_its_parent(tmp_path: Path) -> None:
    """A forked child has none of the parent's segments open: neither position nor lock is common."""
    assert ran(fork_and_look, tmp_path).returncode == 0
    assert kept(tmp_path) == ["parent 0", "child 0", "parent 1"]


def log_in_child(directory: str, name: str) -> None:
    """What a process of `multiprocessing` does."""
    if not logging.getLogger().handlers:  # not forked
        configure(directory, "child")
    log.info("%s 0", name)


def children(directory: str, method: str) -> None:
    """Three processes of `multiprocessing`, begun while this one logs."""
    configure(directory, "parent")
    context = multiprocessing.get_context(method)
    for number in range(3):
        log.info("parent %d", number)
        process: Any = context.Process(target=log_in_child, args=(directory, f"child {number}:"))
        process.start()
        log.info("meanwhile %d", number)
        process.join()
        assert process.exitcode == 0


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing_loses_nothing(tmp_path: Path, method: str) -> None:
    """Each way to begin a process."""
    ended_well(children, tmp_path, method)
    found = kept(tmp_path)
    assert len(found) == 9
    assert numbered(found, "parent") == numbered(found, "meanwhile") == [0, 1, 2]
    assert all(numbered(found, f"child {number}:") == [0] for number in range(3))


def ends(directory: str) -> None:
    """Log at each stage of the interpreter's end."""
    atexit.register(log.info, "registered before")
    configure(directory, "end")
    log.info("in the middle")
    atexit.register(log.info, "registered behind")
    begun = threading.Event()
    threading.Thread(target=log_for_ever, args=(begun,), daemon=True).start()
    begun.wait()
    threading.Thread(target=lambda: threading.main_thread().join() or log.info("a thread that outlives main")).start()


def log_for_ever(begun: threading.Event) -> None:
    """A daemon thread, which is in the middle of it when the interpreter ends."""
    number = 0
    while True:
        log.info("daemon: %d", number)
        number += 1
        begun.set()


def test_interpreter_that_ends_keeps_what_is_logged_to_the_last(tmp_path: Path) -> None:
    """In exit functions, before and behind ours, by threads that outlive main, by daemons."""
    ended_well(ends, tmp_path)
    found = kept(tmp_path)
    for text in ("in the middle", "registered before", "registered behind", "a thread that outlives main"):
        assert found.count(text) == 1
    daemon = numbered(found, "daemon")
    assert daemon == list(range(len(daemon)))


def ends_in_trouble(directory: str) -> None:
    """End while nothing can be written."""
    configure(directory, "end", ring=True)
    for number in range(3):
        log.info("held %d", number)
    atexit.register(lambda: os.write(1, b"%d" % conf.get_store("file").lost))


def test_what_cannot_be_written_at_the_end_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is still held then is counted as lost on stderr, in one line more."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # an earlier run left there what it could not write either
    (tmp_path / "logs").write_text("in the way")
    done = ran(ends_in_trouble, tmp_path / "logs")
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1].endswith("0 entries are held in memory, 3 are lost")


class Late:
    """Logs when it is thrown away."""

    def __del__(self, info: Any = log.info) -> None:
        info("thrown away")


def throws_away_at_the_end(directory: str) -> None:
    """Leave an object to the very end, when modules are taken apart already."""
    configure(directory, "end")
    log.info("in the middle")
    sys.modules["__main__"].late = Late()  # type: ignore[attr-defined]


def test_object_that_logs_when_modules_are_taken_apart_is_kept(tmp_path: Path) -> None:
    """Builtins are going already then, and so are exit functions; the entry comes all the same."""
    ended_well(throws_away_at_the_end, tmp_path)
    assert kept(tmp_path) == ["in the middle", "thrown away"]


def fork_in_trouble(directory: str) -> None:
    """A child of a process that holds entries; then both can write."""
    configure(directory + "/logs", "fork")
    log.info("held")
    if not (child := os.fork()):
        sys.exit(0)
    os.waitpid(child, 0)
    os.unlink(directory + "/logs")
    if not (child := os.fork()):
        log.info("child")
        sys.exit(0)
    os.waitpid(child, 0)
    log.info("parent")


def fork_unseen(directory: str) -> None:
    """As `fork_in_trouble`, by C code that knows nothing of Python's hooks."""
    configure(directory + "/logs", "fork")
    log.info("held")
    if not (child := ctypes.CDLL(None).fork()):
        os.unlink(directory + "/logs")
        log.info("child")
        os._exit(0)
    os.waitpid(child, 0)
    log.info("parent")


@pytest.mark.parametrize("forks", [fork_in_trouble, fork_unseen])
def test_what_is_held_at_a_fork_is_written_by_the_parent_alone(tmp_path: Path, forks: Callable[[str], None]) -> None:
    """The child neither repeats it nor counts it as lost, whether or not Python's hooks were run in it."""
    (tmp_path / "logs").write_text("in the way")
    done = ran(forks, tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (0, 1)
    assert sorted(kept(tmp_path / "logs")) == ["child", "held", "parent"]


def fork_in_the_middle(directory: str, call: str, is_alone: str) -> None:
    """Fork right before a system call of a line, as a signal handler would, and let both sides go on."""
    configure(directory + "/logs", "fork", segment_bytes=10_000_000)
    alone.ALONE_SECONDS, alone.BURST_SECONDS = (-1.0 if is_alone else 60.0), 60.0
    for number in range(alone.LINES + 2):
        log.info("before %d", number)
    assert bool(conf.get_store("file")._writer._alone.until) == bool(is_alone)  # type: ignore[attr-defined]
    child = -1

    def fork() -> None:
        nonlocal child
        if not (child := os.fork()):
            for number in range(20):  # takes the numbers of the files that were closed
                os.open(f"{directory}/of others {number}", os.O_RDWR | os.O_CREAT)
            for mark in Path(directory, "logs").glob(f"{alone.MARK}*"):
                mark.unlink()

    with pytest.MonkeyPatch.context() as patch:
        once(patch, call, fork)
        log.info("in the middle")
    log.info("behind %s", "parent" if child else "child")
    if not child:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize(("call", "is_alone"), [("write", "alone"), ("access", "alone"), ("write", ""), ("lseek", "")])
def test_fork_by_a_signal_handler_in_the_middle_of_a_line_doubles_nothing(
    tmp_path: Path, call: str, is_alone: str
) -> None:
    """The line is the parent's; the child writes it neither where it was nor into a file of others."""
    ended_well(fork_in_the_middle, tmp_path, call, is_alone)
    found = [text for text in kept(tmp_path / "logs") if not text.startswith("before")]
    assert sorted(found) == ["behind child", "behind parent", "in the middle"]
    assert [path.stat().st_size for path in tmp_path.glob("of others *")] == [0] * 20
