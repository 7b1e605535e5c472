"""`tail_logs`: the last entries, and those that follow."""

from __future__ import annotations

import json
import os
import re
import select
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError

from logconsole import conf
from logconsole.query import Query
from logconsole.stores.file import FileStore
from tests.management.conftest import Call
from tests.management.processes import (
    ROOT,
    Process,
    command,
    environment,
    on_terminal,
    ran,
    snapshot,
    started,
)
from tests.records import entry

TAILS = pytest.mark.parametrize("name", ["tail_logs", "tail"])
MISSED = "Entries are missing here: the store's retention dropped them before they were read.\n"


def message(line: str) -> str:
    """What an entry in the text form says."""
    return line.rstrip("\n").rpartition(": ")[2]


def fill(store: FileStore, count: int, text: str = "entry") -> list[str]:
    """Append numbered entries."""
    texts = [f"{text} {number}" for number in range(count)]
    for made in texts:
        store.append(entry(made))
    return texts


def stopped(process: Process[str], number: int = signal.SIGINT) -> tuple[int, str, str]:
    """Exit code, and what was still written, once the signal has ended the process."""
    process.send_signal(number)
    out, err = process.communicate()
    return process.returncode, out, err


def until(process: Process[str], last: str) -> list[str]:
    """The messages written from here to the one that ends with `last`."""
    assert process.stdout
    seen = []
    for line in process.stdout:
        seen.append(message(line))
        if seen[-1] == last:
            break
    return seen


@TAILS
def test_follows_across_rotations(store: FileStore, directory: Path, name: str) -> None:
    """While another process logs into one segment after the other, each entry comes once, in order."""
    old = fill(store, 30)
    with started(directory, name, "-n", "20") as tail:
        seen = until(tail, old[-1])  # the first page is read; that it already waits is not sure, nor needed
        before = len(list(directory.glob("0*.jsonl")))
        writer = [sys.executable, "-m", "tests.management.writer", str(directory), "200"]
        subprocess.run(writer, cwd=ROOT, check=True)
        seen += until(tail, "new 199")
        code, out, err = stopped(tail)
    assert seen == old[-20:] + [f"new {number}" for number in range(200)]
    assert len(list(directory.glob("0*.jsonl"))) - before >= 3
    assert (code, out, err) == (0, "", "")


@TAILS
def test_follows_what_matches_only(store: FileStore, directory: Path, name: str) -> None:
    """The options hold for what comes as for what was there."""
    store.append(entry("old", level=40))
    with started(directory, name, "--level=ERROR", "--query=-boring", "--format=jsonl") as tail:
        assert tail.stdout
        assert json.loads(tail.stdout.readline())["msg"] == "old"
        store.append(entry("info"))
        store.append(entry("boring", level=40))
        store.append(entry("new", level=50))
        assert json.loads(tail.stdout.readline())["msg"] == "new"
        assert stopped(tail) == (0, "", "")


def test_begins_with_nothing_and_waits(directory: Path, store: FileStore) -> None:
    """In an empty store it waits for the first entry, even for the directory."""
    with started(directory, "tail_logs") as tail:
        assert tail.stdout
        assert tail.stderr
        assert "no directory" in tail.stderr.readline()
        store.append(entry("first"))
        assert message(tail.stdout.readline()) == "first"
        assert stopped(tail) == (0, "", "")


@TAILS
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_it_quietly(store: FileStore, directory: Path, name: str, number: int) -> None:
    """Ctrl-C, a stopped service and a closed terminal are how one leaves: exit code 0, not a word."""
    fill(store, 1)
    with started(directory, name) as tail:
        until(tail, "entry 0")
        assert stopped(tail, number) == (0, "", "")


