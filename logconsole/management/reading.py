"""The stores of a site, read by a management command."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from logconsole import conf
from logconsole.cli.command import Command
from logconsole.cli.console import Console
from logconsole.cli.failure import Failure, UsageFailure
from logconsole.context import delivering
from logconsole.stores.base import Store, Unreachable


class Plain:
    """A stream of Django's, which adds neither line ends nor colours of its own."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write the text as it is."""
        self._stream.write(text, style_func=str, ending="")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def read(kind: type[Command], command: BaseCommand, options: dict[str, Any]) -> None:
    """Run it; nothing that is logged meanwhile enters a store. Raises `CommandError`."""
    console = Console(Plain(command.stdout), Plain(command.stderr))
    token = delivering.set(True)
    try:
        kind(options, console).run(opening(options["store"], console), timezone.get_current_timezone())
    except Failure as failure:
        raise CommandError(str(failure), returncode=failure.code) from failure
    except Unreachable as error:
        raise CommandError(str(error)) from error
    finally:
        delivering.reset(token)


def opening(alias: str | None, console: Console) -> Callable[[], tuple[str, Store]]:
    """What opens the store of that alias; by default the first that sees further than this process."""

    def opened() -> tuple[str, Store]:
        try:
            name = alias or _widest()
            store = conf.get_store(name)
        except conf.UnknownStore as error:
            raise UsageFailure(str(error)) from error
        except (ImportError, TypeError, KeyError) as error:
            raise Failure(
                f"A store in LOGCONSOLE['STORES'] cannot be made: {error!r}. `manage.py check` says more."
            ) from error
        _look_at(getattr(store, "directory", None), console)
        return f"The store {name!r}", store

    return opened


def _look_at(directory: str | None, console: Console) -> None:
    """Tell apart an empty store, which is quiet, from one that cannot be seen."""
    if directory is None:
        return
    if not os.path.isdir(directory):
        console.say(f"There is no directory {directory} yet: nothing was logged.")
    elif not os.access(directory, os.R_OK | os.X_OK):
        raise Failure(f"The directory {directory} cannot be read by this user.")


def _widest() -> str:
    for alias in conf.aliases():
        if conf.get_store(alias).scope != "process":
            return alias
    raise Failure(
        "No store that other processes write to is configured, so there is nothing to read from here."
        ' Add one to LOGCONSOLE["STORES"], such as {"file": {"BACKEND": "logconsole.stores.file.FileStore",'
        ' "OPTIONS": {"directory": BASE_DIR / "logs"}}}, and a logconsole.handlers.JSONLHandler to LOGGING.'
    )
