"""Many processes that write one directory at once, what is done to them meanwhile, and what is left of it.

Tests and `bench/faults.py` run this at different sizes.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

from logconsole.stores.file import FileStore
from tests.stores.hammering import ACKNOWLEDGED, HELD, LONGEST, TIMED, TOTAL, Board
from tests.stores.plans import Outcome, Plan
from tests.stores.witnesses import ALL, key_of, sizes

ROOT = Path(__file__).parents[2]


class Hammer:
    """The writers of a plan, while they run."""

    def __init__(self, directory: Path, plan: Plan) -> None:
        self.directory, self.plan = directory / "logs", plan
        self.kills = self.stops = 0
        lives = plan.processes + plan.kills
        board = directory / "board"
        board.write_bytes(bytes(Board.size(lives, plan.threads)))
        self._board = Board(str(board), plan.threads)
        self._stderr = directory / "stderr"
        self._chance = random.Random(plan.seed)
        self._running: dict[int, int] = {}  # life -> process
        self._counts: list[int] = []  # entries that each life is to write
        self._lives = 0
        self._stopped: tuple[int, int, float] | None = None  # life, what is acknowledged then, when it may go on
        moments = range(plan.entries * 2 // 3)
        self._kills_at = sorted(self._chance.sample(moments, plan.kills))
        self._stops_at = sorted(self._chance.sample(moments, plan.stops))

    def __enter__(self) -> Hammer:
        command = [sys.executable, "-m", "tests.stores.hammering", str(self.directory)]
        told = [str(self._stderr.with_name("board")), json.dumps(asdict(self.plan))]
        with self._stderr.open("wb") as stderr:
            self._mother = subprocess.Popen(
                [*command, *told],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                start_new_session=True,
            )
        for _ in range(self.plan.processes):
            self._bear(self.plan.count)
        return self

    def __exit__(self, *_: object) -> None:
        if self._mother.poll() is None:
            os.killpg(self._mother.pid, signal.SIGKILL)
        self._mother.communicate()

    def run(self, step: Callable[[], bool]) -> None:
        """Until all is written: the step, again and again, and what the plan does to the writers.

        The step tells whether it had something to do; if not, it is not called again at once.
        """
        assert self._mother.stdout is not None
        while self._running:
            if not step():
                select.select([self._mother.stdout], [], [], 0.002)
            self._disturb()
            stopped = self._stopped and self._stopped[0]  # it may have been done when it was stopped
            for life in [life for life in self._running if self._is_done(life) and life != stopped]:
                del self._running[life]
        self._mother.communicate()
        while step():
            pass

    def outcome(self) -> Outcome:
        """What is on disk now, against what was acknowledged."""
        store = FileStore(self.directory)
        keys = [key_of(made) for made in store.scan(ALL)]
        threads = [(life, thread) for life in range(self._lives) for thread in range(self.plan.threads)]
        acknowledged = {pair: self._cell(*pair, ACKNOWLEDGED) for pair in threads}
        times = Counter(keys)
        numbers: dict[tuple[int, int], list[int]] = {pair: [] for pair in threads}
        for life, thread, number in keys:
            numbers[life, thread].append(number)
        timed = sum(self._cell(*pair, TIMED) for pair in threads)
        return Outcome(
            entries=sum(acknowledged.values()),
            kills=self.kills,
            stops=self.stops,
            segments=len(sizes(self.directory)),
            lost=sum((*pair, number) not in times for pair in threads for number in range(acknowledged[pair])),
            duplicated=sum(times.values()) - len(times),
            torn=store.unreadable,
            disordered=sum(a > b for found in numbers.values() for a, b in pairwise(found)),
            longest_ms=max(self._cell(*pair, LONGEST) for pair in threads) / 1e6,
            held_ms=max(self._cell(*pair, HELD) for pair in threads) / 1e6,
            mean_us=sum(self._cell(*pair, TOTAL) for pair in threads) / max(timed, 1) / 1e3,
            keys=keys,
            stderr=self._stderr.read_text(),
            failed=self._mother.returncode,
        )

    def acknowledged(self, life: int | None = None) -> int:
        """Logging calls that returned, of one life or of all."""
        lives = range(self._lives) if life is None else [life]
        return sum(self._cell(one, thread, ACKNOWLEDGED) for one in lives for thread in range(self.plan.threads))

    def _bear(self, count: int) -> None:
        assert self._mother.stdin is not None and self._mother.stdout is not None
        self._mother.stdin.write(f"{self._lives} {count}\n")
        self._mother.stdin.flush()
        self._running[self._lives] = int(self._mother.stdout.readline())
        self._counts.append(count)
        self._lives += 1

    def _disturb(self) -> None:
        done = self.acknowledged()
        if self._stopped:
            life, before, until = self._stopped
            others = len([one for one in self._running if one != life and not self._is_done(one)])
            if (done >= before + 50 or not others) and time.monotonic() >= until:
                self._go_on(life)
        elif self._stops_at and done >= self._stops_at[0]:
            self._stops_at.pop(0)
            self._stop(self._any())
        if self._kills_at and done >= self._kills_at[0]:
            self._kills_at.pop(0)
            self._kill(self._any())

    def _stop(self, life: int) -> None:
        self._board.cells[self._board.pauses(life)] += 1
        os.kill(self._running[life], signal.SIGSTOP)
        self._stopped = life, self.acknowledged(), time.monotonic() + self.plan.stop_seconds
        self.stops += 1

    def _go_on(self, life: int) -> None:
        os.kill(self._running[life], signal.SIGCONT)
        self._board.cells[self._board.pauses(life)] += 1
        self._stopped = None

    def _kill(self, life: int) -> None:
        if self._stopped and self._stopped[0] == life:
            self._stopped = None
        os.kill(self._running.pop(life), signal.SIGKILL)
        self.kills += 1
        done = [self._cell(life, thread, ACKNOWLEDGED) for thread in range(self.plan.threads)]
        self._bear(max(self._counts[life] - min(done), 1))

    def _any(self) -> int:
        return self._chance.choice(list(self._running))

    def _is_done(self, life: int) -> bool:
        return bool(self._board.cells[self._board.pauses(life) + 1])

    def _cell(self, life: int, thread: int, which: int) -> int:
        return self._board.cells[self._board.thread(life, thread) + which]
