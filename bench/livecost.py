"""What a logging call costs with nobody looking, and with a hundred: in turns, on two servers that both run."""

from __future__ import annotations

import shutil
import statistics
from contextlib import ExitStack
from pathlib import Path

from bench import tables
from bench.liverun import Row, Work, measured
from tests.e2e.site import running

HEAD = ("store", "viewers", "produced/s", "mean us", "p50", "p99", "mean x nobody", "p50 x", "p99 x")


def table(directory: Path, server: str, *, quick: bool) -> list[Row]:
    """Print it for both stores, and return the ratios, which are medians of the rounds'."""
    rounds, seconds = (1, 2.0) if quick else (3, 2.0)
    print(f"\n## The logging call, 1,000/s ({rounds} round{'s' * (rounds > 1)} in turns)\n")
    print(tables.head(HEAD))
    rows: list[Row] = []
    for store in ("ring", "file"):
        alone, watched = interleaved(directory, server, store, rounds, seconds)
        tell(store, 0, alone, alone)
        tell(store, 100, watched, alone)
        rows.append(middle(f"cost, {store}", watched, alone))
    return rows


def interleaved(directory: Path, server: str, store: str, rounds: int, seconds: float) -> tuple[list[Row], list[Row]]:
    """Rows without and with viewers, on one server."""
    shutil.rmtree(directory / "logs", ignore_errors=True)
    handlers = {"ring": "ring", "file": "jsonl"}[store]
    alone, watched = list[Row](), list[Row]()
    with ExitStack() as stack:
        site = stack.enter_context(
            running(directory, server, module="bench.livesite", HANDLERS=handlers, DEBUG="false")
        )
        for _ in range(rounds):
            for clients, rows in ((0, alone), (100, watched)):
                work = Work(1_000, clients, seconds)
                rows.append(
                    measured(f"{store}, {server}", work, site.process.pid, site.url, "ours", [store], site.log_dir)
                )
    return alone, watched


def tell(store: str, viewers: int, rows: list[Row], alone: list[Row]) -> None:
    """A line of the table."""
    values = [f"{statistics.median(getattr(row, name) for row in rows):,.0f}" for name in ("produced", *CALLS)]
    print(tables.row([store, str(viewers), *values, *(f"{ratio(rows, alone, name):.2f}" for name in CALLS)]))


def middle(target: str, watched: list[Row], alone: list[Row]) -> Row:
    """The ratio of the means as a row, for the aims."""
    return Row(target, "", 100, 1_000, call=ratio(watched, alone, "call"))


def ratio(rows: list[Row], alone: list[Row], name: str) -> float:
    """The median of the rounds' ratios."""
    pairs = zip(rows, alone, strict=True)
    return statistics.median(getattr(mine, name) / getattr(theirs, name) for mine, theirs in pairs)


CALLS = ("call", "call_p50", "call_p99")
