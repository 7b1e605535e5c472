"""Real processes that find at the same moment that a segment is over go on behind it."""

from __future__ import annotations

from pathlib import Path

from logconsole.stores.file import FileStore
from logconsole.stores.segments import SEAL
from tests.stores.hammer import Hammer
from tests.stores.plans import Plan
from tests.stores.witnesses import ALL, Follower, sizes


def test_processes_that_find_the_period_over_at_once_lose_nothing(tmp_path: Path) -> None:
    """Six processes, periods of a second: nothing is lost at their borders."""
    options = {"segment_bytes": 10**8, "segment_seconds": 1, "retain_bytes": 10**9}
    plan = Plan(processes=6, count=8_000, options=options)
    with Hammer(tmp_path, plan) as hammer:
        follower = Follower(hammer.directory)
        hammer.run(follower)
    outcome = hammer.outcome()
    assert (outcome.lost, outcome.duplicated, outcome.disordered, outcome.stderr) == (0, 0, 0, "")
    assert follower.keys == outcome.keys
    assert len(sizes(hammer.directory)) >= 2


def test_each_period_is_one_segment_however_many_write(tmp_path: Path) -> None:
    """As many segments as seconds: a late line of the last period at the head of a segment does not end it at once.

    A holder of the lock that had no processor for too long ends one more, with a seal.
    """
    options = {"segment_bytes": 10**8, "segment_seconds": 1, "retain_bytes": 10**9}
    with Hammer(tmp_path, Plan(processes=6, count=8_000, options=options)) as hammer:
        hammer.run(lambda: False)
    seconds = {made.ts[:19] for made in FileStore(hammer.directory).scan(ALL)}
    sealed = sum(SEAL in path.read_bytes() for path in hammer.directory.glob("0*.jsonl"))
    assert 2 <= len(sizes(hammer.directory)) <= len(seconds) + sealed
