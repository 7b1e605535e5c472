"""`manage.py demo`: the whole demo in one terminal."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from project.shop.children import Children
from project.shop.stopping import Stop, asked_by_signal

HOST = "127.0.0.1"
NAME = PASSWORD = "demo"  # noqa: S105  # printed on the screen, and only with DEBUG
POLL_SECONDS = 0.1


class Command(BaseCommand):
    """Starts the site, a worker and some visitors, and stops them together."""

    help = "Run the demo: the shop under daphne, its worker, and visitors. Ctrl-C stops everything."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        port = os.environ.get("PORT") or 8000
        parser.add_argument("--port", type=int, default=port, help="default: %(default)s")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Prepare, start, wait, stop."""
        children = Children()
        with asked_by_signal() as stop:
            _require_free(port)
            call_command("migrate", verbosity=0)
            _make_user()
            try:
                self._start(children, port)
                self._wait_for_site(children, stop, port)
                self._watch(children, stop)
            finally:
                children.stop()
        self.stdout.write("\nStopped.")

    def _start(self, children: Children, port: int) -> None:
        """What the children have to say is in the console; the terminal stays quiet."""
        quiet = {"CONSOLE_LEVEL": "CRITICAL", "PYTHONUNBUFFERED": "1"}
        site = ("daphne", "-v", "0", "-b", HOST, "-p", str(port), "project.asgi:application")
        children.start("site", *site, SERVICE="web", **quiet)
        children.start("worker", "manage", "work", SERVICE="worker", **quiet)
        children.start("traffic", "manage", "traffic", "--url", _url(port), SERVICE="traffic", **quiet)

    def _wait_for_site(self, children: Children, stop: Stop, port: int) -> None:
        """Say where it is as soon as somebody who goes there finds it."""
        while not children.ended() and not stop.wait(POLL_SECONDS):
            with socket.socket() as client:
                if client.connect_ex((HOST, port)) == 0:
                    self.stdout.write(_welcome(port))
                    self.stdout.flush()  # into a pipe or a file too
                    return

    def _watch(self, children: Children, stop: Stop) -> None:
        while not stop.wait(POLL_SECONDS):
            if ended := children.ended():
                code = ended.process.returncode
                raise CommandError(f"The {ended.name} ended by itself with {code}, so the demo was stopped.")


def _require_free(port: int) -> None:
    """Say now, and in plain words, what the server would say in a traceback."""
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((HOST, port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or "it is no port"
            hint = "Choose another: PORT=8001 make run"
            raise CommandError(f"Port {port} cannot be used: {why}. {hint}") from error


def _make_user() -> None:
    """Somebody who may look at everything; never where DEBUG is off."""
    if not settings.DEBUG:
        return
    user, _ = get_user_model().objects.get_or_create(username=NAME)
    user.is_staff = user.is_superuser = user.is_active = True
    user.set_password(PASSWORD)
    user.save()


def _url(port: int) -> str:
    return f"http://{HOST}:{port}"


def _welcome(port: int) -> str:
    user = f"{NAME}, password {PASSWORD} (because DEBUG is on)" if settings.DEBUG else "none: DEBUG is off"
    directory = Path(settings.LOG_DIR)
    shell = f"LOG_DIR={directory} " if "LOG_DIR" in os.environ else ""
    return f"""
The shop          {_url(port)}/
Its live log      {_url(port)}{reverse("admin:logconsole_console_changelist")}
User              {user}
In a terminal     {shell}{os.path.relpath(sys.executable)} manage.py tail_logs
Kept in           {directory}

Ctrl-C stops everything."""
