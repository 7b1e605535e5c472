"""Ending a command by a signal: at once, but not in the middle of what would then complain."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(KeyboardInterrupt):
    """Ctrl-C was pressed, the process was asked to end, or its terminal was closed."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class Signals:
    """While entered, a signal that ends a process raises `Stopped`, or does what is asked for instead.

    A signal that the process ignores, as under `nohup`, stays ignored. The inner of two has it first.
    """

    def __init__(self) -> None:
        self._came = 0
        self._react: Callable[[], None] = self.stop
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Signals:
        if threading.current_thread() is threading.main_thread():  # Python allows it nowhere else
            for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
                handler = signal.getsignal(number)
                if handler in (signal.SIG_DFL, signal.default_int_handler) or _is_ours(handler):
                    self._before[number] = signal.signal(number, self._receive)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def stop(self) -> None:
        """Raise `Stopped`."""
        raise Stopped(self._came)

    @contextmanager
    def reacting(self, react: Callable[[], None]) -> Iterator[None]:
        """In the block a signal calls `react`; one that came before the block does so at its start."""
        before, self._react = self._react, react
        try:
            if self._came:
                react()
            yield
        finally:
            self._react = before

    def _receive(self, number: int, frame: FrameType | None) -> None:
        self._came = number
        self._react()


def _is_ours(handler: object) -> bool:
    return isinstance(getattr(handler, "__self__", None), Signals)
