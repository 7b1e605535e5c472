"""`export`: compressed, and with what is around each match."""

from __future__ import annotations

import csv
import gzip
import io
import json
import signal
import subprocess
import zlib
from pathlib import Path

import pytest

from logconsole.cli.progress import sized
from logconsole.stores.file import FileStore
from tests.management.processes import ROOT, command, environment, on_terminal, ran, started
from tests.management.test_tail_logs import fill, message
from tests.records import entry

EXPORTS = pytest.mark.parametrize("name", ["export_logs", "export"])


@pytest.fixture
def filled(store: FileStore) -> FileStore:
    """Ten entries in several segments."""
    fill(store, 10)
    store.close()
    return store


@EXPORTS
def test_stdout_is_compressed_if_asked_for(filled: FileStore, directory: Path, name: str) -> None:
    """The summary tells what went out."""
    code, packed, err = ran(directory, name, "--gzip")
    assert gzip.decompress(packed) == ran(directory, name)[1]
    assert (code, err) == (0, f"10 entries, {sized(len(packed))}\n")


@EXPORTS
@pytest.mark.parametrize("options", [["--gzip", "--output={}/a.data"], ["--output={}/a.jsonl.GZ"]])
def test_a_file_is_compressed_if_asked_for(
    filled: FileStore, directory: Path, tmp_path: Path, name: str, options: list[str]
) -> None:
    """By the option, or by its name."""
    folder = tmp_path / "exports"
    folder.mkdir()
    assert ran(directory, name, *(option.format(folder) for option in options))[0] == 0
    packed = next(folder.iterdir()).read_bytes()
    assert gzip.decompress(packed) == ran(directory, name)[1]


def test_a_terminal_gets_nothing_compressed(filled: FileStore, directory: Path) -> None:
    """It would not be able to show it."""
    with pytest.raises(AssertionError, match="--gzip: a terminal cannot show it"):
        on_terminal(directory, "export", "--gzip")


def test_a_stopped_stream_does_not_look_whole(directory: Path) -> None:
    """Whoever unpacks it notices."""
    store = FileStore(directory)
    for number in range(3000):
        store.append(entry(f"{number:x}".join(str(number * number) for _ in range(500))))
    store.close()
    with subprocess.Popen(
        command(directory, "export", "--gzip"),
        cwd=ROOT,
        env=environment(directory),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        begun = process.stdout.read(10_000)
        process.send_signal(signal.SIGTERM)
        rest, err = process.communicate()
    assert process.returncode == 143
    assert b"Stopped after" in err
    unpacked = zlib.decompressobj(31)
    unpacked.decompress(begun + rest)
    assert not unpacked.eof


def test_a_stream_that_stops_between_two_writes_does_not_look_whole(filled: FileStore, directory: Path) -> None:
    """While the store is read, too."""
    backend = "tests.management.stores.WaitingStore"
    line = command(directory, "export_logs", "--gzip", "--format=csv")
    values = environment(directory, LOGCONSOLE_BACKEND=backend)
    with subprocess.Popen(line, cwd=ROOT, env=values, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr
        assert process.stderr.readline() == b"reading\n"
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate()
    unpacked = zlib.decompressobj(31)
    unpacked.decompress(out)
    assert (process.returncode, bool(out), unpacked.eof) == (143, True, False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_export_leaves_no_file(directory: Path, tmp_path: Path, number: int) -> None:
    """Not even an unfinished one."""
    store = FileStore(directory, retain_bytes=10**9)
    for _ in range(3000):
        store.append(entry("x" * 10_000))
    store.close()
    folder = tmp_path / "exports"
    folder.mkdir()
    with started(directory, "export", f"--output={folder / 'a.gz'}") as process:
        while not list(folder.iterdir()):
            assert process.poll() is None
        process.send_signal(number)
        process.wait()
    assert (process.returncode, list(folder.iterdir())) == (128 + number, [])


@EXPORTS
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["-C1"], ["entry 1", "entry 2", "entry 3", "--", "entry 6", "entry 7", "entry 8"]),
        (["-A1"], ["entry 2", "entry 3", "--", "entry 7", "entry 8"]),
        (["-B9"], [f"entry {number}" for number in range(8)]),
    ],
)
def test_what_is_around_is_exported(
    filled: FileStore, directory: Path, name: str, options: list[str], expected: list[str]
) -> None:
    """In text with a line between groups; the summary tells the matches apart."""
    code, out, err = ran(directory, name, "--format=text", '--query="entry 2" OR "entry 7"', *options)
    assert [message(line) for line in out.decode().splitlines()] == expected
    count = sum(text != "--" for text in expected)
    assert (code, err) == (0, f"{count} entries (2 matches), {sized(len(out))}\n")


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_data_has_entries_only(filled: FileStore, directory: Path, form: str) -> None:
    """A line between groups would be neither JSON nor a row."""
    _, out, _ = ran(directory, "export", f"--format={form}", '--query="entry 2" OR "entry 7"', "-A1")
    if form == "jsonl":
        found = [json.loads(line)["msg"] for line in out.splitlines()]
    else:
        found = [row["msg"] for row in csv.DictReader(io.StringIO(out.decode(), newline=""))]
    assert found == ["entry 2", "entry 3", "entry 7", "entry 8"]


def test_a_terminal_is_not_acted_upon(directory: Path, store: FileStore) -> None:
    """What JSON may carry as it is, a terminal may not; a pipe gets the stored line."""
    store.append(entry("a\x9b31m\u202e"))
    shown = on_terminal(directory, "export")
    assert "\x9b" not in shown
    assert json.loads(shown.splitlines()[1])["msg"] == "a\x9b31m\u202e"
    assert ran(directory, "export")[1] == (directory / f"{0:020}.jsonl").read_bytes()
