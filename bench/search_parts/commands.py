"""Our commands as processes, beside a command of the same project that does nothing."""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from bench.search_parts.processes import ROOT, Took
from bench.search_parts.site import FORMATS
from tests.e2e.site import Site

NOOP, TAIL, TWIN = "manage.py noop", "manage.py tail_logs -n 50 --no-follow", "python -m logconsole tail -n 50"


def startup(site: Site, store: Path, rounds: int) -> dict[str, list[Took]]:
    """The terminal's first sight, and what it cannot be below."""
    commands = {NOOP: ["manage.py", "noop"], TAIL: ["manage.py", "tail_logs", "-n", "50", "--no-follow"]}
    if find_spec("logconsole.__main__"):
        commands[TWIN] = ["-m", "logconsole", "tail", str(store), "-n", "50", "--no-follow"]
    rows: dict[str, list[Took]] = {name: [] for name in [*commands, TWIN]}
    for _ in range(rounds):
        for name, arguments in commands.items():
            rows[name].append(run(arguments, site))
    return rows


def exports(site: Site) -> dict[str, list[Took]]:
    """`export_logs` of everything, and its memory over that of the command that does nothing."""
    floor = run(["manage.py", "noop"], site).peak
    rows: dict[str, list[Took]] = {}
    for form in FORMATS:
        rows[f"export_logs, {form}"] = [run(["manage.py", "export_logs", "--format", form], site, floor)]
    return rows


def run(arguments: list[str], site: Site, floor: int = 0) -> Took:
    """One of them, its output thrown away; hits are what it says on stderr."""
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=site.environment, stdin=-3, stdout=-3, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        said.seek(0)
        words = said.read()
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{arguments} ended with {process.returncode}: {words}"
    hits = re.search(r"([\d,]+) entr", words)
    peak = used.ru_maxrss * 1024
    return Took(seconds, int(hits[1].replace(",", "")) if hits else 0, peak=peak, grown=peak - floor)


def tell_startup(rows: dict[str, list[Took]]) -> None:
    """Print them."""
    print("\n## Commands\n\n| command | min ms | median ms | x noop |\n|---|---|---|---|")
    floor = min(took.seconds for took in rows[NOOP])
    for name, found in rows.items():
        if not found:
            print(f"| {name} | not there |")
            continue
        seconds = [took.seconds for took in found]
        values = [f"{min(seconds) * 1e3:.0f}", f"{statistics.median(seconds) * 1e3:.0f}", f"{min(seconds) / floor:.2f}"]
        print(f"| {name} | {' | '.join(values)} |", flush=True)


def tell_exports(rows: dict[str, list[Took]]) -> None:
    """Print them."""
    print("\n## Everything, exported\n\n| | s | peak MB | grown MB | entries |\n|---|---|---|---|---|")
    for name, found in rows.items():
        for took in found:
            cells = [f"{took.seconds:.1f}", f"{took.peak / 1e6:.0f}", f"{took.grown / 1e6:+.1f}", f"{took.hits:,}"]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)
