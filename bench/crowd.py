"""Many writers on one Redis: what they cost it, and whether it keeps up.

    python bench/crowd.py [--writers 10,100,1000] [--rates 0,1,10] [--seconds 5]

Each writer is a store with its own connection and thread, as a process of a site has one; a few processes hold them.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import tables
from bench.liverun import cpu, go, hear_ready, started
from logconsole.entry import Entry
from logconsole.stores.redis import RedisStore
from tests.redisserver import RedisServer

PROCESSES = 4
HEAD = ("writers", "entries/s each", "entries/s", "kept", "Redis CPU %", "us/entry", "connections", "kB/connection")
LINE = Entry(
    ts="2026-11-23T07:35:40.123456Z",
    level="INFO",
    msg="GET /orders/20417/ 200 3.4ms",
    logger="logconsole.access",
    service="web",
    host="web-17",
    pid=4242,
    thread="MainThread",
    request_id="5f0c7e2a9b8d4c6e8f1a2b3c4d5e6f70",
    extra={"method": "GET", "path": "/orders/20417/", "route": "orders/<int:pk>/", "status": 200, "duration_ms": 3.4},
).line


def main() -> None:
    """Read the options, and print a row for each crowd and rate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writers", default="10,100,1000")
    parser.add_argument("--rates", default="0,1,10")
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    print(tables.head(HEAD))
    for count in map(int, options.writers.split(",")):
        for rate in map(float, options.rates.split(",")):
            print(measured(count, rate, options.seconds), flush=True)


def measured(count: int, rate: float, seconds: float) -> str:
    """The row of the table."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        redis = stack.enter_context(RedisServer(directory / "redis"))
        command = [sys.executable, "bench/crowd.py", redis.url, str(count // PROCESSES), str(rate), str(seconds)]
        crowd = [stack.enter_context(started(command)) for _ in range(PROCESSES)]
        for process in crowd:
            hear_ready(process)
        with redis.client as client:
            had, before, began = client.xlen("logconsole:web"), cpu(redis.process.pid), time.monotonic()
            go(crowd)
            made = sum(json.loads(process.stdout.readline()) for process in crowd)
            spent, took = cpu(redis.process.pid) - before, time.monotonic() - began
            kept, told = client.xlen("logconsole:web") - had, client.info("clients")
            size = client.info("memory")["mem_clients_normal"] / told["connected_clients"] / 1e3
            connected = told["connected_clients"] - 1
    share, each = f"{spent / took:.1%}", f"{spent * 1e6 / made:,.0f}" if made else "-"
    whole = "all" if kept == made else f"{kept:,} of {made:,}"
    cells = (f"{count:,}", f"{rate:g}", f"{made / took:,.0f}", whole, share, each, f"{connected:,}", f"{size:,.0f}")
    return tables.row(cells)


def write(url: str, count: str, rate: str, seconds: str) -> None:
    """So many stores at that rate each; with 0 they have logged once, and look whether a level was changed."""
    stores = [RedisStore(url) for _ in range(int(count))]
    for store in stores:
        store.keep(LINE, None)
        store.flush(10)
    print("ready", flush=True)
    sys.stdin.readline()
    began, made, pause = time.monotonic(), 0, 1 / float(rate) if float(rate) else float(seconds)
    while time.monotonic() < began + float(seconds):
        for number, store in enumerate(stores if float(rate) else ()):
            store.keep(LINE, None)
            made += 1
            if number % 10 == 0:  # not all at the same moment
                time.sleep(max(0.0, began + pause * (made / len(stores)) - time.monotonic()))
        time.sleep(0 if float(rate) else 0.1)
    for store in stores:
        store.flush(20)
    print(made, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    write(*sys.argv[1:]) if "://" in "".join(sys.argv[1:2]) else main()
