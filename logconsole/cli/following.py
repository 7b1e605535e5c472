"""Waiting for entries in an event loop, until a signal comes or nobody reads on."""

from __future__ import annotations

import asyncio
import os
import select
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from logconsole.cli.command import Command
from logconsole.cli.groups import Groups
from logconsole.cli.output import Output
from logconsole.cli.stopping import Stopped
from logconsole.query import Query
from logconsole.stores.base import Batch, Store

MISSED = "Entries are missing here: the store's retention dropped them before they were read."


class Following:
    """Writes what comes."""

    def __init__(self, command: Command, output: Output) -> None:
        self.command, self.output = command, output

    def plain(self, store: Store, query: Query, after: str) -> None:
        """The matches alone."""
        self._run(store, query, after, lambda batch: self.command.look.entries(batch.entries))

    def groups(self, store: Store, groups: Groups, after: str) -> None:
        """The matches with what is around them."""

        def shown(batch: Batch) -> bytes:
            if batch.missed:
                groups.skip()
            return self.command.look.shown(groups.feed(batch.entries))

        self._run(store, Query(), after, shown)

    def _run(self, store: Store, query: Query, after: str, shown: Callable[[Batch], bytes]) -> None:
        with self.command.signals.reacting(_later), suppress(asyncio.CancelledError):
            asyncio.run(self._follow(store, query, after, shown))

    async def _follow(self, store: Store, query: Query, after: str, shown: Callable[[Batch], bytes]) -> None:
        console, signals = self.command.console, self.command.signals
        with signals.reacting(_cancelling()), cancelled_when_closed(console.out), suppress(Stopped):
            async for batch in store.follow(query, after):
                with signals.reacting(signals.stop):  # a write may wait for a reader that is busy
                    if batch.missed:
                        console.say(MISSED)
                    if data := shown(batch):
                        self.output.write(data)


@contextmanager
def cancelled_when_closed(stream: Any) -> Iterator[None]:
    """Cancels the current task when the pipe's reader goes away, though there is nothing to write."""
    loop, task, pipe = asyncio.get_running_loop(), asyncio.current_task(), _pipe(stream)
    if pipe is None or task is None:
        yield
        return

    def look() -> None:
        loop.remove_reader(pipe)
        if _is_closed(pipe):
            task.cancel()

    loop.add_reader(pipe, look)
    try:
        yield
    finally:
        loop.remove_reader(pipe)


def _pipe(stream: Any) -> int | None:
    """The descriptor of a stream that is a pipe and can be watched."""
    try:
        file: int = stream.fileno()
        return file if stat.S_ISFIFO(os.fstat(file).st_mode) and hasattr(select, "poll") else None
    except (AttributeError, OSError, ValueError):
        return None


def _is_closed(pipe: int) -> bool:
    poll = select.poll()
    poll.register(pipe, 0)  # errors are told unasked
    return bool(poll.poll(0))


def _later() -> None:
    """An event loop that is being made or closed must not be interrupted: see `Signals.reacting`."""


def _cancelling() -> Callable[[], None]:
    """What ends the current task, from a signal as from anywhere."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def cancel() -> None:
        if task:
            loop.call_soon_threadsafe(task.cancel)

    return cancel
