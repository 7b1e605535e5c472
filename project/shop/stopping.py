"""Being asked to stop: SIGINT and SIGTERM as something to wait for."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """A request to stop, made once and for all.

    A pipe, not a `threading.Event`: a signal handler that sets an event can meet its own thread holding the
    event's lock.
    """

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()

    def ask(self, *_: object) -> None:
        """Ask for it; also the signal handler."""
        os.write(self._writer, b".")

    def wait(self, seconds: float) -> bool:
        """Wait this long; whether it was asked for."""
        return bool(select.select([self._reader], [], [], seconds)[0])

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self._reader)
        os.close(self._writer)


@contextmanager
def asked_by_signal() -> Iterator[Stop]:
    """While the block runs, SIGINT and SIGTERM ask the `Stop` that it is given."""
    stop = Stop()
    before = {number: signal.signal(number, stop.ask) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        stop.close()
