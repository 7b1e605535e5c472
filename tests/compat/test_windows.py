"""Windows, as far as it can be shown elsewhere: its paths, and what its Python lacks."""

from __future__ import annotations

import ntpath
import os
import re
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest

from logconsole import record
from logconsole.checks import check_configuration
from logconsole.query import Query
from logconsole.stores import locking
from logconsole.stores.file import FileStore
from tests.records import entry
from tests.web import FILE

BASE = r"C:\Users\ada\mysite"
FORBIDDEN = re.compile(r'[<>:"/\\|?*]|[ .]$')


def test_a_caller_is_named_below_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the separator of that system; a place outside keeps its drive."""
    monkeypatch.setattr(os, "sep", ntpath.sep)
    assert record.place(BASE + r"\shop\orders.py", 7, BASE) == r"shop\orders.py:7"
    assert record.place(r"D:\lib\django\base.py", 9, BASE) == r"D:\lib\django\base.py:9"
    assert record.place(BASE + r"2\orders.py", 7, BASE) == BASE + r"2\orders.py:7"


def test_a_path_with_a_drive_is_a_directory_of_its_own(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As settings have it: `BASE_DIR / "logs"`, and as text with backslashes."""
    monkeypatch.chdir(tmp_path)
    for directory in (PureWindowsPath(BASE) / "logs", BASE + r"\logs"):
        settings.LOGCONSOLE = {"STORES": {"file": {"BACKEND": FILE, "OPTIONS": {"directory": directory}}}}
        assert [message.id for message in check_configuration() if str(message.id).startswith("logconsole.E")] == []


def test_no_file_has_a_name_that_windows_refuses(tmp_path: Path) -> None:
    """Segments, index, and what stands beside them."""
    store = FileStore(tmp_path / "logs", segment_bytes=2_000, retain_bytes=20_000)
    for number in range(40):
        store.append(entry(f"message {number}"))
    names = [path.name for path in (tmp_path / "logs").iterdir()]
    assert len(names) > 3
    assert [name for name in names if FORBIDDEN.search(name)] == []
    store.close()


def test_without_locks_and_links_one_process_keeps_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows is for a user without the right to make links; check W009 says what several processes lose."""
    monkeypatch.setattr(locking, "fcntl", None)

    def refuse(*given: Any, **more: Any) -> None:
        raise OSError(1314, "A required privilege is not held by the client")

    monkeypatch.setattr(os, "symlink", refuse)
    monkeypatch.setattr(os, "link", refuse)
    store = FileStore(tmp_path / "logs", segment_bytes=2_000, retain_bytes=200_000)
    for number in range(40):
        store.append(entry(f"message {number}"))
    assert [found.msg for found in store.scan(Query())] == [f"message {number}" for number in range(40)]
    store.close()
