"""`tail`: the last entries, and those that follow."""

from __future__ import annotations

from collections import deque

from logconsole.cli.command import Command
from logconsole.cli.failure import UsageFailure
from logconsole.cli.groups import Groups, Walk
from logconsole.cli.look import Look
from logconsole.cli.output import Output
from logconsole.cli.stopping import Stopped
from logconsole.query import Query
from logconsole.stores.base import Store

PAGE = 1_000  # entries held at once while going backward; of the others only what will be shown


class Tail(Command):
    """Shows the last matching entries, then every new one, across rotations, until Ctrl-C."""

    def read(self, store: Store, query: Query) -> None:
        count = self.options["n"]
        if count < 0:
            raise UsageFailure("-n: a number of entries, 0 or more.")
        output = Output(self.console.out)
        if self.has_context:
            self._in_groups(store, Groups(query, self.before, self.after), count, output)
            return
        pages, after = newest(store, query, count, self.look)
        output.write(b"".join(pages))
        if self._follows:
            from logconsole.cli.following import Following

            Following(self, output).plain(store, query, after)

    def stopped(self, stop: Stopped) -> None:
        return  # it is how one leaves

    @property
    def _follows(self) -> bool:
        return not self.options["no_follow"]

    def _in_groups(self, store: Store, groups: Groups, count: int, output: Output) -> None:
        first, end = start_of(store, groups.query, count)
        walk = Walk(store, groups, end)
        if count:
            for part in walk.parts(first):
                output.write(self.look.shown(part))
            output.write(self.look.shown(walk.approach(end)))
        else:
            walk.remember()
        if self._follows:
            from logconsole.cli.following import Following

            Following(self, output).groups(store, groups, end)


def newest(store: Store, query: Query, count: int, look: Look) -> tuple[deque[bytes], str]:
    """The newest `count` matches as lines in arrival order, and the cursor from which on all is new."""
    if not count:
        return deque(), store.older(Query(), limit=1).after
    batch = store.older(query, limit=min(count, PAGE))
    after, pages, found = batch.after, deque([look.entries(batch.entries)]), len(batch.entries)
    while batch.more and found < count:
        batch = store.older(query, batch.before, min(count - found, PAGE))
        pages.appendleft(look.entries(batch.entries))
        found += len(batch.entries)
    return pages, after


def start_of(store: Store, query: Query, count: int) -> tuple[str, str]:
    """Where the newest `count` matches begin, and the cursor from which on all is new."""
    end = store.older(Query(), limit=1).after
    if not count:
        return end, end
    batch = store.older(query, end, limit=min(count, PAGE))
    found = len(batch.entries)
    while batch.more and found < count:
        batch = store.older(query, batch.before, min(count - found, PAGE))
        found += len(batch.entries)
    return batch.before, end
