"""Real trouble with the disk: who logs does not notice, losses are counted and told, and it ends by itself."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import select
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from logconsole.stores.backlog import MAX_LINES
from logconsole.stores.file import FileStore
from tests.children import mounting, started, told
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.disks import KINDS, MOUNTED, scenario
from tests.stores.witnesses import ALL
from tests.writer_process import configure


@pytest.mark.parametrize("kind", KINDS)
def test_trouble_loses_only_what_is_counted_and_ends(tmp_path: Path, kind: str) -> None:
    """Entries are held in memory, the oldest given up and counted; then the rest is written, in order."""
    before = mounting() if kind in MOUNTED else ()
    if before is None:
        pytest.skip("mounting a file system needs root or user namespaces")
    seen = told(scenario, tmp_path, kind, MAX_LINES + 2_500, before=before)

    assert seen["ring"] == seen["attempted"], "the ring goes on"
    assert len(seen["stderr"].splitlines()) == 1 and "logs cannot be written: " in seen["stderr"]
    pattern = rf"([\d,]+) entries could not be written since \d\d:\d\d: {re.escape(kind)}"
    found = re.fullmatch(pattern, seen["trouble"])
    assert found and int(found[1].replace(",", "")) == seen["attempted"] - 100 - seen["written"]

    lost = seen["attempted"] - len(seen["numbers"])
    assert lost == seen["lost"] == seen["lost_after"] > 0
    assert seen["trouble_after"] == ""
    (message,) = seen["messages"]
    assert message.startswith(f"{lost:,} entries are lost: ") and message.endswith(kind)
    first = seen["written"]
    assert seen["numbers"] == [*range(first), *range(first + lost, seen["attempted"])]


def test_new_trouble_right_after_the_first_is_counted_too(tmp_path: Path) -> None:
    """Entries lost in two troubles are told twice, and no entry is lost between them."""
    (tmp_path / "logs").write_text("in the way")
    store = FileStore(tmp_path / "logs")
    for _ in range(2):
        for number in range(MAX_LINES + 7):
            store.append(entry(str(number)))
        os.unlink(tmp_path / "logs")
        store.close()
        shutil.move(tmp_path / "logs", tmp_path / f"kept {store.lost}")
        (tmp_path / "logs").write_text("in the way")
    for lost in (7, 14):
        note, *kept = messages(list(FileStore(tmp_path / f"kept {lost}").scan(ALL)))
        assert note.startswith("7 entries are lost: ")
        assert kept == [str(number) for number in range(7, MAX_LINES + 7)]
    assert (store.lost, store.trouble) == (14, "")


MANY = 200_000


def log_until_told(directory: str, segment_bytes: str = "100000") -> None:
    """Log numbered entries as fast as it goes, until stdin ends or there are many; tell how many."""
    configure(directory, "shop", segment_bytes=int(segment_bytes))
    number = 0
    while number < MANY and not select.select([sys.stdin], [], [], 0)[0]:
        logging.getLogger("shop").info("entry %d", number)
        number += 1
        if number in (100, 5_000):
            os.write(1, b"\n")
    os.write(1, b"%d\n" % number)


def removed_files(directory: Path) -> None:
    """An admin makes room."""
    for path in directory.glob("0*.jsonl"):
        path.unlink()


def removed_directory(directory: Path) -> None:
    """An admin removes everything, again and again, since the writer makes it anew."""
    while directory.exists():
        with contextlib.suppress(OSError):
            shutil.rmtree(directory)
            break


@pytest.mark.parametrize("happens", [removed_files, removed_directory])
def test_files_removed_under_a_writer_cost_only_what_was_in_them(
    tmp_path: Path, happens: Callable[[Path], None]
) -> None:
    """The process goes on in new files by itself, in order, says nothing, and readers are told what they missed."""
    store = FileStore(tmp_path / "logs")
    with started(log_until_told, store.directory) as child:
        assert child.stdout is not None
        child.stdout.readline()
        cursor = store.older(ALL).after
        happens(tmp_path / "logs")
        child.stdout.readline()
        printed, error = child.communicate()
    assert error == ""
    assert store.newer(ALL, cursor, limit=1).missed
    found = [int(text.split()[1]) for text in messages(list(store.scan(ALL)))]
    assert found == list(range(found[0], int(printed)))


def test_directory_replaced_under_a_writer_gets_what_is_logged_then(tmp_path: Path) -> None:
    """As by a deployment that moves the old one away: nothing is lost, and soon the new one is written."""
    (tmp_path / "logs").mkdir()
    with started(log_until_told, tmp_path / "logs", 10**9) as child:
        assert child.stdout is not None
        child.stdout.readline()
        os.rename(tmp_path / "logs", tmp_path / "old")
        (tmp_path / "logs").mkdir()
        store, seen = FileStore(tmp_path / "logs"), list[str]()
        while not seen and child.poll() is None:
            seen = messages(store.newer(ALL, limit=1).entries)
        printed, error = child.communicate()
    assert (error, len(seen)) == ("", 1)
    found = [text for name in ("old", "logs") for text in messages(list(FileStore(tmp_path / name).scan(ALL)))]
    assert found == [f"entry {number}" for number in range(int(printed.split()[-1]))]


def test_idle_writer_notices_that_its_directory_was_replaced(tmp_path: Path) -> None:
    """Also where the new one has a segment of the same name already."""
    idle = FileStore(tmp_path / "logs")
    idle.append(entry("before"))
    os.rename(tmp_path / "logs", tmp_path / "old")
    fresh = FileStore(tmp_path / "logs")
    fresh.append(entry("fresh"))
    idle.append(entry("after"))
    assert messages(list(fresh.scan(ALL))) == ["fresh", "after"]
    assert messages(list(FileStore(tmp_path / "old").scan(ALL))) == ["before"]
    idle.close()
    fresh.close()
