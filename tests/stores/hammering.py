"""The writers of the hammer: `python -m tests.stores.hammering DIRECTORY BOARD PLAN`.

One process that logs nothing itself makes a writer for each line on stdin, `LIFE COUNT`, and tells its id. A writer
keeps on the board, which outlives it, what each of its threads has acknowledged: the logging calls that returned.
"""

from __future__ import annotations

import json
import logging
import mmap
import os
import random
import sys
import threading
import time
from typing import Any, NamedTuple

from tests.writer_process import configure

ACKNOWLEDGED, LONGEST, TOTAL, TIMED, HELD, CELLS = range(6)
"""Of each thread: calls that returned; the longest in nanoseconds; all timed ones together; their number; and of paced
ones the longest, without the time for which the scheduler let it wait for a processor."""


class Board:
    """Numbers that all processes see; of each life first its pauses, then the cells of its threads."""

    def __init__(self, path: str, threads: int) -> None:
        with open(path, "r+b") as file:
            self.cells = memoryview(mmap.mmap(file.fileno(), 0)).cast("Q")
        self.threads = threads

    @staticmethod
    def size(lives: int, threads: int) -> int:
        """The bytes that it takes."""
        return 8 * lives * (2 + CELLS * threads)

    def pauses(self, life: int) -> int:
        """The cell that counts up when the life is about to be stopped, and when it goes on; the next: it is done."""
        return life * (2 + CELLS * self.threads)

    def thread(self, life: int, thread: int) -> int:
        """The first cell of the thread."""
        return self.pauses(life) + 2 + CELLS * thread


class Life(NamedTuple):
    """One writer."""

    number: int
    count: int


def write(board: Board, life: Life, thread: int, longest: int, pace_seconds: float) -> None:
    """Log numbered entries, and count them on the board."""
    log, cells, clock = logging.getLogger("hammer"), board.cells, time.perf_counter_ns
    mine, pauses = board.thread(life.number, thread), board.pauses(life.number)
    chance = random.Random(f"{life.number} {thread}")
    for number in range(life.count):
        text = "x" * chance.randrange(longest) if longest else ""
        queued = queued_ns() if pace_seconds else 0
        paused, began = cells[pauses], clock()
        log.info("entry %d%s", number, text, extra={"life": life.number, "worker": thread, "number": number})
        took = clock() - began
        held = took - queued_ns() + queued if pace_seconds else 0
        cells[mine + ACKNOWLEDGED] = number + 1
        if paused % 2 == 0 and cells[pauses] == paused:  # else it was stopped meanwhile itself
            cells[mine + LONGEST] = max(took, cells[mine + LONGEST])
            cells[mine + TOTAL] += took
            cells[mine + TIMED] += 1
            cells[mine + HELD] = max(held, cells[mine + HELD])
        if pace_seconds:
            time.sleep(pace_seconds * 2 * chance.random())  # load, as a site makes it; nothing is waited for


def queued_ns() -> int:
    """For how long this thread was ready to run, and had no processor, as Linux counts it."""
    with open("/proc/thread-self/schedstat", "rb") as file:
        return int(file.read().split()[1])


def live(board: Board, life: Life, plan: dict[str, Any]) -> None:
    """Be the writer."""
    given = (board, life), (plan["longest"], plan["pace_seconds"])
    threads = [threading.Thread(target=write, args=(*given[0], n, *given[1])) for n in range(plan["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    board.cells[board.pauses(life.number) + 1] = 1


def main(directory: str, path: str, told: str) -> int:
    """Make writers until stdin ends; how many of them failed."""
    plan = json.loads(told)
    board = Board(path, plan["threads"])
    configure(directory, "hammer", **plan["options"])
    made = []
    for line in sys.stdin:
        life = Life(*map(int, line.split()))
        made.append(os.fork())
        if not made[-1]:
            live(board, life, plan)
            return 0
        print(made[-1], flush=True)  # noqa: T201  # the answer
    return sum(os.waitpid(process, 0)[1] not in (0, 9) for process in made)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
