"""What a logging call costs: our handlers beside the peers, in one run.

    python bench/handlers.py [--rounds 5] [--calls 20000] [--work plain,extra,exc,threads,processes,busy]

Every target runs in a process of its own, the targets interleaved, for several rounds; a ratio is the median of
the rounds' ratios. Peers: pip install python-json-logger orjson concurrent-log-handler loguru structlog.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import targets

WORK = ("plain", "extra", "exc", "threads", "processes", "busy")
PIPES: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
REFERENCES = ("rotating_json", "no_op", "file_plain", "concurrent_orjson")


def calls(log: targets.Log, count: int, kind: str) -> list[float]:
    """Make the calls; how long each took, in seconds."""
    took = []
    for number in range(count):
        start = time.perf_counter()
        if kind == "exc":
            log("order %d failed", number, exc_info=True)
        elif kind == "plain":
            log("order %d placed by %s", number, "ada")
        else:
            log("order %d placed by %s", number, "ada", extra={"order_id": number, "total": 9.5, "items": 3})
        took.append(time.perf_counter() - start)
    return took


def failing(log: targets.Log, count: int) -> list[float]:
    """The calls from inside a handler of an exception."""
    try:
        json.loads("{")
    except ValueError:
        return calls(log, count, "exc")


def one(name: str, work: str, count: int, directory: Path) -> dict[str, float]:
    """One target in this process."""
    log = getattr(targets, name)(directory)
    kind = {"plain": "plain", "exc": "exc"}.get(work, "extra")
    if work == "busy":
        threading.Thread(target=spin, daemon=True).start()
    calls(log, 200, "extra")
    print("ready", flush=True)
    sys.stdin.readline()
    started = time.perf_counter()
    if work == "threads":
        took = in_threads(log, count)
    else:
        took = failing(log, count) if work == "exc" else calls(log, count, kind)
    elapsed = time.perf_counter() - started
    took.sort()
    return {
        "mean": statistics.fmean(took) * 1e6,
        "p50": took[len(took) // 2] * 1e6,
        "p99": took[len(took) * 99 // 100] * 1e6,
        "rate": len(took) / elapsed,
    }


def in_threads(log: targets.Log, count: int) -> list[float]:
    """Four threads share the calls."""
    took: list[float] = []
    workers = [threading.Thread(target=lambda: took.extend(calls(log, count // 4, "extra"))) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return took


def spin() -> None:
    """One thread of the process that never waits."""
    while True:
        sum(range(1_000))


def measured(name: str, work: str, count: int) -> dict[str, float] | None:
    """One target in a process of its own, or in four; None where a peer is not installed."""
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, __file__, "--one", name, "--work", work, "--calls", str(count), "--dir", directory]
        number = 4 if work == "processes" else 1
        running = [subprocess.Popen(command, **PIPES) for _ in range(number)]
        started = [process for process in running if process.stdout.readline()]  # all are ready: then they begin
        for process in started:
            process.stdin.write(b"\n")
            process.stdin.flush()
        printed = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        return None
    results: list[dict[str, Any]] = [json.loads(text) for text in printed]
    made = {key: statistics.fmean(result[key] for result in results) for key in results[0]}
    return {**made, "rate": sum(result["rate"] for result in results)}


def table(work: str, rounds: int, count: int, only: list[str] | None) -> None:
    """Measure all targets at one kind of work, and print them."""
    names = [target.__name__ for target in targets.TARGETS if only is None or target.__name__ in only]
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            if result := measured(name, work, count):
                found[name].append(result)
    print(f"\n## {work} ({rounds} rounds of {count:,} calls)\n")
    print("| target | mean us | p50 | p99 | calls/s | " + " | ".join(f"mean x {name}" for name in REFERENCES) + " |")
    print("|---|" + "---|" * (4 + len(REFERENCES)))
    for name in names:
        if not found[name]:
            print(f"| {name} | not installed |")
            continue
        middle = {key: statistics.median(result[key] for result in found[name]) for key in found[name][0]}
        ratios = [ratio(found, name, other, "mean") for other in REFERENCES]
        cells = [f"{middle['mean']:.1f}", f"{middle['p50']:.1f}", f"{middle['p99']:.0f}", f"{middle['rate']:,.0f}"]
        print(f"| {name} | " + " | ".join([*cells, *ratios]) + " |")
    for key in ("p50", "p99", "rate"):
        told = ", ".join(f"{ratio(found, 'ours', other, key)} x {other}" for other in REFERENCES)
        print(f"\nours, {key}: {told}")


def ratio(found: dict[str, list[dict[str, float]]], name: str, other: str, key: str) -> str:
    """The median over the rounds of one target's figure by another's."""
    pairs = list(zip(found.get(name, []), found.get(other, []), strict=False))
    return f"{statistics.median(mine[key] / theirs[key] for mine, theirs in pairs):.2f}" if pairs else "-"


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--work", default=",".join(WORK))
    parser.add_argument("--targets", help="names from targets.py, with commas between; default: all")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--dir", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.one, options.work, options.calls, options.dir)), flush=True)
        os._exit(0)  # without waiting for the spinning thread or a listener
    for work in options.work.split(","):
        count = options.calls // 10 if work == "exc" else options.calls
        table(work, options.rounds, count, options.targets.split(",") if options.targets else None)


if __name__ == "__main__":
    main()
