"""`export_logs`: all matching entries, to stdout or into a file."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError

from logconsole.cli.destination import checked, whole_file
from logconsole.cli.progress import counted, sized
from logconsole.entry import Entry
from logconsole.stores.file import FileStore
from tests.management import stores
from tests.management.conftest import Call
from tests.management.processes import on_terminal, ran, started
from tests.records import entry

SUMMARY = re.compile(r"(\d[\d,]*) entr(?:y|ies), ([\d.]+) (bytes|kB|MB)\n")


@pytest.fixture
def filled(store: FileStore) -> list[Entry]:
    """Entries of nine minutes, in several segments, of two services, every third an error."""
    made = [
        Entry(
            ts=f"2026-11-23T07:3{number}:00.000000Z",
            level="ERROR" if number % 3 == 0 else "INFO",
            msg=f"entry {number}\nof nine, =1+1 \x1b[31m" + "." * 300,
            logger="shop.orders",
            service="worker" if number % 2 else "web",
        )
        for number in range(1, 10)
    ]
    for one in made:
        store.append(one)
    assert len(list(Path(store.directory).glob("0*.jsonl"))) > 3
    return made


def messages(form: str, text: str) -> list[str]:
    """The first line of each message in an export."""
    if form == "csv":
        return [row["msg"].split("\n")[0] for row in csv.DictReader(io.StringIO(text, newline=""))]
    if form == "jsonl":
        return [json.loads(line)["msg"].split("\n")[0] for line in text.splitlines()]
    return [line.rpartition(": ")[2] for line in text.splitlines() if not line.startswith(" ")]


@pytest.mark.parametrize("form", ["jsonl", "text", "csv"])
@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ([], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (["--since=2026-11-23T07:37:00Z"], [7, 8, 9]),
        (["--until=2026-11-23T07:33:00Z"], [1, 2]),
        (["--since=2026-11-23 07:32", "--until=2026-11-23 07:34"], [2, 3]),
        (["--level=error", "--service=worker"], [3, 9]),
        (["--logger=shop", '--query="entry 4" OR "entry 5"'], [4, 5]),
        (["--query=nothing"], []),
    ],
)
def test_options_choose_in_every_format(
    call: Call, filled: list[Entry], form: str, options: list[str], numbers: list[int]
) -> None:
    """Oldest first, and as many as the summary says."""
    out, err = call("export_logs", f"--format={form}", *options)
    assert messages(form, out) == [f"entry {number}" for number in numbers]
    found = SUMMARY.fullmatch(err)
    assert found
    assert found[1] == str(len(numbers))


@pytest.mark.parametrize("name", ["export_logs", "export"])
def test_default_is_what_is_stored(filled: list[Entry], directory: Path, name: str) -> None:
    """JSON Lines, byte for byte the segments one after the other."""
    code, out, err = ran(directory, name)
    assert out == b"".join(path.read_bytes() for path in sorted(directory.glob("0*.jsonl")))
    assert (code, err) == (0, f"9 entries, {sized(len(out))}\n")


def test_csv_is_harmless(call: Call, store: FileStore) -> None:
    """Formulas are text, newlines stay in their cell, escape sequences and turned text are shown."""
    hostile = ['=HYPERLINK("http://x")', "+1", "-1", "@x", "\t=1", 'a\n=b,"c"', "\x1b[31m", "\u202etxt"]
    for text in hostile:
        store.append(entry(text))
    rows = list(csv.DictReader(io.StringIO(call("export_logs", "--format=csv")[0], newline="")))
    assert [row["msg"] for row in rows] == [
        '\'=HYPERLINK("http://x")',
        "'+1",
        "'-1",
        "'@x",
        "'\t=1",
        'a\n=b,"c"',
        r"\x1b[31m",
        r"\u202etxt",
    ]


@pytest.mark.parametrize(("count", "shown"), [(0, "0 entries"), (1, "1 entry"), (12_345, "12,345 entries")])
def test_summary_counts(count: int, shown: str) -> None:
    """As one says it."""
    assert counted(count) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (10**16, "10000.0 TB"),
    ],
)
def test_summary_tells_the_size(size: int, shown: str) -> None:
    """In the unit that suits it."""
    assert sized(size) == shown


def test_file_is_written(call: Call, filled: list[Entry], tmp_path: Path) -> None:
    """What would have gone to stdout, readable for owner and group, and nothing beside it."""
    folder = tmp_path / "exports"
    folder.mkdir()
    out, err = call("export_logs", "--format=text", f"--output={folder / 'a.log'}")
    assert out == ""
    assert (folder / "a.log").read_text() == call("export_logs", "--format=text")[0]
    assert stat.S_IMODE((folder / "a.log").stat().st_mode) & 0o137 == 0
    assert err == f"9 entries, {sized((folder / 'a.log').stat().st_size)}\n"
    assert [path.name for path in folder.iterdir()] == ["a.log"]


def test_gz_compresses(call: Call, filled: list[Entry], tmp_path: Path) -> None:
    """The summary tells the size of the file; its name inside is without the ending."""
    path = tmp_path / "all.jsonl.gz"
    _, err = call("export_logs", f"--output={path}")
    packed = path.read_bytes()
    assert gzip.decompress(packed).decode() == call("export_logs")[0]
    assert err == f"9 entries, {sized(len(packed))}\n"
    assert b"all.jsonl\0" in packed[:40]


def test_earlier_export_is_replaced(call: Call, filled: list[Entry], tmp_path: Path) -> None:
    """As a whole, with its rights."""
    target = tmp_path / "a.jsonl"
    target.write_text("old")
    target.chmod(0o666)
    call("export_logs", f"--output={target}")
    assert target.read_text() == call("export_logs")[0]
    assert target.stat().st_mode & 0o777 & ~0o640 == 0


@pytest.mark.parametrize("where", ["", "nowhere", "/dev/stdout"])
def test_link_is_not_written_through(call: Call, filled: list[Entry], tmp_path: Path, where: str) -> None:
    """Another user may have put it into a shared directory, to have a file of ours replaced."""
    target, link = tmp_path / "precious", tmp_path / "out.jsonl"
    target.write_text("old")
    link.symlink_to(where or target)
    with pytest.raises(CommandError, match="is a link"):
        call("export_logs", f"--output={link}")
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["out.jsonl"]
    assert target.read_text() == "old"


def test_link_that_comes_meanwhile_is_replaced(tmp_path: Path) -> None:
    """Not what it points to, which is somebody's."""
    target, output = tmp_path / "precious", tmp_path / "out.jsonl"
    target.write_text("old")
    with whole_file(checked(str(output), None)) as file:
        output.symlink_to(target)
        file.write(b"new")
    assert (target.read_text(), output.read_text(), output.is_symlink()) == ("old", "new", False)


