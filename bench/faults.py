"""What is lost when processes are many, killed, stopped, out of disk, or read what somebody has damaged.

    python bench/faults.py [--quick] [--only WORD]

The same code as the tests', at ten times their size. Mounting a small disk needs root or user namespaces.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hypothesis import given, settings

from bench import tables
from logconsole.stores.backlog import MAX_LINES
from logconsole.stores.file import FileStore
from logconsole.stores.segments import segments
from tests.children import mounting, told
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.disks import KINDS, MOUNTED, scenario
from tests.stores.hammer import Hammer
from tests.stores.hammering import queued_ns
from tests.stores.mutations import DAMAGES, LINES, Damage, assert_untouched_come_out
from tests.stores.plans import Key, Plan
from tests.stores.test_hostile_files import line, put
from tests.stores.witnesses import ALL, Follower, Sampler, backward, both

COLUMNS = (
    *("scenario", "entries", "kills", "stops", "rotations", "faults", "lost", "duplicated", "torn", "disordered"),
    *("longest_ms", "held_ms", "mean_us", "note"),
)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    scenario: str
    entries: int = 0
    kills: int = 0
    stops: int = 0
    rotations: int = 0
    faults: int = 0
    lost: int = 0
    duplicated: int = 0
    torn: int = 0
    disordered: int = 0
    longest_ms: float = 0.0
    held_ms: float = 0.0
    """Without the time for which the scheduler let the call wait for a processor; of paced writers only."""
    mean_us: float = 0.0
    note: str = ""

    def __str__(self) -> str:
        return tables.row(_cell(getattr(self, name)) for name in COLUMNS)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if value else "-"
    return f"{value:,}" if isinstance(value, int) else str(value)


def plans(scale: int) -> dict[str, Plan]:
    """Who writes how much; the scale divides."""
    segments = {"segment_bytes": 1_000_000 // min(scale, 5)}
    eight = Plan(processes=8, count=25_000 // scale, longest=120, options=segments)
    large = Plan(processes=4, count=2_500 // scale, longest=60_000, kills=60 // scale, options=segments)
    stopped = replace(eight, count=10_000 // scale, stops=24 // scale, stop_seconds=1.0, pace_seconds=0.003)
    pair = replace(stopped, processes=2, count=20_000 // scale)
    bounds = {"segment_bytes": 100_000, "retain_bytes": 1_000_000}
    return {
        "8 processes": eight,
        "8 processes x 4 threads": replace(eight, threads=4, count=eight.count // 4),
        "8 processes, killed": replace(eight, kills=64 // scale),
        "4 processes, killed in large writes": large,
        "8 paced processes, nobody stopped": replace(stopped, stops=0),
        "the same, stopped for a second each": stopped,
        "2 paced processes, nobody stopped": replace(pair, stops=0),
        "2 paced processes, stopped for a second each": pair,
        "8 processes, stopped and killed": replace(eight, kills=24 // scale, stops=40 // scale),
        "bounds: 8 processes, stopped and killed": replace(eight, kills=24 // scale, stops=40 // scale, options=bounds),
    }


def hammered(name: str, plan: Plan) -> Row:
    """One plan: what a follower did not get, and what backward reading shows otherwise, is told in the note."""
    with tempfile.TemporaryDirectory() as directory, Hammer(Path(directory), plan) as hammer:
        follower, sampler = Follower(hammer.directory), Sampler(hammer.directory)
        is_bound = "retain_bytes" in plan.options
        hammer.run(sampler if is_bound else both(follower, sampler))
        found = hammer.outcome()
        if is_bound:
            note = f"{sampler.looks:,} looks: at most {sampler.bytes:,} B, a segment {sampler.largest:,} B"
        else:
            same = follower.keys == found.keys == backward(follower.store)
            note = "follower and backward: " + ("the same" if same else "DIFFERENT")
        note += f"; stderr: {found.stderr.strip()!r}" if found.stderr else ""
    return Row(
        name,
        found.entries,
        found.kills,
        found.stops,
        max(len(sampler.inodes) - 1, 0),
        found.kills + found.stops,
        gaps(hammer, found.keys) if is_bound else found.lost,
        found.duplicated,
        found.torn,
        found.disordered,
        found.longest_ms,
        found.held_ms,
        found.mean_us,
        note,
    )


def holders(count: int) -> Row:
    """So many processes in a row are stopped while they hold the lock, each time as an entry is logged."""
    with tempfile.TemporaryDirectory() as directory:
        store, longest, held = FileStore(directory, retain_segments=10**4), 0, 0
        for number in range(count):
            store.append(entry(f"before {number}"))
            holder = stopped_holder(segments(directory)[-1].path)
            queued, began = queued_ns(), time.perf_counter_ns()
            store.append(entry(f"meanwhile {number}"))
            took = time.perf_counter_ns() - began
            longest, held = max(longest, took), max(held, took - queued_ns() + queued)
            os.kill(holder, signal.SIGKILL)
            os.waitpid(holder, 0)
        found = messages(list(store.scan(ALL)))
        store.close()
    expected = [f"{word} {number}" for number in range(count) for word in ("before", "meanwhile")]
    lost, doubled = len(set(expected) - set(found)), len(found) - len(set(found))
    name = "a holder of the lock is stopped, each time"
    times = {"longest_ms": longest / 1e6, "held_ms": held / 1e6}
    return Row(name, 2 * count, stops=count, rotations=count, faults=count, lost=lost, duplicated=doubled, **times)


def stopped_holder(path: str) -> int:
    """A process that has the lock on that segment, and is stopped."""
    holder = os.fork()
    if not holder:
        fcntl.flock(os.open(path, os.O_RDWR | os.O_APPEND), fcntl.LOCK_EX)
        os.kill(os.getpid(), signal.SIGSTOP)
        os._exit(0)
    os.waitpid(holder, os.WUNTRACED)
    return holder


def gaps(hammer: Hammer, keys: list[Key]) -> int:
    """What is missing behind the first entry kept of each life: retention takes from the beginning only."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for life, _, number in keys:
        numbers[life].append(number)
    return sum(len(set(range(min(kept), hammer.acknowledged(life))) - set(kept)) for life, kept in numbers.items())


