"""`manage.py export_logs`: all matching entries, oldest first, to stdout or into a file."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.core.management.base import CommandError, CommandParser

from logconsole.formats import FORMATS, Format
from logconsole.management.destination import File, checked, whole_file
from logconsole.management.output import Output
from logconsole.management.progress import Progress, counted, sized
from logconsole.management.reading import ReadingCommand
from logconsole.management.stopping import Stopped
from logconsole.query import Query
from logconsole.stores.base import Store

MISSED = "Entries are missing: the store's retention dropped them while they were exported."


class Command(ReadingCommand):
    """Writes every entry that matches, at least up to those that are there when it begins."""

    _count = _unreadable = 0
    _missed = False
    help = "Writes the log entries that match, oldest first, to stdout or into a file."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--until", metavar="WHEN", help="made before then, in the forms of --since")
        parser.add_argument("--format", choices=("jsonl", "text", "csv"), default="jsonl", help="default: jsonl")
        parser.add_argument(
            "--output", metavar="PATH", help="a file, which appears when it is complete; .gz compresses"
        )

    def read(self, store: Store, query: Query, options: dict[str, Any]) -> None:
        form = FORMATS[options["format"]]
        progress = Progress(self.stderr, is_shown=bool(options["output"]) or not self.stdout.isatty())
        try:
            with self._destination(store, options["output"]) as destination:
                self._write(store, query, form, destination, progress)
        finally:
            progress.clear()
        self._tell(store, destination.written)

    def stopped(self, stop: Stopped) -> None:
        raise CommandError(f"Stopped after {counted(self._count)}.", returncode=128 + stop.number) from stop

    def _destination(
        self, store: Store, output: str | None
    ) -> AbstractContextManager[File] | AbstractContextManager[Output]:
        if not output:
            return nullcontext(Output(self.stdout))
        return whole_file(checked(output, getattr(store, "directory", None)))

    def _write(self, store: Store, query: Query, form: Format, destination: File | Output, progress: Progress) -> None:
        self._count, self._missed = 0, False
        destination.write(form.header)
        self._unreadable = _unreadable(store)
        for batch in store.batches(query):
            destination.write("".join(map(form.line, batch.entries)))
            self._count += len(batch.entries)
            self._missed |= batch.missed
            progress.show(batch.scanned, self._count)

    def _tell(self, store: Store, size: int) -> None:
        self.say(f"{counted(self._count)}, {sized(size)}")
        if self._missed:
            self.say(MISSED)
        if skipped := _unreadable(store) - self._unreadable:
            self.say(f"{skipped:,} {'line' if skipped == 1 else 'lines'} could not be read as entries.")


def _unreadable(store: Store) -> int:
    return getattr(store, "unreadable", 0)
