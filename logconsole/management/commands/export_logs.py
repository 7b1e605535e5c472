"""`manage.py export_logs`: all matching entries, oldest first, to stdout or into a file."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from logconsole.cli import options as known


class Command(BaseCommand):
    """`export` for a store of the site."""

    help = known.EXPORT
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", metavar="ALIAS", help=known.STORE)
        known.add_export(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        from logconsole.cli.export import Export  # not before it is needed
        from logconsole.management.reading import read

        read(Export, self, options)
