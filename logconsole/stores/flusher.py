"""Lines on their way over a network: handed over by logging calls, sent by one thread of the process."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from logconsole.context import delivering

MAX_LINES = 50_000  # held in memory at most
MAX_BYTES = 32_000_000
BATCH_LINES = 500
BATCH_BYTES = 524_288
PACE_SECONDS = 0.01  # between the beginnings of two batches that are not full
RETRY_LEAST = 0.1  # seconds until the next try after an error; doubled each time
RETRY_MOST = 1.0
CLOSE_SECONDS = 2.0  # how long the end of the process waits
NOTICE_SECONDS = 60.0  # at most one line on stderr in this time
TOO_MANY = "more was logged than could be sent"
FORGOTTEN = "they were taken, and then forgotten"

Send = Callable[[Sequence[bytes]], int]
"""Sends the lines, or raises; how many of those sent earlier are known to be gone. The same lines again are one."""
Told = Callable[[int, float, str], bytes]
"""The line that says how many are lost, since when, and why."""

Look = Callable[[], float]
"""What else the thread does now and then; in how many seconds it has to be asked again."""


class Flusher:
    """The lines that one process has still to send. A logging call only puts them here, whatever the network does."""

    def __init__(self, send: Send, told: Told, target: str, look: Look) -> None:
        self._send, self._told, self._target, self._look = send, told, target, look
        self.restart()

    def restart(self) -> None:
        """In a forked child: what is held is the parent's to send, and so is the thread."""
        self.lost = 0
        """Lines that were given up, since the process began."""
        self._lock = threading.RLock()  # a signal handler that logs may interrupt whoever holds it
        self._sent = threading.Condition(self._lock)
        self._bell = threading.Lock()  # rung by releasing it: that may be done inside any signal handler
        self._bell.acquire()
        self._lines: deque[bytes] = deque()
        self._batch: list[bytes] = []
        """On its way; it may have arrived, so it is sent again as it is."""
        self._bytes = self._dropped = 0
        self._has_told = self._is_waiting = False
        self._thread: threading.Thread | None = None
        self._ends_at: float | None = None
        self._failed_at = self._notice_at = self._pause = self._since = 0.0
        self._failure = self._why = ""

    def put(self, line: bytes) -> None:
        """Hold the line until it is sent; when too many are held, the oldest are lost and counted."""
        with self._lock:
            self._lines.append(line)
            self._bytes += len(line)
            if self._bytes > MAX_BYTES or len(self._lines) > MAX_LINES:
                self._drop_oldest()
        if self._is_waiting:
            self._ring()
        elif self._thread is None:
            self.begin()

    def begin(self) -> None:
        """Have the thread run, if it does not."""
        with self._lock:
            if self._thread is not None:
                return
            self._thread = threading.Thread(target=self._run, name="logconsole flusher", daemon=True)
        _close_with_child(self)
        try:
            self._thread.start()
        except RuntimeError as error:  # no more threads, or the interpreter ends: the next line tries again
            self._thread = None
            if self._has_work:
                self._failed(error)

    def flush(self, seconds: float) -> bool:
        """Whether all that was handed over has been sent, or lost and told, within that time."""
        if self._has_work:
            self.begin()
        with self._sent:
            return self._sent.wait_for(lambda: not self._has_work, seconds)

    def close(self) -> None:
        """Send what is held, for a bounded time, and end the thread; it begins again with the next line."""
        thread, self._ends_at = self._thread, time.monotonic() + CLOSE_SECONDS
        if thread is not None:
            self._ring()
            thread.join(CLOSE_SECONDS)
        elif self._has_work:
            self._run()
        self._thread = thread if thread is not None and thread.is_alive() else None  # it waits for an answer
        self._ends_at = None

    def give_up(self) -> None:
        """At the end of the process: send what can be sent, count the rest, and say so on stderr."""
        self.close()
        with self._lock:
            count = self._held
            self.lost += count
            self._lines.clear()
            self._batch, self._bytes = [], 0
        if count:
            self._notice_at = 0.0
            self._notice()

    @property
    def trouble(self) -> str:
        """What keeps lines from being sent, for people; nothing when all is well."""
        if not self._failed_at:
            return ""
        since = time.strftime("%H:%M", time.localtime(self._failed_at))
        count = self._dropped + self._held
        return f"{count:,} entries could not be sent to {self._target} since {since}: {self._failure}"

    @property
    def _held(self) -> int:
        return len(self._batch) - self._has_told + len(self._lines)

    @property
    def _has_work(self) -> bool:
        return bool(self._lines or self._batch or self._dropped)

    def _ring(self) -> None:
        with contextlib.suppress(RuntimeError):  # it has been rung already
            self._bell.release()

    def _run(self) -> None:
        """Send, as long as the process lives; nothing that is logged on the way enters a store."""
        token = delivering.set(True)
        try:
            while not self._is_over():
                seconds = self._look() if self._ends_at is None else 0.0
                if self._pause:
                    self._rest(self._pause)
                elif not self._has_work:
                    self._wait(seconds)
                self._step()
        finally:
            delivering.reset(token)
            if threading.current_thread() is self._thread:
                self._thread = None  # whyever it ended, the next line begins another

    def _is_over(self) -> bool:
        ends_at = self._ends_at
        return ends_at is not None and (not self._has_work or time.monotonic() >= ends_at)

    def _wait(self, seconds: float) -> None:
        """Until there is something to do, or that time has passed."""
        self._is_waiting = True
        if not self._has_work and self._ends_at is None:
            self._bell.acquire(timeout=seconds)
        self._is_waiting = False

    def _rest(self, seconds: float) -> None:
        """A pause that only the end of the process shortens."""
        ends = time.monotonic() + seconds
        while self._ends_at is None and (left := ends - time.monotonic()) > 0:
            self._bell.acquire(timeout=left)
        if self._ends_at is not None:
            time.sleep(0.01)

    def _step(self) -> None:
        began = time.monotonic()
        if not self._batch and self._has_work:
            self._take()
        if not self._batch:
            return
        try:
            gone = self._send(self._batch)
        except Exception as error:  # of any kind: it is tried again
            self._failed(error)
            return
        self._arrived(gone)
        if len(self._lines) < BATCH_LINES and self._ends_at is None:
            time.sleep(max(0.0, began + PACE_SECONDS - time.monotonic()))

    def _take(self) -> None:
        """The next batch: first the line that says how many are missing before it."""
        with self._lock:
            batch, size = [], 0
            self._has_told = self._dropped > 0
            if self._has_told:
                batch.append(self._told(self._dropped, self._since, self._why))
                self._dropped = 0
            while self._lines and len(batch) < BATCH_LINES and size < BATCH_BYTES:
                line = self._lines.popleft()
                self._bytes -= len(line)
                size += len(line)
                batch.append(line)
            self._batch = batch

    def _arrived(self, gone: int) -> None:
        with self._sent:
            self._batch, self._has_told, self._pause = [], False, 0.0
            self._failed_at, self._failure = 0.0, ""
            if gone:
                self._count(gone, FORGOTTEN)
            self._sent.notify_all()

    def _failed(self, error: Exception) -> None:
        self._pause = min(max(2 * self._pause, RETRY_LEAST), RETRY_MOST)
        self._failed_at = self._failed_at or time.time()
        self._failure = str(error) or type(error).__name__
        self._notice()

    def _drop_oldest(self) -> None:
        while self._lines and (self._bytes > MAX_BYTES or len(self._lines) > MAX_LINES):
            self._bytes -= len(self._lines.popleft())
            self._count(1, self._failure or TOO_MANY)

    def _count(self, lost: int, why: str) -> None:
        if not self._dropped:
            self._since, self._why = self._failed_at or time.time(), why
        self.lost += lost
        self._dropped += lost

    def _notice(self) -> None:
        if time.monotonic() < self._notice_at or sys.__stderr__ is None:
            return
        self._notice_at = time.monotonic() + NOTICE_SECONDS
        with contextlib.suppress(Exception):
            sys.__stderr__.write(
                f"logconsole: {self._target} does not take entries: {self._failure};"
                f" {self._held:,} are held in memory, {self.lost:,} are lost\n"
            )


def _close_with_child(flusher: Flusher) -> None:
    """A child of `multiprocessing` ends without `atexit`, but not without its own."""
    util = sys.modules.get("multiprocessing.util")
    if util is not None:
        util.Finalize(None, flusher.give_up, exitpriority=0)
