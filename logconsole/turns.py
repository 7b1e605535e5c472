"""How much of one user runs at once in this process: a search keeps a processor busy, and others want it too."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class TooMany(Exception):
    """The user has to wait; the text is for them."""


class Turns:
    """So many at once for each user."""

    def __init__(self, most: int, what: str) -> None:
        self.most, self._what = most, what
        self._renew()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew)  # what runs, runs in the parent

    def take(self, user: Any) -> Turn:
        """A turn, until it is given back. Raises `TooMany`."""
        with self._lock:
            if self._running[user.pk] >= self.most:
                raise TooMany(f"{self.most} {self._what} of yours are running already; try again when one has ended.")
            self._running[user.pk] += 1
            return Turn(self, user.pk, self._running)

    @contextmanager
    def taken(self, user: Any) -> Iterator[None]:
        """A turn for as long as the block takes. Raises `TooMany`."""
        turn = self.take(user)
        try:
            yield
        finally:
            turn.give_back()

    async def wait(self, user: Any) -> Turn:
        """A turn, as soon as it is this one's; who waits is served in order, and before who would rather be refused."""
        with self._lock:
            if self._running[user.pk] < self.most:
                return self.take(user)
            waiting = _Waiting()
            self._waiting[user.pk].append(waiting)
        try:
            return await waiting.turn()
        except BaseException:
            self._leave(user.pk, waiting)
            raise

    def end(self, pk: Any, running: Counter[Any]) -> None:
        """One of that user has ended."""
        with self._lock:
            running[pk] -= 1
            queue = self._waiting.get(pk) if running is self._running else None
            while queue and running[pk] < self.most:
                waiting = queue.popleft()
                running[pk] += 1
                waiting.give(Turn(self, pk, running))
            self._tidy(pk, running)

    def _leave(self, pk: Any, waiting: _Waiting) -> None:
        """The task waits no more; what it was given meanwhile, it gives back."""
        with self._lock:
            if waiting in self._waiting[pk]:
                self._waiting[pk].remove(waiting)
            self._tidy(pk, self._running)
        if waiting.given is not None:
            waiting.given.give_back()

    def _tidy(self, pk: Any, running: Counter[Any]) -> None:
        if not running[pk]:
            del running[pk]
        if not self._waiting.get(pk):
            self._waiting.pop(pk, None)

    def _renew(self) -> None:
        self._lock = threading.RLock()  # given back by the garbage collector, at any moment
        self._running: Counter[Any] = Counter()
        self._waiting: defaultdict[Any, deque[_Waiting]] = defaultdict(deque)


class _Waiting:
    """A task of an event loop that waits for its turn."""

    def __init__(self) -> None:
        self._loop, self._is_there = asyncio.get_running_loop(), asyncio.Event()
        self.given: Turn | None = None

    def give(self, turn: Turn) -> None:
        """Its turn has come; from any thread."""
        self.given = turn
        with contextlib.suppress(RuntimeError):  # the loop was closed
            self._loop.call_soon_threadsafe(self._is_there.set)

    async def turn(self) -> Turn:
        """What it was given, at last."""
        while self.given is None:
            await self._is_there.wait()
        return self.given


class Turn:
    """One that was taken; given back once, at the latest when nobody has it any more."""

    def __init__(self, turns: Turns, pk: Any, running: Counter[Any]) -> None:
        self._turns, self._pk, self._running = turns, pk, running
        self._is_over = False

    def __del__(self) -> None:
        self.give_back()

    def give_back(self) -> None:
        """It is over."""
        if not self._is_over:
            self._is_over = True
            self._turns.end(self._pk, self._running)


searches = Turns(8, "searches")
downloads = Turns(2, "downloads")
