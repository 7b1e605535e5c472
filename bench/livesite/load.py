"""Whoever logs: threads that log stamped, numbered entries at a rate, and what that cost them.

    python bench/livesite/load.py jsonl|redis|plain PATH|URL WRITER RATE SECONDS THREADS

It imports nothing but Python's own library, so that the peers' sites can run it too. As a script it is another
writing process: it says `ready`, begins when it reads a line, and prints what it made as JSON.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

BURST_SECONDS = 0.001  # nobody sleeps for less than that


class Load:
    """Threads that share a rate; each of them is a writer with numbers of its own."""

    def __init__(self, rate: int, seconds: float, threads: int, writer: int = 0, *, is_text: bool = False) -> None:
        self.rate, self.seconds, self.threads, self.writer = rate, seconds, threads, writer
        self.is_text = is_text
        """Whether the stamp stands in the message, for who keeps nothing else."""
        self.took: list[list[int]] = [[] for _ in range(threads)]
        self.elapsed = [0.0] * threads
        self.running = [threading.Thread(target=self._run, args=(number,)) for number in range(threads)]

    def start(self) -> Load:
        """Begin."""
        for thread in self.running:
            thread.start()
        return self

    def made(self) -> dict[str, object]:
        """Once it is over: how many of each writer, and nanoseconds of all calls."""
        for thread in self.running:
            thread.join()
        numbers = {self.writer + number: len(took) for number, took in enumerate(self.took)}
        return {"writers": numbers, "seconds": max(self.elapsed), "took": sorted(chain(*self.took))}

    def _run(self, thread: int) -> None:
        took, log, clock, writer = self.took[thread], self._log(), time.perf_counter_ns, self.writer + thread
        began = time.monotonic()
        most = round(self.rate * self.seconds / self.threads) if self.rate else sys.maxsize
        pause = self.threads / self.rate if self.rate else 0.0
        burst = max(round(BURST_SECONDS / pause), 1) if pause else sys.maxsize
        for number in range(most):
            if number % burst == 0 or number % 64 == 0:
                now = time.monotonic() - began
                if now >= self.seconds:
                    break
                if number % burst == 0 and number * pause > now:
                    time.sleep(number * pause - now)
            start = clock()
            log(writer, number)
            took.append(clock() - start)
        self.elapsed[thread] = max(time.monotonic() - began, self.seconds)

    def _log(self):
        info, clock = logging.getLogger("shop.orders").info, time.monotonic_ns

        def text(writer: int, number: int) -> None:
            info("order %d placed by %s @%d:%d:%d@", number, "ada", writer, number, clock())

        def extra(writer: int, number: int) -> None:
            stamped = {"writer": writer, "number": number, "stamp": clock()}
            info("order %d placed by %s", number, "ada", extra=stamped)

        return text if self.is_text else extra


def configure(kind: str, path: str) -> None:
    """The root of another process: ours on files or on Redis, or a plain file as every peer reads it."""
    if kind == "plain":
        logging.basicConfig(filename=path, level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        return
    from django.conf import settings

    file = {"BACKEND": "logconsole.stores.file.FileStore", "OPTIONS": {"directory": path}}
    redis = {"BACKEND": "logconsole.stores.redis.RedisStore", "OPTIONS": {"url": path}}
    store = {"redis": redis} if kind == "redis" else {"file": file}
    settings.configure(LOGCONSOLE={"SERVICE": "worker", "STORES": store})
    from logconsole.conf import get_store
    from logconsole.handlers import StoreHandler

    get_store()  # what is imported for it is no cost of a call
    logging.basicConfig(handlers=[StoreHandler()], level="INFO")


def main(kind: str, path: str, writer: str, rate: str, seconds: str, threads: str) -> None:
    """Log when told to."""
    configure(kind, path)
    load = Load(int(rate), float(seconds), int(threads), int(writer), is_text=kind == "plain")
    print("ready", flush=True)
    sys.stdin.readline()
    began, spent = time.monotonic(), time.process_time()
    made = load.start().made()
    if kind == "redis":
        from logconsole.conf import get_store

        get_store().flush(60)
    made.update(flushed=time.monotonic() - began, cpu=time.process_time() - spent)
    print(json.dumps(made), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
