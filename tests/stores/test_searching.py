"""A search beside a writer: segments grow, end and are dropped while it runs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from logconsole.query import Query
from logconsole.stores.file import FileStore
from tests.children import started
from tests.records import entry

OPTIONS = {"segment_bytes": 100_000, "retain_bytes": 1_000_000}
NEEDLES = Query.parse("needle")


def write(directory: str) -> None:
    """Numbered entries without a pause, every tenth with a needle."""
    store = FileStore(directory, **OPTIONS)
    for number in range(10**9):
        store.append(entry("%s %d", "hay" if number % 10 else "needle", number))
        if number == 20_000:
            print("full", flush=True)  # noqa: T201  # from here on segments are dropped


def backward(store: FileStore) -> list[int]:
    """The numbers of one whole search, the oldest first."""
    found: list[int] = []
    before, more = None, True
    while more:
        batch = store.older(NEEDLES, before, 50)
        found = [int(made.msg.split()[1]) for made in batch.entries] + found
        before, more = batch.before, batch.more
    return found


def test_search_is_whole_while_segments_come_and_go(tmp_path: Path) -> None:
    """Each search finds every needle from the newest back to where retention is by then, once and in order.

    One from the oldest on may be overtaken by retention, and then says so.
    """
    directory = tmp_path / "logs"
    directory.mkdir()
    with started(write, directory) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        store = FileStore(directory)
        newest = 0
        for _ in range(20):
            found = backward(store)
            assert found == list(range(found[0], found[-1] + 1, 10))
            assert found[-1] >= newest and len(found) > 100
            newest = found[-1]
            batches = list(store.batches(NEEDLES))
            forward = [int(made.msg.split()[1]) for batch in batches for made in batch.entries]
            gaps = [number for before, number in pairwise(forward) if number - before != 10]
            assert not gaps or any(batch.missed for batch in batches), gaps
            store.timeline(Query())
        assert store.unreadable == 0
