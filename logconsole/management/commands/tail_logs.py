"""`manage.py tail_logs`: the last entries, and those that follow."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from logconsole.cli import options as known


class Command(BaseCommand):
    """`tail` for a store of the site."""

    help = known.TAIL
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", metavar="ALIAS", help=known.STORE)
        known.add_tail(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        from logconsole.cli.tail import Tail  # not before it is needed
        from logconsole.management.reading import read

        read(Tail, self, options)