@TAILS
def test_closed_pipe_ends_it_quietly(store: FileStore, directory: Path, name: str) -> None:
    """Once nobody reads, it ends, though nothing more is logged."""
    fill(store, 5)
    with started(directory, name) as tail:
        assert tail.stdout
        assert tail.stderr
        assert message(tail.stdout.readline()) == "entry 0"
        tail.stdout.close()
        assert tail.wait() == 0
        assert tail.stderr.read() == ""


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments",
    [
        "tail_logs -n 100000 --no-follow",
        "tail_logs -n 100000",
        "export_logs",
        "tail -n 100000",
        "tail -n 100000 -C 2 --query x",
        "export",
        "export -C 2 --query x",
    ],
)
def test_head_takes_one_line(directory: Path, arguments: str, unbuffered: str) -> None:
    """Far more than a pipe holds is waiting to be written when its reader leaves: no traceback."""
    store = FileStore(directory, segment_bytes=100_000)
    for _ in range(40):
        store.append(entry("x" * 10_000))
    line = f"{shlex.join(command(directory, *arguments.split()))} | head -c 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=ROOT,
        env=environment(directory, PYTHONUNBUFFERED=unbuffered),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, len(done.stdout), done.stderr) == (0, 1, b"")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["tail_logs", "-n", "100000"], (0, "")),
        (["export_logs", "--format=text"], (143, "CommandError: Stopped after 0 entries.\n")),
        (["tail", "-n", "100000"], (0, "")),
        (["export", "--format=text"], (143, "logconsole export: Stopped after 0 entries.\n")),
        (["export", "-C2", "--query=x"], (143, "logconsole export: Stopped after 0 entries.\n")),
    ],
)
def test_signal_reaches_a_write_that_waits(directory: Path, arguments: list[str], expected: tuple[int, str]) -> None:
    """Though the pipe is full and its reader does nothing, the process can be ended."""
    store = FileStore(directory)
    for _ in range(40):
        store.append(entry("x" * 10_000))
    with started(directory, *arguments) as process:
        assert process.stdout
        select.select([process.stdout], [], [])
        process.send_signal(signal.SIGTERM)
        assert (process.wait(), process.stderr and process.stderr.read()) == expected


@TAILS
def test_signal_reaches_a_write_while_following(directory: Path, store: FileStore, name: str) -> None:
    """In the event loop too."""
    store = FileStore(directory)
    fill(store, 1)
    with started(directory, name) as tail:
        until(tail, "entry 0")
        for _ in range(40):
            store.append(entry("x" * 10_000))
        assert tail.stdout
        select.select([tail.stdout], [], [])
        tail.send_signal(signal.SIGINT)
        assert (tail.wait(), tail.stderr and tail.stderr.read()) == (0, "")


@TAILS
def test_missed_entries_are_told(directory: Path, store: FileStore, name: str) -> None:
    """When retention was faster than the tail, it says so, and goes on with what there is."""
    fill(store, 1)
    with started(directory, name) as tail:
        until(tail, "entry 0")
        tail.send_signal(signal.SIGSTOP)
        os.waitpid(tail.pid, os.WUNTRACED)
        texts = fill(FileStore(directory, segment_bytes=1_000, retain_bytes=3_000), 50, "new")
        tail.send_signal(signal.SIGCONT)
        seen = until(tail, texts[-1])
        assert stopped(tail) == (0, "", MISSED)
    assert 1 < len(seen) < 50
    assert seen == texts[-len(seen) :]


@TAILS
def test_tail_leaves_the_directory_as_it_was(store: FileStore, directory: Path, name: str) -> None:
    """Waiting for entries touches nothing either."""
    fill(store, 20)
    before = snapshot(directory)
    with started(directory, name) as tail:
        until(tail, "entry 19")
        assert stopped(tail) == (0, "", "")
    assert snapshot(directory) == before


@pytest.mark.parametrize("count", [0, 1, 7, 50, 1000])
def test_count_reaches_across_segments(call: Call, store: FileStore, count: int) -> None:
    """The last n entries in their order, from as many segments as it takes."""
    texts = fill(store, 60)
    out, err = call("tail_logs", "-n", str(count), "--no-follow")
    assert [message(line) for line in out.splitlines()] == texts[-count:] * bool(count)
    assert err == ""


def test_begins_with_fifty(call: Call, store: FileStore) -> None:
    """Without -n."""
    fill(store, 60)
    assert len(call("tail_logs", no_follow=True)[0].splitlines()) == 50


