"""How much of one user runs at once in this process: a search keeps a processor busy, and others want it too."""

from __future__ import annotations

import os
import threading
from collections import Counter
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

    def end(self, pk: Any, running: Counter[Any]) -> None:
        """One of that user has ended."""
        with self._lock:
            running[pk] -= 1
            if not running[pk]:
                del running[pk]

    def _renew(self) -> None:
        self._lock = threading.RLock()  # given back by the garbage collector, at any moment
        self._running: Counter[Any] = Counter()


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
