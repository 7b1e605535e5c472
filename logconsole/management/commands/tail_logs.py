"""`manage.py tail_logs`: the last entries, and those that follow."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.management.base import CommandError, CommandParser

from logconsole.entry import Entry
from logconsole.formats import FORMATS, as_visible_jsonl
from logconsole.management import colours
from logconsole.management.output import Output, cancelled_when_closed
from logconsole.management.reading import ReadingCommand
from logconsole.management.stopping import Stopped
from logconsole.query import Query
from logconsole.stores.base import Store

PAGE = 1_000  # entries held at once while going backward; of the others only what will be shown
MISSED = "Entries are missing here: the store's retention dropped them before they were read."


class Command(ReadingCommand):
    """Shows the last matching entries, then every new one, across rotations, until Ctrl-C."""

    help = "Shows the last log entries, then follows what is logged by any process, until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "-n", type=int, default=50, metavar="COUNT", help="how many entries to begin with (default: 50)"
        )
        parser.add_argument("--no-follow", action="store_true", help="do not wait for more")
        super().add_arguments(parser)
        parser.add_argument(
            "--format", choices=("text", "jsonl"), default="text", help="text, or the entries as they are kept"
        )

    def read(self, store: Store, query: Query, options: dict[str, Any]) -> None:
        if options["n"] < 0:
            raise CommandError("-n: a number of entries, 0 or more.")
        output, line = Output(self.stdout), self._line(options)
        lines, after = newest(store, query, options["n"], line)
        output.write("".join(lines))
        if not options["no_follow"]:
            with self.signals.reacting(_later), suppress(asyncio.CancelledError):
                asyncio.run(self._follow(store, query, after, line, output))

    def stopped(self, stop: Stopped) -> None:
        return  # it is how one leaves

    async def _follow(
        self, store: Store, query: Query, after: str, line: Callable[[Entry], str], output: Output
    ) -> None:
        with self.signals.reacting(_cancelling()), cancelled_when_closed(self.stdout), suppress(Stopped):
            async for batch in store.follow(query, after):
                with self.signals.reacting(self.signals.stop):  # a write may wait for a reader that is busy
                    if batch.missed:
                        self.say(MISSED)
                    output.write("".join(map(line, batch.entries)))

    def _line(self, options: dict[str, Any]) -> Callable[[Entry], str]:
        if options["format"] == "jsonl" and self.stdout.isatty():
            return as_visible_jsonl
        if options["format"] == "text" and colours.are_wanted(self.stdout, options):
            return colours.painted
        return FORMATS[options["format"]].line


def newest(store: Store, query: Query, count: int, line: Callable[[Entry], str]) -> tuple[deque[str], str]:
    """The newest `count` matches as lines in arrival order, and the cursor from which on all is new."""
    if not count:
        return deque(), store.older(Query(), limit=1).after
    batch = store.older(query, limit=min(count, PAGE))
    after, found = batch.after, deque(map(line, batch.entries))
    while batch.more and len(found) < count:
        batch = store.older(query, batch.before, min(count - len(found), PAGE))
        found.extendleft(map(line, reversed(batch.entries)))
    return found, after


def _later() -> None:
    """An event loop that is being made or closed must not be interrupted: see `Signals.reacting`."""


def _cancelling() -> Callable[[], None]:
    """What ends the current task, from a signal as from anywhere."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def cancel() -> None:
        if task:
            loop.call_soon_threadsafe(task.cancel)

    return cancel
