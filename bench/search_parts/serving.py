"""A process that is asked one thing after the other by lines of JSON, and tells what each took."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

PAGE = os.sysconf("SC_PAGE_SIZE")


class Found(NamedTuple):
    """What an answer holds."""

    hits: int
    lines: Iterable[bytes] = ()
    """The entries themselves, where they are few."""
    note: str = ""
    seconds: float = 0.0
    """And this, where it was another process that found them, with its most memory in bytes."""
    peak: int = 0


def serve(answer: Callable[..., Found]) -> None:
    """Answer until stdin ends; `answer` gets the name of a query and a directory, and what else was sent."""
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        before = memory("self")
        start = time.perf_counter()
        found = answer(*asked)
        seconds = time.perf_counter() - start
        told = {"seconds": found.seconds or seconds, "hits": found.hits, "mark": mark(found.lines), "note": found.note}
        most = found.peak or peak("self")
        print(json.dumps({**told, "peak": most, "grown": most - before}), flush=True)


def mark(lines: Iterable[bytes]) -> str:
    """What is the same for the same lines in any order; nothing for none."""
    kept = sorted(line.strip() for line in lines)
    return hashlib.sha256(b"\n".join(kept)).hexdigest()[:12] if kept else ""


def memory(process: object) -> int:
    """Bytes that are resident; from now on `peak` counts anew."""
    Path(f"/proc/{process}/clear_refs").write_text("5")
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE


def peak(process: object) -> int:
    """The most bytes that were resident since then."""
    text = Path(f"/proc/{process}/status").read_text()
    return int(text.partition("VmHWM:")[2].split()[0]) * 1024
