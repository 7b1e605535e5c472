"""The live view: from a logging call to the parsed entry in real WebSocket clients, and what it costs.

    python bench/live.py [--quick] [--server daphne|uvicorn] [--only WORD] [--page]
                         [--peers PYTHON] [--frontail DIRECTORY]

A real server, clients in a process of their own, load by threads of the server or by other processes. Latency is
from a stamp of CLOCK_MONOTONIC in the entry, taken just before the call, to the parsed entry. Every row has a server
of its own. The peers' packages are looked for in another Python, frontail where `npm install frontail` put it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import livecost, livepage, livepeers, tables
from bench.liveaims import aims
from bench.liverun import HEAD, Row, Work, measured
from tests.e2e.site import running

RATES, CROWDS = (100, 1_000, 10_000), (1, 10, 100)


def matrix(quick: bool) -> Iterator[tuple[str, Work]]:
    """What is measured of ours."""
    seconds = 1.5 if quick else 2.5
    asked = (
        [(1_000, 10), (1_000, 100), (10_000, 10)] if quick else [(rate, crowd) for rate in RATES for crowd in CROWDS]
    )
    for store in ("ring", "file"):
        for rate, clients in asked:
            yield store, Work(rate, clients, seconds)
    for others in (1, 4):
        for rate, clients in [(1_000, 10)] if quick else [(1_000, 10), (1_000, 100), (10_000, 10)]:
            yield "file", Work(rate, clients, seconds, threads=2 if others == 1 else 1, others=others)
    for store in ("ring", "file"):
        for rate in (20_000,) if quick else (12_500, 20_000, 0):
            yield store, Work(rate, 10, seconds)


def ours(directory: Path, server: str, store: str, work: Work) -> Row:
    """A row of ours, on a server of its own."""
    shutil.rmtree(directory / "logs", ignore_errors=True)
    handlers = {"ring": "ring", "file": "jsonl"}[store]
    with running(directory, server, module="bench.livesite", HANDLERS=handlers, DEBUG="false") as site:
        return measured(f"{store}, {server}", work, site.process.pid, site.url, "ours", [store], site.log_dir)


def table(rows: Iterator[Row]) -> list[Row]:
    """Print each as it comes."""
    print(f"\n{tables.head(HEAD)}")
    kept = []
    for row in rows:
        print(row, flush=True)
        kept.append(row)
    return kept


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rows")
    parser.add_argument("--server", default="daphne", choices=["daphne", "uvicorn"])
    parser.add_argument("--only", default="", help="ours, cost, peers or page")
    parser.add_argument("--page", action="store_true", help="Chromium on the page as well")
    parser.add_argument("--peers", default=sys.executable, help="a Python that has the peers' packages")
    parser.add_argument("--frontail", default="", help="the directory where npm installed it")
    options = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        if options.only in ("", "ours"):
            print("\n## Ours")
            rows += table(ours(directory, options.server, store, work) for store, work in matrix(options.quick))
        if options.only in ("", "cost"):
            rows += livecost.table(directory, options.server, quick=options.quick)
        if options.only in ("", "peers"):
            print("\n## Peers, in the same run")
            asked = livepeers.asked(options.peers, options.frontail, quick=options.quick)
            rows += table(livepeers.row(peer, work) for peer, work in asked)
        aims(rows)
        if options.page or options.only == "page":
            livepage.table(directory, 15 if options.quick else 60)


if __name__ == "__main__":
    main()
