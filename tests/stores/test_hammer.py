"""Many processes at once, undisturbed, killed and stopped: nothing is lost, doubled, torn or out of order."""

from __future__ import annotations

from pathlib import Path

from logconsole.stores.file import FileStore
from tests.stores.hammer import Hammer
from tests.stores.plans import Outcome, Plan
from tests.stores.witnesses import ALL, Follower, Sampler, backward, both, key_of


def hammered(directory: Path, plan: Plan) -> tuple[Outcome, Follower, Sampler]:
    """What became of the plan, what a follower saw, and what the directory looked like meanwhile."""
    with Hammer(directory, plan) as hammer:
        follower, sampler = Follower(hammer.directory), Sampler(hammer.directory)
        hammer.run(both(follower, sampler))
    return hammer.outcome(), follower, sampler


def assert_kept(plan: Plan, outcome: Outcome, follower: Follower) -> None:
    """Everything acknowledged is on disk once and in order, and in both directions; the follower had all of it."""
    assert outcome.entries >= plan.entries
    assert outcome.kills >= plan.kills // 2 and outcome.stops >= plan.stops // 2  # on a busy machine not all in time
    assert (outcome.lost, outcome.duplicated, outcome.disordered) == (0, 0, 0)
    assert (outcome.failed, outcome.stderr) == (0, "")
    assert (follower.missed, follower.keys) == (0, outcome.keys)
    assert backward(follower.store) == outcome.keys


def test_many_processes_lose_and_double_nothing(tmp_path: Path) -> None:
    """Across many rotations all entries are there, each writer's in order, and one that follows live has them all."""
    plan = Plan(processes=8, count=2_500)
    outcome, follower, _ = hammered(tmp_path, plan)
    assert_kept(plan, outcome, follower)
    assert outcome.segments > 50
    assert (outcome.torn, len(outcome.keys)) == (0, plan.entries)


def test_many_threads_of_many_processes_lose_and_double_nothing(tmp_path: Path) -> None:
    """The same with four threads in each process; the order kept is that of each thread."""
    plan = Plan(processes=4, threads=4, count=1_000)
    outcome, follower, _ = hammered(tmp_path, plan)
    assert_kept(plan, outcome, follower)
    assert (outcome.torn, len(outcome.keys)) == (0, plan.entries)


def test_killed_writers_lose_nothing_acknowledged(tmp_path: Path) -> None:
    """Whenever a process is killed, what was acknowledged is on disk, and only its last line may be torn."""
    plan = Plan(processes=6, count=1_500, kills=12)
    outcome, follower, _ = hammered(tmp_path, plan)
    assert_kept(plan, outcome, follower)
    assert outcome.torn <= outcome.kills


def test_writers_killed_inside_a_large_write_lose_nothing_acknowledged(tmp_path: Path) -> None:
    """Long lines cross pages, so a kill can tear them: one line per kill at most, counted, and none behind it lost."""
    plan = Plan(count=600, longest=60_000, kills=20, options={"segment_bytes": 1_000_000})
    outcome, follower, _ = hammered(tmp_path, plan)
    assert_kept(plan, outcome, follower)
    assert outcome.torn <= outcome.kills


def test_stopped_writers_hold_up_nobody_and_lose_nothing(tmp_path: Path) -> None:
    """Stopped at any instant until the others have gone on; the late lines are where readers find them, once."""
    plan = Plan(processes=6, count=1_500, stops=15)
    outcome, follower, _ = hammered(tmp_path, plan)
    assert_kept(plan, outcome, follower)
    assert (outcome.torn, len(outcome.keys)) == (0, plan.entries)


def test_writers_stopped_and_killed_lose_nothing_acknowledged(tmp_path: Path) -> None:
    """Both at once, also a process that is killed while it is stopped."""
    plan = Plan(processes=6, threads=2, count=800, stops=8, kills=8, seed=5)
    outcome, follower, _ = hammered(tmp_path, plan)
    assert_kept(plan, outcome, follower)
    assert outcome.torn <= outcome.kills


def test_cursors_stay_valid_and_files_keep_their_names(tmp_path: Path) -> None:
    """A cursor handed out in the middle of it all still stands before the same entry; no file was renamed."""
    plan = Plan(count=2_000, stops=5)
    outcome, follower, sampler = hammered(tmp_path, plan)
    assert len(follower.cursors) > 2
    for count, cursor in follower.cursors:
        batch = follower.store.newer(ALL, cursor, limit=1)
        assert not batch.missed
        assert [key_of(made) for made in batch.entries] == outcome.keys[count : count + 1]
    assert sampler.renamed == []
    assert len(set(sampler.inodes.values())) == len(sampler.inodes)


def test_cursor_behind_which_entries_were_dropped_is_told(tmp_path: Path) -> None:
    """Once retention took what followed it, a reader is told `missed`, and goes on with what is kept."""
    plan = Plan(count=2_000, options={"segment_bytes": 40_000, "retain_bytes": 200_000})
    outcome, follower, _ = hammered(tmp_path, plan)
    batch = FileStore(follower.store.directory).newer(ALL, "1", limit=1)
    assert batch.missed
    assert [key_of(made) for made in batch.entries] == outcome.keys[:1]
