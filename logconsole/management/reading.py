"""A command that reads a store: which one, which entries, and how it behaves as a process."""

from __future__ import annotations

import logging
import os
from abc import abstractmethod
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from logconsole import conf
from logconsole.conditions import All, Compares, Condition, Equals
from logconsole.context import delivering
from logconsole.management.output import quiet_when_closed
from logconsole.management.stopping import Signals, Stopped
from logconsole.query import Query, QueryError
from logconsole.record import LEVELS
from logconsole.stores.base import Store, Unreachable
from logconsole.times import ALLOWED

_OPTIONS = {"q": "--query", "since": "--since", "until": "--until"}
_SCOPES = {
    "process": "its own process alone, which is this one,",
    "host": "any process of this host",
    "cluster": "any process of any host",
}


class ReadingCommand(BaseCommand):
    """Reads and shows, and does nothing else: it writes into no store, and logs nothing into one."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", metavar="ALIAS", help="which store of LOGCONSOLE to read")
        parser.add_argument("--level", metavar="MIN", help=f"this level and above: {', '.join(LEVELS)}")
        parser.add_argument("--logger", metavar="NAME", help="of this logger and its children")
        parser.add_argument("--service", metavar="NAME", help="of this service")
        parser.add_argument("--query", metavar="Q", help="what to look for, as in the console's search")
        parser.add_argument("--since", metavar="WHEN", help=f"made then or later: {ALLOWED}")

    def handle(self, *args: Any, **options: Any) -> None:
        token = delivering.set(True)
        try:
            with quiet_when_closed(self.stdout, self.stderr), Signals() as self.signals:
                query = query_of(options)
                self.read(self.store_of(options["store"]), query, options)
        except Stopped as stop:
            self.stopped(stop)
        except Unreachable as error:
            raise CommandError(str(error)) from error
        finally:
            delivering.reset(token)

    @abstractmethod
    def read(self, store: Store, query: Query, options: dict[str, Any]) -> None:
        """Show what matches."""

    @abstractmethod
    def stopped(self, stop: Stopped) -> None:
        """A signal ended it."""

    def store_of(self, alias: str | None) -> Store:
        """The store of that alias; by default the first that sees further than this process."""
        try:
            alias = alias or _widest()
            store = conf.get_store(alias)
        except conf.UnknownStore as error:
            raise CommandError(str(error)) from error
        except (ImportError, TypeError, KeyError) as error:
            raise CommandError(
                f"A store in LOGCONSOLE['STORES'] cannot be made: {error!r}. `manage.py check` says more."
            ) from error
        if store.scope == "process" or (self.stdout.isatty() and self.stderr.isatty()):
            self.say(f"The store {alias!r} keeps what {_SCOPES[store.scope]} logs.")
        self._look_at(getattr(store, "directory", None))
        self._tell_trouble(store)
        return store

    def say(self, text: str) -> None:
        """One line on stderr, for the person, not for the program that reads on."""
        self.stdout.flush()
        self.stderr.write(text, style_func=str)
        self.stderr.flush()

    def _tell_trouble(self, store: Store) -> None:
        """What was logged and is not there."""
        if trouble := store.trouble:
            self.say(trouble)

    def _look_at(self, directory: str | None) -> None:
        """Tell apart an empty store, which is quiet, from one that cannot be seen."""
        if directory is None:
            return
        if not os.path.isdir(directory):
            self.say(f"There is no directory {directory} yet: nothing was logged.")
        elif not os.access(directory, os.R_OK | os.X_OK):
            raise CommandError(f"The directory {directory} cannot be read by this user.")


def query_of(options: dict[str, Any]) -> Query:
    """What the options ask for. Level, logger and service never become text, so they need no quotes."""
    try:
        query = conf.parse_query(options["query"] or "", since=options["since"], until=options.get("until"))
    except QueryError as error:
        raise CommandError(f"{_OPTIONS[error.param]}: {error}") from error
    chosen: list[Condition] = [
        Equals(name, options[name].casefold()) for name in ("logger", "service") if options[name]
    ]
    if options["level"]:
        chosen.insert(0, Compares("level", ">=", _number(options["level"])))
    return replace(query, condition=All((*chosen, query.condition))) if chosen else query


def _number(level: str) -> int:
    """The number of a level's name: Python's five, and what the project registered with `logging`."""
    number = LEVELS.get(level.upper(), logging.getLevelName(level.upper()))
    if not isinstance(number, int):
        raise CommandError(f"--level: {level!r} is no level; write one of {', '.join(LEVELS)}.")
    return number


def _widest() -> str:
    for alias in conf.aliases():
        if conf.get_store(alias).scope != "process":
            return alias
    raise CommandError(
        "No store that other processes write to is configured, so there is nothing to read from here."
        ' Add one to LOGCONSOLE["STORES"], such as {"file": {"BACKEND": "logconsole.stores.file.FileStore",'
        ' "OPTIONS": {"directory": BASE_DIR / "logs"}}}, and a logconsole.handlers.JSONLHandler to LOGGING.'
    )
