"""An agent that reads the segments has every entry once, and nothing else that lies there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from logconsole.entry import Entry
from logconsole.record import HOST
from logconsole.stores.file import FileStore
from logconsole.stores.segments import SEAL, segments
from tests.children import ROOT
from tests.records import entry
from tests.stores.collector import PROGRAM, collected
from tests.stores.witnesses import ALL

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="there is no OpenTelemetry collector here"),
    pytest.mark.timeout(60),
]
COUNT = 2_000


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Of a store; it is made by who writes first."""
    return tmp_path / "logs"


def attributes(pairs: list[dict[str, Any]]) -> dict[str, Any]:
    """As a mapping."""
    return {pair["key"]: next(iter(pair["value"].values())) for pair in pairs}


def written(directory: Path) -> list[tuple[str, str]]:
    """Service and message of each line that is an entry, one that had to be written twice included."""
    lines = [line for segment in segments(directory) for line in Path(segment.path).read_bytes().splitlines()]
    entries = [Entry.decode(line) for line in lines if line.startswith(b'{"ts"') and line.endswith(b"}")]
    return [(made.service, made.msg) for made in entries]


def test_every_entry_of_two_processes_arrives_once(directory: Path) -> None:
    """Each line of every segment, over all rotations."""
    with collected(directory) as backend:
        command = [sys.executable, "-m", "tests.writer_process", str(directory)]
        writers = [subprocess.Popen([*command, service, str(COUNT)], cwd=ROOT) for service in ("web", "cron")]
        assert [writer.wait() for writer in writers] == [0, 0]
        lines = written(directory)
        backend.has(len(lines))
    assert len(segments(directory)) > 3 and (directory / "current.jsonl").is_symlink()
    services = [attributes(record["resource"])["service.name"] for record in backend.records]
    assert sorted(zip(services, backend.texts, strict=True)) == sorted(lines)
    assert set(lines) == {(service, f"entry {number}") for service in ("web", "cron") for number in range(COUNT)}


def test_what_has_been_read_may_be_removed(directory: Path) -> None:
    """Retention takes the oldest segments while the agent reads on."""
    store = FileStore(directory, segment_bytes=20_000, retain_segments=3)
    with collected(directory) as backend:
        for begin in range(0, COUNT, 50):
            for number in range(begin, begin + 50):
                store.append(entry(f"entry {number}"))
            backend.has(begin + 50)
    store.close()
    listed = segments(directory)
    assert len(listed) <= 3 and listed[0].base > 300_000
    assert sorted(backend.texts) == sorted(f"entry {number}" for number in range(COUNT))


def test_entry_keeps_its_time_level_and_origin(directory: Path) -> None:
    """In the collector's own terms; all else is an attribute."""
    store = FileStore(directory)
    made = entry("hello", level=50, order=7)
    with collected(directory) as backend:
        store.append(made)
        backend.has(1)
    store.close()
    (record,) = backend.records
    assert (record["severityText"], record["severityNumber"]) == ("CRITICAL", 21)
    assert int(record["timeUnixNano"]) % 10**9 == int(made.ts[-7:-1]) * 1000
    assert attributes(record["resource"]) == {"service.name": "web", "host.name": HOST}
    more = attributes(record["attributes"])
    assert (more["logger"], attributes(more["extra"]["values"])) == ("shop.orders", {"order": 7})


def test_nothing_but_entries_is_sent(directory: Path) -> None:
    """Neither a seal, nor a torn line, nor what else lies in the directory."""
    store = FileStore(directory, segment_bytes=100_000)
    store.append(entry("first"))
    with open(segments(directory)[-1].path, "ab") as file:
        file.write(entry("torn").line[:50] + SEAL)
    for number in range(COUNT):
        store.append(entry(f"entry {number}"))
    store.timeline(ALL)
    store.board.write(b"[]", 60)
    store.close()
    assert {"current.jsonl", "levels.json"} < {path.name for path in directory.iterdir()}
    assert list(directory.glob("0*.index"))
    with collected(directory) as backend:
        backend.has(COUNT + 1)
    assert sorted(backend.texts) == sorted(["first", *(f"entry {number}" for number in range(COUNT))])
