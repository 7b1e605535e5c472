"""`manage.py work`: the shop's worker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from project.shop.stopping import asked_by_signal
from project.shop.worker import Worker


class Command(BaseCommand):
    """Runs the worker in the foreground."""

    help = "Do the shop's background work until Ctrl-C. Set SERVICE=worker so that its entries say so."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until asked to stop."""
        with asked_by_signal() as stop:
            Worker().run(stop)
