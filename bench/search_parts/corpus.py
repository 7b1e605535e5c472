"""A store of a given size, the same each time: 30 segments, seven days with their nights, known hits.

It is made once, by two processes, and kept; readers get a directory of hard links, so that an index which is
written beside the segments goes with it.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import random
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

from bench.search_parts.lines import PLANTED, Lines
from bench.search_parts.queries import FIRST, MINUTES, SINCE
from logconsole.stores.segments import path_of

VERSION = 2
SEGMENTS = 30
LINE_BYTES = 386
HITS = {"rare": 11, "escaped": 4, "regex": 8, "regex_plain": 7}
CRITICAL_PER_MB = 0.5
FROM = SINCE.removesuffix("Z").encode()


class Corpus:
    """Where it lies, and what is in it."""

    def __init__(self, cache: Path, megabytes: int) -> None:
        self.cache, self.megabytes = cache, megabytes
        self.directory = cache / f"corpus-{megabytes}-v{VERSION}"
        if not self.directory.exists():
            make(self.directory, megabytes)
        self.truth: dict[str, int] = json.loads((self.directory / "truth.json").read_text())

    @contextmanager
    def store(self) -> Iterator[Path]:
        """A directory of its own with these segments and nothing else."""
        with tempfile.TemporaryDirectory(dir=self.cache, prefix="store-") as name:
            for path in self.directory.glob("*.jsonl"):
                os.link(path, Path(name) / path.name)
            yield Path(name)

    def read(self) -> None:
        """Have it all in the page cache."""
        for path in self.directory.glob("*.jsonl"):
            with path.open("rb") as file:
                while file.read(1 << 20):
                    pass


def make(directory: Path, megabytes: int) -> None:
    """Write it beside its place, and move it there when it is whole."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=directory.parent, prefix="making-"))
    try:
        with multiprocessing.get_context("spawn").Pool(2) as pool:
            counts = pool.starmap(segment, [(made, megabytes, number) for number in range(SEGMENTS)], chunksize=1)
        base = 0
        for number in range(SEGMENTS):
            part = made / f"part-{number}"
            size = part.stat().st_size
            part.rename(path_of(str(made), base))
            base += size
        truth = {name: sum(count[name] for count in counts) for name in counts[0]} | {"bytes": base}
        (made / "truth.json").write_text(json.dumps(truth))
        made.rename(directory)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def segment(directory: Path, megabytes: int, number: int) -> dict[str, int]:
    """Write one segment; what is in it."""
    total = megabytes * 1_000_000 // LINE_BYTES
    ends = minute_ends(total)
    first, last = (bisect_left(ends, total * part / SEGMENTS) for part in (number, number + 1))
    last = MINUTES if number == SEGMENTS - 1 else last
    planted, lines, since = special(total, megabytes), Lines(f"segment {number}"), [0, 0]
    with (directory / f"part-{number}").open("wb", buffering=1 << 20) as file:
        for minute in range(first, last):
            begin = ends[minute - 1] if minute else 0
            here = {place: planted[begin + place] for place in range(ends[minute] - begin) if begin + place in planted}
            moment = (FIRST + timedelta(minutes=minute)).isoformat()[:17]
            for line in lines.minute(moment, ends[minute] - begin, here):
                file.write(line + b"\n")
                if line[7:34] >= FROM:
                    since[0] += 1
                    since[1] += len(line) + 1
    return {**lines.made, "since": since[0], "since_bytes": since[1]}


def minute_ends(total: int) -> list[int]:
    """How many lines stand before the end of each minute: few by night, many by day."""
    weights = [1 - 0.5 * math.cos(2 * math.pi * minute / 1440) for minute in range(MINUTES)]
    whole = sum(weights)
    return [round(total * part / whole) for part in accumulate(weights)]


def special(total: int, megabytes: int) -> dict[int, str]:
    """Which lines are to be found by a search for what is rare."""
    wanted = [name for name in PLANTED for _ in range(HITS[name])]
    wanted += ["critical"] * round(megabytes * CRITICAL_PER_MB)
    return dict(zip(random.Random("planted").sample(range(total), len(wanted)), wanted, strict=True))
