"""Who may read what is logged, and where nothing is written at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from logconsole.stores.file import FileStore
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.witnesses import ALL


@pytest.fixture(params=[0o000, 0o022, 0o077, 0o777], ids="umask {:03o}".format)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """The process makes files with this mask."""
    old = os.umask(request.param)
    yield request.param
    os.umask(old)


def modes(directory: Path) -> set[int]:
    """The permissions of the files in it."""
    return {stat.S_IMODE(path.lstat().st_mode) for path in directory.iterdir() if not path.is_symlink()}


@pytest.mark.parametrize(("mode", "inside", "around"), [(0o640, 0o640, 0o750), (0o600, 0o600, 0o700)])
def test_permissions_are_those_asked_for_whatever_the_umask(
    tmp_path: Path, umask: int, mode: int, inside: int, around: int
) -> None:
    """Each segment, also those that come by rolling, and the directory."""
    store = FileStore(tmp_path / "logs", segment_bytes=500, mode=mode)
    for number in range(10):
        store.append(entry(str(number)))
    store.close()
    assert modes(tmp_path / "logs") == {inside}
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) == around
    assert len(list((tmp_path / "logs").glob("0*.jsonl"))) > 2


def test_files_are_never_wider_than_asked_for_not_even_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is made with its permissions, not made and narrowed behind; and so is the directory."""
    original, made = os.open, []

    def opened(path: str, flags: int, *arguments: int, **values: int) -> int:
        file = original(path, flags, *arguments, **values)
        made.append(os.fstat(file).st_mode)
        return file

    monkeypatch.setattr(os, "open", opened)
    old = os.umask(0)
    store = FileStore(tmp_path / "logs")
    store.append(entry())
    os.umask(old)
    store.close()
    assert any(map(stat.S_ISREG, made))
    assert all(stat.S_IMODE(mode) & ~(0o750 if stat.S_ISDIR(mode) else 0o640) == 0 for mode in made)


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    """A link planted under the name of the next segment: its target stays as it was, and trouble says why."""
    target, logs = tmp_path / "target", tmp_path / "logs"
    target.write_bytes(b"precious\n")
    length = len(entry("before").line) + 1
    store = FileStore(logs, segment_bytes=3 * length + 40)
    for _ in range(6):
        store.append(entry("before"))
    newest = max(logs.glob("0*.jsonl"))
    assert newest.stat().st_size == 3 * length
    planted = logs / f"{int(newest.stem) + newest.stat().st_size:020d}.jsonl"
    planted.symlink_to(target)
    for _ in range(3):
        store.append(entry("held"))
    assert target.read_bytes() == b"precious\n"
    assert store.trouble.startswith("3 entries could not be written since ")
    assert store.lost == 0
    planted.unlink()
    store.close()
    assert messages(list(store.scan(ALL)))[-4:] == ["before", "held", "held", "held"]
    assert (target.read_bytes(), store.trouble) == (b"precious\n", "")


def test_link_in_place_of_the_first_segment_is_not_followed(tmp_path: Path) -> None:
    """The same in a directory that somebody else has prepared."""
    target, logs = tmp_path / "target", tmp_path / "logs"
    logs.mkdir()
    (logs / f"{0:020d}.jsonl").symlink_to(target)
    store = FileStore(logs)
    store.append(entry("held"))
    assert not target.exists()
    assert store.trouble.startswith("1 entries could not be written since ")
    (logs / f"{0:020d}.jsonl").unlink()
    store.close()
    assert messages(list(store.scan(ALL))) == ["held"]