def disk(kind: str, count: int) -> Row:
    """One kind of trouble with the disk; `lost` is what is missing without being counted."""
    name = f"disk: {kind}"
    before = mounting() if kind in MOUNTED else ()
    if before is None:
        return Row(name, note="not possible here: needs root or user namespaces")
    with tempfile.TemporaryDirectory() as directory:
        os.mkdir(site := os.path.join(directory, "site"))
        seen = told(scenario, site, kind, count, before=before)
    numbers, lines = seen["numbers"], len(seen["stderr"].splitlines())
    return Row(
        name,
        seen["attempted"],
        faults=1,
        lost=seen["attempted"] - len(set(numbers)) - seen["lost_after"],
        duplicated=len(numbers) - len(set(numbers)),
        torn=seen["unreadable"],
        disordered=int(numbers != sorted(numbers)),
        mean_us=seen["mean_us"],
        note=f"{seen['lost_after']:,} counted as lost; {lines} line on stderr",
    )


def mutated(examples: int) -> Row:
    """Segments damaged at random: `lost` are examples in which an untouched entry was."""
    failed, tried, faults = [], 0, 0
    with tempfile.TemporaryDirectory() as directory:

        @settings(max_examples=examples, deadline=None, database=None)
        @given(DAMAGES)
        def one(damages: list[Damage]) -> None:
            nonlocal tried, faults
            tried, faults = tried + 1, faults + len(damages)
            try:
                assert_untouched_come_out(Path(directory), damages)
            except Exception as error:
                failed.append(error)

        one()
    return Row(f"files: {tried:,} damaged stores", tried * len(LINES), faults=faults, lost=len(failed))


def huge(size: int) -> Row:
    """One line of that many bytes, sparse, between two entries."""
    with tempfile.TemporaryDirectory() as directory:
        put(Path(directory), 0, line("first"))
        path = put(Path(directory), 1_000, b"")
        os.truncate(path, size)
        put(Path(directory), 10**12, line("last"))
        store, began = Follower(Path(directory)).store, time.perf_counter()
        found = [messages(list(store.scan(ALL))), messages(store.older(ALL).entries)]
        took = time.perf_counter() - began
    lost = sum({"first", "last"} != set(texts) for texts in found)
    return Row(f"files: a line of {size / 1e9:.1f} GB", 2, faults=1, lost=lost, note=f"read both ways in {took:.1f} s")


def rows(scale: int) -> Iterator[tuple[str, Callable[[], Row]]]:
    """All scenarios by name."""
    for name, plan in plans(scale).items():
        yield name, lambda name=name, plan=plan: hammered(name, plan)
    yield "stopped holders", lambda: holders(100 // scale)
    for kind in KINDS:
        count = MAX_LINES + 100_000 // scale
        yield f"disk: {kind}", lambda kind=kind, count=count: disk(kind, count)
    yield "files: damaged", lambda: mutated(10_000 // scale)
    yield "files: huge", lambda: huge(2**30 // scale)


def main() -> None:
    """Read the options, run, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    parser.add_argument("--only", default="", help="scenarios whose name has this in it")
    options = parser.parse_args()
    print(tables.head(COLUMNS))
    for name, made in rows(10 if options.quick else 1):
        if options.only in name:
            print(made(), flush=True)


if __name__ == "__main__":
    main()