def test_file_appears_when_it_is_whole(
    call: Call, configured: Callable[[str], None], filled: list[Entry], tmp_path: Path
) -> None:
    """Until then another name stands beside an older export, which a failure leaves as it is."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "a.jsonl").write_text("old")
    stores.FailingStore.exports, stores.FailingStore.seen = folder, []
    configured("tests.management.stores.FailingStore")
    with pytest.raises(RuntimeError, match="cannot read any more"):
        call("export_logs", f"--output={folder / 'a.jsonl'}")
    assert sorted(name.endswith(".part") for name in stores.FailingStore.seen) == [False, True]
    assert [path.read_text() for path in folder.iterdir()] == ["old"]


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_export_leaves_no_file(
    filled: list[Entry], directory: Path, tmp_path: Path, number: int, expected: int
) -> None:
    """Ctrl-C and a stopped job are told in one line, by the exit code too."""
    folder = tmp_path / "exports"
    folder.mkdir()
    backend = "tests.management.stores.WaitingStore"
    with started(directory, "export_logs", f"--output={folder / 'a.gz'}", LOGCONSOLE_BACKEND=backend) as process:
        assert process.stderr
        assert process.stderr.readline() == "reading\n"
        assert [path.suffix for path in folder.iterdir()] == [".part"]
        process.send_signal(number)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (expected, "", "CommandError: Stopped after 0 entries.\n")
    assert list(folder.iterdir()) == []


def test_output_that_cannot_be_is_refused(call: Call, filled: list[Entry], directory: Path, tmp_path: Path) -> None:
    """No directory is made, no device and no segment is replaced."""
    for output, message in (
        (tmp_path / "no" / "a", "there is no directory .*/no; make it first"),
        (tmp_path, "is not a file"),
        (Path("/dev/null"), "is not a file; leave --output away"),
        (directory / "00000000000000000000.jsonl", "belongs to the store"),
    ):
        with pytest.raises(CommandError, match=f"--output: .*{message}"):
            call("export_logs", f"--output={output}")
    with pytest.raises(CommandError, match=r"cannot be written: File name too long"):
        call("export_logs", f"--output={tmp_path / ('x' * 300)}")
    assert [path.name for path in tmp_path.iterdir()] == ["logs"]


def test_unreadable_lines_are_counted(call: Call, filled: list[Entry], directory: Path) -> None:
    """They are left out, and that is told."""
    first = directory / f"{0:020}.jsonl"
    spoilt = re.sub(rb"\{", b"[", first.read_bytes())
    first.write_bytes(spoilt)
    _, err = call("export_logs")
    lost = spoilt.count(b"\n")
    assert err.splitlines() == [
        err.splitlines()[0],
        f"{lost} {'line' if lost == 1 else 'lines'} could not be read as entries.",
    ]
    assert err.startswith(f"{9 - lost} entries, ")


def test_missed_entries_are_told(call: Call, configured: Callable[[str], None], filled: list[Entry]) -> None:
    """An export that retention overtook is not passed off as whole."""
    configured("tests.management.stores.ForgettingStore")
    out, err = call("export_logs")
    assert 0 < len(messages("jsonl", out)) < 9
    assert err.splitlines()[1] == "Entries are missing: the store's retention dropped them while they were exported."


@pytest.mark.parametrize("name", ["export_logs", "export"])
def test_bar_is_shown_on_a_terminal_only(filled: list[Entry], directory: Path, tmp_path: Path, name: str) -> None:
    """It is gone at the end, where the summary stands."""
    shown = on_terminal(directory, name, f"--output={tmp_path / 'a'}")
    assert "█ 100%  9 entries" in shown
    assert shown.endswith(f"\r\x1b[K9 entries, {sized((tmp_path / 'a').stat().st_size)}\n")
    assert "█" not in on_terminal(directory, name)
    assert "█" not in ran(directory, name, f"--output={tmp_path / 'b'}")[2]


def test_bar_does_without_its_characters(filled: list[Entry], directory: Path, tmp_path: Path) -> None:
    """On a terminal of another encoding the export goes on."""
    values = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert "? 100%  9 entries" in on_terminal(directory, "export_logs", f"--output={tmp_path / 'a'}", **values)


def test_memory_does_not_grow_with_the_store(directory: Path) -> None:
    """What is held is one batch, however much is exported."""
    import tracemalloc

    from logconsole.query import Query

    store = FileStore(directory, retain_bytes=10**9)
    for number in range(20_000):
        store.append(entry(f"{number} " + "x" * 500))
    tracemalloc.start()
    count = sum(1 for _ in store.scan(Query()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 8_000_000
