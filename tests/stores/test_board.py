"""What is read from a directory that others may write to is a small file of its own, or nothing."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from logconsole.levels import LONGEST, MOST, Change
from logconsole.stores.board import MOST_BYTES, FileBoard
from logconsole.stores.segments import set_mode


@pytest.fixture
def board(tmp_path: Path) -> FileBoard:
    """In a directory of its own."""
    return FileBoard(str(tmp_path / "logs"), 0o640)


def test_what_was_written_last_is_read(board: FileBoard, tmp_path: Path) -> None:
    """By another one too, whatever the umask; nothing else stays there."""
    before = os.umask(0o077)
    try:
        for text in (b"one", b"another"):
            board.write(text, 60)
            assert board.read() == FileBoard(str(tmp_path / "logs"), 0o640).read() == text
    finally:
        os.umask(before)
    (path,) = (tmp_path / "logs").iterdir()
    assert path.stat().st_mode & 0o777 == 0o640


def test_the_longest_list_of_changes_is_read(board: FileBoard) -> None:
    """As many as there may be at a time, with the longest names."""
    longest = [Change("😀" * LONGEST, 50, 1_763_883_340.123456, "😀" * 150)] * MOST
    board.write(msgspec.json.encode(longest), 60)
    assert msgspec.json.decode(board.read(), type=list[Change]) == longest


@pytest.mark.parametrize("thing", ["a link", "a pipe", "a directory", "too long", "nothing"])
def test_what_is_no_text_of_ours_is_none(board: FileBoard, tmp_path: Path, thing: str) -> None:
    """It is neither followed nor waited for, and does not fill the memory; a change replaces it."""
    board.write(b"one", 60)
    assert board.read() == b"one"
    path, other = tmp_path / "logs/levels.json", tmp_path / "secret"
    other.write_text("of another user")
    path.unlink()
    if thing == "a link":
        path.symlink_to(other)
    elif thing == "a pipe":
        os.mkfifo(path)
    elif thing == "a directory":
        path.mkdir()
    elif thing == "too long":
        path.write_bytes(b" " * (MOST_BYTES + 1))
    files = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        assert board.read() == b""
    assert len(os.listdir("/proc/self/fd")) == files
    if thing != "a directory":
        board.write(b"two", 60)
        assert (board.read(), other.read_text()) == (b"two", "of another user")


def test_the_mode_of_a_directory_is_not_set_through_a_link(tmp_path: Path) -> None:
    """Which somebody put in its place in the moment after it was made."""
    (tmp_path / "victim").mkdir(mode=0o700)
    (tmp_path / "made").symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="made"):
        set_mode(str(tmp_path / "made"), 0o1777)
    assert (tmp_path / "victim").stat().st_mode & 0o7777 == 0o700
