"""`manage.py traffic`: visitors for the shop."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from project.shop import traffic
from project.shop.stopping import asked_by_signal


class Command(BaseCommand):
    """Calls the site over HTTP as a handful of visitors would."""

    help = "Visit the shop over HTTP until Ctrl-C: browse, search, buy, get lost, misbehave."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the shop is."""
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="default: %(default)s")

    def handle(self, *args: Any, url: str, **options: Any) -> None:
        """Wait for the site, then visit it until asked to stop."""
        with asked_by_signal() as stop:
            traffic.wait_for_site(url, stop)
            traffic.crowd(url, stop)