def test_partial_answers_are_put_together(call: Call, store: FileStore) -> None:
    """A store that answers with what it has when its time is up is asked on, until there are enough."""
    store = FileStore(store.directory, segment_bytes=20_000)
    fill(store, 300, "rare")
    fill(store, 700, "common")
    conf.get_store("file").scan_seconds = 0.0
    assert conf.get_store("file").older(Query.parse("rare")).entries == []
    out, _ = call("tail_logs", "--no-follow", "-n", "299", "--query=rare")
    assert [message(line) for line in out.splitlines()] == [f"rare {number}" for number in range(1, 300)]


def test_many_entries_come_in_pages(call: Call, store: FileStore) -> None:
    """More than one page backward is still every entry once."""
    store = FileStore(store.directory)
    texts = fill(store, 2_300)
    out, _ = call("tail_logs", "--no-follow", "-n", "2200")
    assert [message(line) for line in out.splitlines()] == texts[-2200:]


def test_negative_count_is_refused(call: Call) -> None:
    """There are no fewer than no entries."""
    with pytest.raises(CommandError, match="-n: a number of entries"):
        call("tail_logs", "-n", "-1", "--no-follow")


def test_hostile_message_cannot_forge(call: Call, store: FileStore) -> None:
    """Escape sequences are shown, not sent; what looks like an entry inside one is indented."""
    store.append(entry("a\x1b]0;title\x07\n2026-11-23T07:35:40.123Z ERROR   root: forged\u202e"))
    lines = call("tail_logs", "--no-follow")[0].splitlines()
    assert lines[0].endswith(r"shop.orders: a\x1b]0;title\x07")
    assert lines[1:] == [r"    2026-11-23T07:35:40.123Z ERROR   root: forged\u202e"]


def test_traceback_is_shown(call: Call, store: FileStore) -> None:
    """Whole, with its lines indented."""
    try:
        raise ValueError("bad price")
    except ValueError as error:
        store.append(entry("failed", exc_info=(type(error), error, error.__traceback__)))
    lines = call("tail_logs", "--no-follow")[0].splitlines()
    assert lines[1] == "    Traceback (most recent call last):"
    assert lines[-1] == "    ValueError: bad price"


@TAILS
def test_terminal_gets_colours(store: FileStore, directory: Path, name: str) -> None:
    """The level in its colour, the message as it is, and a word on how far the store sees."""
    store.append(entry("careful \x1b[31m", level=30))
    first, line = on_terminal(directory, name, "--no-follow").splitlines()
    told = {"tail_logs": "The store 'file'", "tail": f"The directory {directory}"}[name]
    assert first == f"{told} keeps what any process of this host logs."
    assert "\x1b[33mWARNING\x1b[0m " in line
    assert line.endswith(r"\x1b[0m careful \x1b[31m".replace(r"\x1b", "\x1b", 1))


@pytest.mark.parametrize(
    ("arguments", "values"),
    [(["--no-color"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"})],
)
@TAILS
def test_terminal_can_do_without(
    store: FileStore, directory: Path, name: str, arguments: list[str], values: dict[str, str]
) -> None:
    """The option, NO_COLOR and a terminal that has none turn colours off."""
    store.append(entry("careful", level=30))
    assert "\x1b" not in on_terminal(directory, name, "--no-follow", *arguments, **values)


@TAILS
def test_pipe_gets_colours_only_if_forced(store: FileStore, directory: Path, call: Call, name: str) -> None:
    """For `less -R` there is Django's own --force-color, which is stronger than NO_COLOR."""
    store.append(entry("careful", level=30))
    assert b"\x1b" not in ran(directory, name, "--no-follow")[1]
    assert b"\x1b[33mWARNING" in ran(directory, name, "--no-follow", "--force-color", NO_COLOR="1")[1]


@TAILS
def test_jsonl_on_a_terminal_is_harmless(store: FileStore, directory: Path, name: str) -> None:
    """What JSON may carry as it is, a terminal may not."""
    store.append(entry("a\x9b31m\u202e"))
    line = on_terminal(directory, name, "--no-follow", "--format=jsonl").splitlines()[-1]
    assert not re.search("[\x7f-\x9f\u202e]", line)
    assert json.loads(line)["msg"] == "a\x9b31m\u202e"
    assert "\x9b" in ran(directory, name, "--no-follow", "--format=jsonl")[1].decode()
