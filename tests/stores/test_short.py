"""A write that comes short, as on a disk that is just full: each entry once, however much of it was written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from logconsole.stores import alone, backlog
from logconsole.stores.file import FileStore
from logconsole.stores.segments import segments
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.instead import short
from tests.stores.witnesses import ALL


@pytest.fixture(params=[True, False], ids=["alone", "under the lock"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileStore]:
    """One whose next line is written without a lock, or with one."""
    monkeypatch.setattr(alone, "ALONE_SECONDS", -1.0 if request.param else 60.0)
    monkeypatch.setattr(alone, "BURST_SECONDS", 60.0)
    monkeypatch.setattr(backlog, "RETRY_SECONDS", 0.0)
    made = FileStore(tmp_path)
    for number in range(alone.LINES + 2):
        made.append(entry(f"before {number}"))
    assert bool(made._writer._alone.until) == request.param
    yield made
    made.close()


@pytest.mark.parametrize("fails", [False, True], ids=["then room", "then full"])
@pytest.mark.parametrize("missing", [1, 2, 30])
def test_entry_of_a_short_write_comes_once(
    store: FileStore, monkeypatch: pytest.MonkeyPatch, missing: int, fails: bool
) -> None:
    """With the next one behind it, and nothing that is not a line."""
    short(monkeypatch, missing, fails=fails)
    store.append(cut := entry("cut short"))
    store.append(entry("next"))
    assert messages(list(store.scan(ALL)))[alone.LINES + 2 :] == ["cut short", "next"]
    (segment,) = segments(store.directory)
    lines = Path(segment.path).read_bytes().split(b"\n")
    assert lines.count(cut.line) == 1
    assert b"" not in lines[:-1]
    assert store.lost == 0


def test_entry_of_which_only_the_end_is_missing_is_ended_without_another(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers have it as soon as there is room, though nothing more is logged."""
    short(monkeypatch, 1, fails=True)
    store.append(entry("cut short"))
    store.close()
    assert messages(store.older(ALL, limit=1).entries) == ["cut short"]
    assert store.lost == 0
