"""A writer that is stopped, killed or forked at each single line of its way to the disk."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import logconsole.stores
from logconsole.stores.file import FileStore
from tests.children import started
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.witnesses import ALL
from tests.writer_process import configure

HERE = str(Path(logconsole.stores.__file__).parent)
SEGMENTS = {"append": 1_000_000, "roll": 420}
"""Sizes of a segment, and what they lead to: with the second, every other entry begins one."""
log = logging.getLogger("instants")


def at_line(number: int, happens: Callable[[], object], call: Callable[[], object]) -> bool:
    """Whether the call came to so many different lines of the stores' code; at that one something happens to it."""
    lines: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(HERE):
            return None
        known = len(lines)
        if event == "line":
            lines.add((frame.f_code.co_filename, frame.f_lineno))
        if known < number <= len(lines):
            happens()
        return trace

    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(None)
    return len(lines) >= number


def stop_everywhere(directory: str, segment_bytes: str) -> None:
    """Log an entry for each line on the way, and stop there."""
    configure(directory, "stopped", segment_bytes=int(segment_bytes))
    log.info("late 0")
    number, more = 0, True
    while more:
        number += 1
        more = at_line(number, partial(os.kill, os.getpid(), signal.SIGSTOP), partial(log.info, "late %d", number))
        os.write(1, b"logged\n")


def die_everywhere(directory: str, segment_bytes: str) -> None:
    """For each line on the way: a child that logs an entry, and another one while which it is killed there."""
    configure(directory, "killed", segment_bytes=int(segment_bytes))
    number, more = 0, True
    while more:
        number += 1
        child = os.fork()
        if not child:
            log.info("before %d", number)
            at_line(number, partial(os.kill, os.getpid(), signal.SIGKILL), partial(log.info, "killed %d", number))
            os._exit(0)
        more = os.waitpid(child, 0)[1] != 0
        log.info("after %d", number)
    os.write(1, b"%d\n" % number)


def fork_everywhere(directory: str, segment_bytes: str) -> None:
    """For each line on the way: another thread forks, and the child logs."""
    configure(directory, "forked", segment_bytes=int(segment_bytes))
    number, more = 0, True
    while more:
        number += 1
        more = at_line(number, partial(in_thread, fork_and_log, number), partial(log.info, "parent %d", number))
    os.write(1, b"%d\n" % number)


def fork_and_log(number: int) -> None:
    """A child that logs and ends; the parent waits for it."""
    child = os.fork()
    if not child:
        log.info("child %d", number)
        os._exit(0)
    os.waitpid(child, 0)


def in_thread(function: Callable[[int], object], number: int) -> None:
    """The call by another thread."""
    thread = threading.Thread(target=function, args=(number,))
    thread.start()
    thread.join()


@pytest.mark.parametrize("segment_bytes", SEGMENTS.values(), ids=SEGMENTS)
def test_writer_stopped_at_any_line_stops_nobody_and_comes_once(tmp_path: Path, segment_bytes: int) -> None:
    """While it is stopped, another's entry is at once where readers are; its own comes when it goes on, once."""
    other = FileStore(tmp_path, segment_bytes=segment_bytes, retain_bytes=10**9, retain_segments=10**4)
    after, seen, number = "", [], 0
    with started(stop_everywhere, tmp_path, segment_bytes) as child:
        assert child.stdout is not None
        while os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT).si_code == os.CLD_STOPPED:
            number += 1
            other.append(entry(f"meanwhile {number}"))
            batch = other.newer(ALL, after)
            after, seen = batch.after, seen + messages(batch.entries)
            assert (batch.missed, seen[-1], other.trouble) == (False, f"meanwhile {number}", "")
            child.send_signal(signal.SIGCONT)
            assert child.stdout.readline() == "logged\n"
        assert child.communicate()[1] == ""
    assert number > 10
    seen += messages(other.newer(ALL, after).entries)
    assert [text for text in seen if text.startswith("late")] == [f"late {n}" for n in range(number + 2)]
    assert [text for text in seen if text.startswith("mean")] == [f"meanwhile {n}" for n in range(1, number + 1)]
    assert messages(list(other.scan(ALL))) == seen
    assert other.unreadable == 0
    other.close()


def test_writer_stopped_before_the_first_entry_of_a_segment_stops_nobody(tmp_path: Path) -> None:
    """Its lock on a segment that is still empty ends that one; the others go on, and so does it."""
    first, other = FileStore(tmp_path), FileStore(tmp_path)
    first.append(entry("first"))
    first.close()
    (segment,) = tmp_path.glob("0*.jsonl")
    segment.write_bytes(b"")
    with segment.open("ab") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        other.append(entry("second"))
        assert (messages(list(other.scan(ALL))), other.trouble) == (["second"], "")
    first.append(entry("third"))
    assert messages(list(other.scan(ALL))) == ["second", "third"]
    first.close()
    other.close()


@pytest.mark.parametrize("segment_bytes", SEGMENTS.values(), ids=SEGMENTS)
def test_writer_killed_at_any_line_harms_nobody(tmp_path: Path, segment_bytes: int) -> None:
    """What it had logged is there, what it was logging at most once, and the next process goes on at once."""
    with started(die_everywhere, tmp_path, segment_bytes) as mother:
        printed, error = mother.communicate()
    number = int(printed)
    assert (number > 10, error) == (True, "")
    found = messages(list(FileStore(tmp_path).scan(ALL)))
    for kind in ("before", "after"):
        assert [text for text in found if text.startswith(kind)] == [f"{kind} {n}" for n in range(1, number + 1)]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("segment_bytes", SEGMENTS.values(), ids=SEGMENTS)
def test_fork_at_any_line_parts_two_writers(tmp_path: Path, segment_bytes: int) -> None:
    """Another thread forks: the parent's entry on its way comes once, and the child neither hangs nor repeats it."""
    with started(fork_everywhere, tmp_path, segment_bytes) as mother:
        printed, error = mother.communicate()
    number = int(printed)
    assert (number > 10, error) == (True, "")
    found = messages(list(FileStore(tmp_path).scan(ALL)))
    assert [text for text in found if text.startswith("parent")] == [f"parent {n}" for n in range(1, number + 1)]
    assert [text for text in found if text.startswith("child")] == [f"child {n}" for n in range(1, number)]
