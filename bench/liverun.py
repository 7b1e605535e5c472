"""One row of the live table: a server, its clients, whoever logs, and what came of it."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from bench import tables

ROOT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
HEAD = (
    *(
        "target",
        "logged by",
        "clients",
        "offered/s",
        "produced/s",
        "p50 ms",
        "p99 ms",
        "lost",
        "missed, and told",
        "duplicated",
    ),
    *("out of order", "server CPU us/entry", "logging call us", "RSS + MB"),
)


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    target: str
    by: str
    clients: int
    offered: int
    produced: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    lost: int = 0
    """Without a word."""
    missed: int = 0
    """Gone before they could be sent, and the client was told."""
    duplicated: int = 0
    disordered: int = 0
    expected: int = 0
    """Entries produced, times clients."""
    cpu: float = 0.0
    """Microseconds of the server's process for each entry; the logging calls too, where they are in it."""
    call: float = 0.0
    """Microseconds of a logging call, mean."""
    call_p50: float = 0.0
    call_p99: float = 0.0
    memory: float = 0.0
    note: str = ""

    def __str__(self) -> str:
        offered = f"{self.offered:,}" if self.offered else "all it can"
        if self.note:
            return tables.row([self.target, self.by, str(self.clients), offered, self.note])
        gone = [share(count, self.expected) for count in (self.lost, self.missed)]
        late = [f"{value:,.1f}" if self.lost < self.expected else "-" for value in (self.p50, self.p99)]
        told = [f"{self.produced:,.0f}", *late, *gone, f"{self.duplicated:,}", f"{self.disordered:,}"]
        cells = [*told, f"{self.cpu:,.0f}", f"{self.call:,.0f}", f"{self.memory:,.1f}"]
        return tables.row([self.target, self.by, str(self.clients), offered, *cells])


def share(count: int, whole: int) -> str:
    """A number, and of how much."""
    return f"{count:,} ({count / max(whole, 1):.1%})" if count else "0"


@dataclass(frozen=True)
class Work:
    """How much is logged, by whom, and who looks."""

    rate: int
    clients: int
    seconds: float = 3.0
    threads: int = 2
    """Of the server's own process; or of each of the others."""
    others: int = 0
    """Other writing processes, instead of the server's own threads."""

    @property
    def by(self) -> str:
        """Who logs, in words."""
        return f"{self.others} other process{'es' * (self.others > 1)}" if self.others else "own threads"


def measured(target: str, work: Work, pid: int, url: str, kind: str, arguments: Sequence[str], path: Path) -> Row:
    """Run it; `arguments` are the client's, `path` is where others write."""
    row = {"target": target, "by": work.by, "clients": work.clients, "offered": work.rate}
    with connected(kind, url, work.clients, *arguments) as client:
        before = cpu(pid), memory(pid)
        if work.others:
            made = others(work, path, "jsonl" if kind == "ours" else "plain")
        else:
            made = own(work, url, "" if kind == "ours" else "text")
        writers = {number: count for one in made for number, count in one["writers"].items()}
        found = json.loads(client.communicate(json.dumps(writers) + "\n")[0])
        after = cpu(pid), memory(pid)
    entries, call, call_p50, call_p99 = calls(made)
    return Row(
        **row,
        produced=entries / max(one["seconds"] for one in made),
        p50=found["p50"],
        p99=found["p99"],
        lost=found["lost"],
        missed=found["missed"],
        duplicated=found["duplicated"],
        disordered=found["disordered"],
        expected=entries * work.clients,
        cpu=(after[0] - before[0]) * 1e6 / entries,
        call=call,
        call_p50=call_p50,
        call_p99=call_p99,
        memory=(after[1] - before[1]) / 1e6,
    )


class Calls(NamedTuple):
    """How many there were, and microseconds of one."""

    count: int
    mean: float
    p50: float
    p99: float


def calls(made: list[dict[str, Any]]) -> Calls:
    """What logging cost all writers."""
    took = sorted(value for one in made for value in one["took"])
    times = (statistics.fmean(took), took[len(took) // 2], took[len(took) * 99 // 100])
    return Calls(len(took), *(value / 1e3 for value in times))


def own(work: Work, url: str, text: str) -> list[dict[str, Any]]:
    """The server's own threads."""
    values = {"rate": work.rate, "seconds": work.seconds, "threads": work.threads} | ({"text": "1"} if text else {})
    httpx.get(f"{url}/load/", params=values, timeout=20).raise_for_status()
    time.sleep(work.seconds)
    return [httpx.get(f"{url}/made/", timeout=30).json()]


def others(work: Work, where: Path | str, kind: str) -> list[dict[str, Any]]:
    """Other processes, which begin together."""
    rate, threads = work.rate // work.others, work.threads
    plans = [(kind, where, number * threads, rate, work.seconds, threads) for number in range(work.others)]
    with ExitStack() as stack:
        load = [sys.executable, "bench/livesite/load.py"]
        running = [stack.enter_context(started([*load, *map(str, plan)])) for plan in plans]
        for process in running:
            hear_ready(process)
        go(running)
        return [json.loads(process.communicate()[0]) for process in running]


def go(running: Sequence[subprocess.Popen[str]]) -> None:
    """Have them begin."""
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()


def hear_ready(process: subprocess.Popen[str]) -> None:
    """Wait until it says so."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", "it could not connect"


@contextmanager
def started(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that is talked to."""
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=-1, stdout=-1)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def connected(kind: str, url: str, count: int, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process with so many clients of that kind, which are all live."""
    with started([sys.executable, "bench/livesite/client.py", kind, url, str(count), *arguments]) as process:
        hear_ready(process)
        yield process


def cpu(pid: int) -> float:
    """Seconds that the process and its children have run."""
    return (
        sum(sum(map(int, Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:13])) for one in tree(pid))
        / TICK
    )


def memory(pid: int) -> int:
    """Bytes that are resident, of the same."""
    return sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) * PAGE for one in tree(pid))


def tree(pid: int) -> list[int]:
    """A process and its children."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
