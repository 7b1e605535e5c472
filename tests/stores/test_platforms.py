"""Where files cannot be locked, one process has everything."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import pytest

from logconsole.stores import alone, locking
from logconsole.stores.file import FileStore
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.witnesses import ALL, Sampler


@pytest.fixture(autouse=True)
def _no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows."""
    monkeypatch.setattr(locking, "fcntl", None)


def test_one_process_without_locks_keeps_all_it_logs(tmp_path: Path) -> None:
    """Four threads, many segments, all bounds; read from both ends, and again after a restart."""
    store = FileStore(tmp_path, segment_bytes=20_000, retain_bytes=10**7, retain_segments=1_000)

    def log(thread: int) -> None:
        for number in range(300):
            store.append(entry(f"{thread} {number}"))

    threads = [threading.Thread(target=log, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sampler = Sampler(tmp_path)
    sampler()
    assert sampler.most > 5 and sampler.largest <= 20_000
    store.close()
    again = FileStore(tmp_path, segment_bytes=20_000)
    found = messages(list(again.scan(ALL)))
    for number in range(4):
        assert [text for text in found if text.startswith(f"{number} ")] == [f"{number} {n}" for n in range(300)]
    assert len(found) == 1_200
    assert messages(again.older(ALL, limit=1_200).entries) == found
    assert (store.lost, again.unreadable) == (0, 0)


def test_retention_and_torn_lines_are_the_same_without_locks(tmp_path: Path) -> None:
    """Old segments go, and what a crash left unfinished is not glued."""
    store = FileStore(tmp_path, segment_bytes=2_000, retain_bytes=8_000)
    for number in range(100):
        store.append(entry(f"entry {number}"))
    store.close()
    with max(tmp_path.glob("0*.jsonl")).open("ab") as file:
        file.write(b'{"ts":"2026-11-24T07:35')
    again = FileStore(tmp_path, segment_bytes=2_000, retain_bytes=8_000)
    again.append(entry("behind"))
    assert messages(list(again.scan(ALL)))[-2:] == ["entry 99", "behind"]
    sampler = Sampler(tmp_path)
    sampler()
    assert sampler.bytes <= 8_000
    again.close()


def test_nobody_is_alone_where_nothing_keeps_others_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without locks no process may leave the way that all go."""
    monkeypatch.setattr(alone, "ALONE_SECONDS", -1.0)
    store = FileStore(tmp_path)
    for number in range(3 * alone.LINES):
        store.append(entry(f"entry {number}"))
        assert store._writer._alone.until == 0.0
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(alone.MARK)]
    store.close()


def test_nobody_is_alone_on_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where the system knows locks, but the files cannot have them."""

    class Without:
        LOCK_EX = LOCK_SH = LOCK_NB = LOCK_UN = 0

        @staticmethod
        def flock(file: int, how: int) -> None:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(locking, "fcntl", Without)
    test_nobody_is_alone_where_nothing_keeps_others_away(tmp_path, monkeypatch)
