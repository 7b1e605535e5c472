"""Several processes write one directory while another follows it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from logconsole.query import Query
from logconsole.stores.file import FileStore
from logconsole.stores.segments import segments

COUNT = 2_000
SERVICES = {"web": 1, "worker": 1, "cron": 3}  # threads of each


def started(directory: Path, service: str, threads: int) -> subprocess.Popen[bytes]:
    """A process that logs."""
    arguments = [str(directory), service, str(COUNT), str(threads)]
    return subprocess.Popen([sys.executable, "-m", "tests.writer_process", *arguments])


async def test_every_entry_of_every_process_arrives_once_and_in_order(tmp_path: Path) -> None:
    """Three services write across rotations; a follower gets all of it, each writer's order kept."""
    store = FileStore(tmp_path)
    batches = store.follow(Query(), store.older(Query()).after)
    writers = [started(tmp_path, service, threads) for service, threads in SERVICES.items()]
    seen: dict[tuple[str, int], list[int]] = defaultdict(list)
    while sum(map(len, seen.values())) < COUNT * sum(SERVICES.values()):
        batch = await anext(batches)
        assert not batch.missed
        for made in batch.entries:
            assert made.extra is not None
            seen[made.service, made.extra["writer"]].append(made.extra["number"])
    await batches.aclose()
    assert [await asyncio.to_thread(writer.wait) for writer in writers] == [0, 0, 0]
    expected = {(service, thread) for service, threads in SERVICES.items() for thread in range(threads)}
    assert set(seen) == expected
    assert all(numbers == list(range(COUNT)) for numbers in seen.values())
    assert len(segments(store.directory)) > 5
    assert len(list(store.scan(Query()))) == COUNT * sum(SERVICES.values())
    assert store.unreadable == 0
