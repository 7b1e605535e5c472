"""`export`: all matching entries, oldest first, to stdout or into a file."""

from __future__ import annotations

from collections.abc import Iterator

from logconsole.cli.command import Command
from logconsole.cli.destination import destination
from logconsole.cli.failure import Failure
from logconsole.cli.groups import Groups, Walk
from logconsole.cli.output import Sink
from logconsole.cli.progress import Progress, counted, sized
from logconsole.cli.stopping import Stopped
from logconsole.query import Query
from logconsole.stores.base import Lines, Store

MISSED = "Entries are missing: the store's retention dropped them while they were exported."


class Export(Command):
    """Writes every entry that matches, at least up to those that are there when it begins."""

    _count = _matches = _unreadable = 0
    _missed = False

    def read(self, store: Store, query: Query) -> None:
        output, console = self.options["output"], self.console
        progress = Progress(console.err, is_shown=bool(output) or not console.out.isatty())
        self._unreadable = _unreadable(store)
        directory, gzip = getattr(store, "directory", None), self.options["gzip"]
        try:
            with destination(console.out, output, directory, gzip=gzip) as sink:
                sink.write(self.look.header.encode())
                write = self._write_groups if self.has_context else self._write
                write(store, query, sink, progress)
            progress.show(1.0, self._count)
        finally:
            progress.clear()
        self._tell(store, sink.written)

    def stopped(self, stop: Stopped) -> None:
        raise Failure(f"Stopped after {counted(self._count)}.", 128 + stop.number) from stop

    def _write(self, store: Store, query: Query, sink: Sink, progress: Progress) -> None:
        for lines in store.lines(query) if self.look.is_raw else self._lines(store, query):
            sink.write(lines.text)
            self._count += lines.entries
            self._missed |= lines.missed
            progress.show(lines.scanned, self._count)

    def _lines(self, store: Store, query: Query) -> Iterator[Lines]:
        for batch in store.batches(query):
            yield Lines(self.look.entries(batch.entries), len(batch.entries), batch.missed, batch.scanned)

    def _write_groups(self, store: Store, query: Query, sink: Sink, progress: Progress) -> None:
        walk = Walk(store, Groups(query, self.before, self.after), store.older(Query(), limit=1).after)
        for part in walk.parts():
            sink.write(self.look.shown(part))
            self._count += len(part)
            self._matches += sum(shown.is_match for shown in part)
            progress.show(walk.scanned, self._count)
        self._missed = walk.missed

    def _tell(self, store: Store, size: int) -> None:
        matches = f" ({self._matches:,} {'match' if self._matches == 1 else 'matches'})" if self.has_context else ""
        self.console.say(f"{counted(self._count)}{matches}, {sized(size)}")
        if self._missed:
            self.console.say(MISSED)
        if skipped := _unreadable(store) - self._unreadable:
            self.console.say(f"{skipped:,} {'line' if skipped == 1 else 'lines'} could not be read as entries.")


def _unreadable(store: Store) -> int:
    return getattr(store, "unreadable", 0)
