"""A real daphne that serves the store: what downloads need of its memory, what searches do to other requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.search_parts.processes import Process, Took
from bench.search_parts.serving import memory, peak
from tests.e2e.site import Site, running

FORMATS = ("jsonl", "text", "csv")


@contextmanager
def served(directory: Path, store: Path) -> Iterator[Site]:
    """The site; what it logs itself goes to the ring, never into the corpus."""
    variables = {"HANDLERS": "ring", "DEBUG": "false", "DJANGO_SETTINGS_MODULE": "bench.search_parts.settings"}
    with running(directory, module="bench.livesite", LOG_DIR=str(store), **variables) as site:
        yield site


def asked(site: Site, web: Process, *what: Any) -> Took:
    """An answer to the client, with the memory of the server."""
    before = memory(site.process.pid)
    took = web.ask(*what)
    most = peak(site.process.pid)
    return replace(took, peak=most, grown=most - before)


def delays(site: Site, web: Process, seconds: float) -> list[tuple[str, list[float], int]]:
    """Milliseconds of a trivial request (p50, p99, most), idle and beside a search; and how often that was done."""
    took = web.ask("delay", "", seconds)
    idle, busy = took.note.split()[:3], took.note.split()[3:]
    return [("idle", list(map(float, idle)), 0), ("beside a search", list(map(float, busy)), took.hits)]


def tell_delays(rows: list[tuple[str, list[float], int]]) -> None:
    """Print them."""
    print("\n## Other requests of a worker that searches\n")
    print("| | p50 ms | p99 ms | most ms | whole searches |\n|---|---|---|---|---|")
    for name, values, searches in rows:
        print(f"| {name} | {' | '.join(f'{value:.1f}' for value in values)} | {searches} |", flush=True)
