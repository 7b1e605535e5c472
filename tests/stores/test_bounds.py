"""What is kept stays within its bounds at every moment, whoever writes and whatever happens to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from logconsole.stores.file import FileStore
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.hammer import Hammer
from tests.stores.plans import Plan
from tests.stores.witnesses import ALL, Sampler, sizes

SEGMENT, BYTES, SEGMENTS = 20_000, 200_000, 30
BOUNDS = {"segment_bytes": SEGMENT, "retain_bytes": BYTES, "retain_segments": SEGMENTS}


def sampled(directory: Path, plan: Plan) -> Sampler:
    """Looks at the directory while the plan runs."""
    with Hammer(directory, plan) as hammer:
        sampler = Sampler(hammer.directory)
        hammer.run(sampler)
    assert hammer.outcome().stderr == ""
    return sampler


@pytest.mark.parametrize(
    "plan",
    [
        Plan(processes=6, count=2_500, options=BOUNDS),
        Plan(processes=4, threads=3, count=1_000, options=BOUNDS),
        Plan(processes=4, count=2_500, kills=8, options=BOUNDS),
        Plan(processes=4, count=2_500, stops=10, options=BOUNDS),
        Plan(processes=4, count=800, longest=9_000, kills=6, stops=6, options=BOUNDS),
    ],
    ids=["processes", "threads", "kills", "stops", "lengths"],
)
def test_no_bound_is_passed_at_any_moment(tmp_path: Path, plan: Plan) -> None:
    """Of each look while several processes write: every segment, all files together, and their number."""
    sampler = sampled(tmp_path, plan)
    assert sampler.looks > 50
    assert sampler.largest <= SEGMENT
    assert sampler.bytes <= BYTES
    assert sampler.most <= SEGMENTS


def test_number_of_segments_is_never_passed(tmp_path: Path) -> None:
    """`retain_segments` holds at every moment too, where bytes would allow for more."""
    sampler = sampled(tmp_path, Plan(count=2_500, stops=4, options={**BOUNDS, "retain_segments": 4}))
    assert sampler.looks > 50
    assert sampler.most == 4


def test_most_of_the_budget_is_kept_under_load(tmp_path: Path) -> None:
    """Once it was full, there are never less than 80 % of it."""
    sampler = sampled(tmp_path, Plan(processes=6, count=2_500, options=BOUNDS))
    full = next(number for number, total in enumerate(sampler.totals) if total >= BYTES * 0.95)
    assert len(sampler.totals) - full > 50
    assert min(sampler.totals[full:]) >= BYTES * 0.8


def test_directory_idle_for_months_is_pruned_by_the_next_entry(tmp_path: Path) -> None:
    """Age is that of the entries, whatever the files' times say; a new process finds out too."""
    for day in range(3):
        store = FileStore(tmp_path, retain_days=10_000)
        store.append(entry(f"day {day}", created=1_760_000_000 + 86_400 * day))
        store.close()
    assert len(sizes(tmp_path)) == 3
    again = FileStore(tmp_path, retain_days=30)
    again.append(entry("today"))
    assert messages(list(again.scan(ALL))) == ["today"]
    assert len(sizes(tmp_path)) == 1
    again.close()


def test_entry_larger_than_a_segment_is_cut_first(tmp_path: Path) -> None:
    """With MAX_ENTRY_BYTES below the segment, no entry of any length passes it."""
    store = FileStore(tmp_path, segment_bytes=70_000, retain_bytes=700_000)
    for number in range(30):
        store.append(entry("x" * 10 ** number.bit_length() * 20))
        assert all(size <= 70_000 for _, size in sizes(tmp_path).values())
    kept = list(store.scan(ALL))
    assert kept[-1].cut and kept[-1].cut > 70_000
    assert len(kept[-1].line) <= 65_536
    store.close()
