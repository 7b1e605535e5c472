"""What was changed for a while, for all hosts: a key in Redis, looked at every second by the thread that sends."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from redis import RedisError

from logconsole.stores.base import Unreachable
from logconsole.stores.board import Board
from logconsole.stores.redislink import Link

LOOK_SECONDS = 1.0


class RedisBoard(Board):
    """`read` is what the thread saw last."""

    def __init__(self, link: Callable[[], Link], begin: Callable[[], None]) -> None:
        self._link, self._begin = link, begin
        self._text = b""
        self._look_at = 0.0
        self._calls: list[Callable[[], None]] = []

    def read(self) -> bytes:
        return self._text

    def fetch(self) -> bytes:
        try:
            self._text = self._link().board()
        except RedisError as error:
            raise Unreachable(f"Redis cannot be read: {error}") from error
        return self._text

    def write(self, text: bytes, seconds: float) -> None:
        try:
            self._link().write_board(text, seconds)
        except RedisError as error:
            raise Unreachable(f"Redis cannot be written: {error}") from error
        self._text = text

    def watch(self, call: Callable[[], None]) -> None:
        self._begin()  # a process may log to other stores only
        if call not in self._calls:
            self._calls.append(call)

    def look(self) -> float:
        """Look, if a second has passed, as the store's thread does; in how many seconds to come back."""
        left = self._look_at - time.monotonic()
        if left > 0:
            return left
        with contextlib.suppress(Exception):  # of any kind: it is looked at again
            self.fetch()
        for call in self._calls:
            with contextlib.suppress(Exception):  # of any kind: the thread has entries to send
                call()
        self._look_at = time.monotonic() + LOOK_SECONDS
        return LOOK_SECONDS
