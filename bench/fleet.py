"""A fleet on one Redis: eight writing processes, one and two servers, and their viewers.

    python bench/fleet.py [--quick] [--seconds 3] [--writers 8]

What is sustained, how late viewers have it, what Redis, writers and a logging call cost, beside the file store.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from bench import liverun, tables
from bench.liverun import calls, connected, cpu, others
from tests.e2e.site import Site, running
from tests.redisserver import RedisServer

HEAD = (
    *("store", "servers", "viewers", "offered/s", "logged/s", "kept/s", "p50 ms", "p99 ms", "lost", "missed, and told"),
    *("Redis CPU us/entry", "writer CPU us/entry", "call mean us", "call p50", "call p99", "bytes/entry"),
)


class Work(NamedTuple):
    """A row to be measured."""

    servers: int
    viewers: int
    """Of all servers together."""
    rate: int
    """Entries a second of all writers together; 0: all they can."""


QUICK = (Work(1, 1, 800), Work(2, 50, 800), Work(1, 0, 0))
FULL = (
    *(Work(servers, viewers, rate) for servers in (1, 2) for viewers in (1, 10, 50) for rate in (800, 4_000)),
    *(Work(1, viewers, 0) for viewers in (0, 10)),
)


def main() -> None:
    """Read the options, and print a row for each work."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="three rows")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--writers", type=int, default=8)
    options = parser.parse_args()
    works = QUICK if options.quick else FULL
    print(tables.head(HEAD))
    with tempfile.TemporaryDirectory() as directory, fleet(Path(directory)) as (redis, sites):
        for work in works:
            print(measured(redis, sites, work, options.writers, options.seconds), flush=True)
        for rate in dict.fromkeys(work.rate for work in works):
            print(alone(Path(directory) / "alone", rate, options.writers, options.seconds), flush=True)


@contextmanager
def fleet(directory: Path) -> Iterator[tuple[RedisServer, list[Site]]]:
    """A Redis and two sites."""
    redis = RedisServer(directory / "redis").start()
    with ExitStack() as stack:
        stack.callback(redis.kill)
        sites = []
        for number in range(2):
            (directory / str(number)).mkdir()
            more = {"module": "bench.livesite", "REDIS_URL": redis.url, "DEBUG": "false", "HANDLERS": "ring"}
            sites.append(stack.enter_context(running(directory / str(number), "daphne", **more)))
        yield redis, sites


def measured(redis: RedisServer, sites: list[Site], work: Work, writers: int, seconds: float) -> str:
    """The row of the table."""
    with redis.client as client, ExitStack() as stack:
        client.flushall()
        shares = [work.viewers // work.servers + (number < work.viewers % work.servers) for number in range(2)]
        viewers = [
            stack.enter_context(connected("ours", site.url, count, "redis"))
            for site, count in zip(sites, shares, strict=True)
            if count
        ]
        before = cpu(redis.process.pid)
        made = others(by(writers, work.rate, seconds), redis.url, "redis")
        numbers = {number: count for one in made for number, count in one["writers"].items()}
        found = [json.loads(one.communicate(json.dumps(numbers) + "\n")[0]) for one in viewers]
        spent = cpu(redis.process.pid) - before
        kept = client.xlen("logconsole:worker")
        size = (client.memory_usage("logconsole:worker", samples=0) or 0) / max(kept, 1)
    late = [f"{max(one[name] for one in found):,.0f}" if found else "-" for name in ("p50", "p99")]
    sums = [f"{sum(one[name] for one in found):,}" for name in ("lost", "missed")]
    flushed = max(one["flushed"] for one in made)
    told = [str(work.servers), str(work.viewers), offered(work.rate), speed(made)]
    told += [f"{kept / flushed:,.0f}", *late, *sums, f"{spent * 1e6 / max(kept, 1):,.1f}"]
    return tables.row(["redis", *told, *costs(made), f"{size:,.0f}"])


def alone(directory: Path, rate: int, writers: int, seconds: float) -> str:
    """The same calls into the file store, with nobody looking."""
    made = others(by(writers, rate, seconds), directory / str(rate), "jsonl")
    told = ["file", "-", "0", offered(rate), speed(made), speed(made), "-", "-", "0", "0", "-"]
    return tables.row([*told, *costs(made), "-"])


def by(writers: int, rate: int, seconds: float) -> liverun.Work:
    """So many processes of one thread each."""
    return liverun.Work(rate, 0, seconds, threads=1, others=writers)


def speed(made: list[dict[str, Any]]) -> str:
    """Entries a second of all writers."""
    return f"{calls(made).count / max(one['seconds'] for one in made):,.0f}"


def costs(made: list[dict[str, Any]]) -> list[str]:
    """Microseconds: of the process for each entry, and of a call."""
    count, *took = calls(made)
    spent = sum(one["cpu"] for one in made) * 1e6 / count
    return [f"{value:,.0f}" for value in (spent, *took)]


def offered(rate: int) -> str:
    """In words."""
    return f"{rate:,}" if rate else "all they can"


if __name__ == "__main__":
    main()
