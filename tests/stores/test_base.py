"""Every store of a process begins anew in a forked child, and gives up what it holds when the process ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from logconsole.stores.file import FileStore
from logconsole.stores.ring import RingStore
from tests.children import ran
from tests.records import entry
from tests.stores.witnesses import ALL


class Broken(RingStore):
    """Can neither begin anew nor end."""

    is_new = True

    def _start(self) -> None:
        if not self.is_new:
            raise RuntimeError("it cannot begin")
        super()._start()
        self.is_new = False

    def give_up(self) -> None:
        raise RuntimeError("it cannot end")


def ends_with_a_broken_store(path: str) -> None:
    """Between two that hold what cannot be written; a child has a ring of its own life."""
    stores = [Broken(), FileStore(path), RingStore(), Broken(), FileStore(path), Broken()]
    ring = stores[2]
    for store in (stores[1], stores[4]):
        store.append(entry("held"))
    before = ring.older(ALL).after
    child = os.fork()
    if not child:
        os._exit(0 if ring.newer(ALL, before).missed else 1)
    os.write(1, b"%d\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    stores[0].kept = stores  # type: ignore[attr-defined]  # they live until the end


def test_store_that_raises_is_in_no_other_ones_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in a forked child nor at the end of the process."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "logs").write_text("in the way")
    done = ran(ends_with_a_broken_store, tmp_path / "logs")
    assert (done.returncode, done.stdout) == (0, "0\n")
    assert done.stderr.count("1 are lost") == 2
