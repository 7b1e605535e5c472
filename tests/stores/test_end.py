"""Where a directory's newest segment ends, asked often."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from logconsole.stores import end
from logconsole.stores.end import End
from logconsole.stores.segments import path_of, segments


def write(directory: Path, base: int, text: bytes) -> None:
    """Add to a segment."""
    with open(path_of(str(directory), base), "ab") as file:
        file.write(text)


@pytest.fixture
def listings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each time that a directory is listed."""
    made: list[str] = []

    def counted(directory: str) -> list:
        made.append(directory)
        return segments(directory)

    monkeypatch.setattr(end, "segments", counted)
    return made


def test_growth_is_seen_without_listing(tmp_path: Path, listings: list[str]) -> None:
    """An idle look costs two questions to the kernel, however many segments there are."""
    write(tmp_path, 0, b"one\n")
    looked = End(str(tmp_path))
    assert looked.position() == 4
    write(tmp_path, 0, b"two\n")
    assert [looked.position() for _ in range(50)] == [8] * 50
    assert len(listings) == 1


def test_a_new_segment_is_seen_at_once(tmp_path: Path) -> None:
    """The directory has changed."""
    write(tmp_path, 0, b"one\n")
    looked = End(str(tmp_path))
    assert looked.position() == 4
    os.utime(tmp_path, ns=(0, 0))
    assert looked.position() == 4
    write(tmp_path, 4, b"two\n")
    assert looked.position() == 8


def test_a_segment_within_the_same_tick_is_seen_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although the directory says that it has not changed."""
    write(tmp_path, 0, b"one\n")
    os.utime(tmp_path, ns=(0, 0))
    looked = End(str(tmp_path))
    assert looked.position() == 4
    write(tmp_path, 4, b"two\n")
    os.utime(tmp_path, ns=(0, 0))
    later = end.time.monotonic() + 2 * end.LIST_SECONDS
    monkeypatch.setattr(end.time, "monotonic", lambda: later)
    assert looked.position() == 8


def test_no_directory_ends_at_nothing(tmp_path: Path) -> None:
    """It may come later."""
    looked = End(str(tmp_path / "logs"))
    assert looked.position() == 0
    (tmp_path / "logs").mkdir()
    write(tmp_path / "logs", 0, b"one\n")
    assert looked.position() == 4
