"""A reader that can open no more files for a while does not lose its place."""

from __future__ import annotations

import gc
import json
import os
import resource
from pathlib import Path

from logconsole.stores.file import FileStore
from tests.children import told
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.witnesses import ALL


def read_without_descriptors(directory: str) -> None:
    """Follow, run out of descriptors, and go on."""
    store = FileStore(directory)
    for number in range(5):
        store.append(entry(f"entry {number}"))
    cursor, seen = store.newer(ALL).after, list[str]()
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(map(int, os.listdir("/proc/self/fd"))), usual[1]))
    try:
        for _ in range(2):
            batch = store.newer(ALL, cursor)
            cursor, seen = batch.after, seen + messages(batch.entries)
    except OSError:
        seen.append("told")
    resource.setrlimit(resource.RLIMIT_NOFILE, usual)
    store.append(entry("new"))
    batch = store.newer(ALL, cursor)
    print(json.dumps({"seen": seen, "then": messages(batch.entries)}))  # noqa: T201  # the answer


def test_reader_out_of_descriptors_keeps_its_place(tmp_path: object) -> None:
    """It gets nothing meanwhile, and then what is new: a directory that cannot be listed is not an empty one."""
    seen = told(read_without_descriptors, tmp_path)
    assert seen["then"] == ["new"]
    assert seen["seen"] in ([], ["told"])


def test_store_that_is_thrown_away_leaves_nothing_open(tmp_path: Path) -> None:
    """Neither its file nor the line that it still held."""
    (tmp_path / "logs").write_text("in the way")
    held, open_one = FileStore(tmp_path / "logs"), FileStore(tmp_path / "others")
    held.append(entry("held"))
    open_one.append(entry("written"))
    file = open_one._writer._file
    name = os.readlink(f"/proc/self/fd/{file}")
    (tmp_path / "logs").unlink()
    del held, open_one
    gc.collect()
    assert name not in [os.readlink(link) for link in map(str, Path("/proc/self/fd").iterdir()) if os.path.exists(link)]
    assert messages(list(FileStore(tmp_path / "logs").scan(ALL))) == ["held"]
