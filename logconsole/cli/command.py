"""What `tail` and `export` have in common: how they begin, and how they behave as a process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from logconsole.cli.choosing import context_of, query_of
from logconsole.cli.console import Console
from logconsole.cli.look import look_of
from logconsole.cli.output import quiet_when_closed
from logconsole.cli.stopping import Signals, Stopped
from logconsole.query import Query
from logconsole.stores.base import Store

_SCOPES = {
    "process": "its own process alone, which is this one,",
    "host": "any process of this host",
    "cluster": "any process of any host",
}


class Command(ABC):
    """Reads and shows, and does nothing else: it writes into no store."""

    signals: Signals

    def __init__(self, options: Mapping[str, Any], console: Console) -> None:
        self.options, self.console = options, console
        self.before, self.after = context_of(options)
        self.look = look_of(console.out, options)

    @abstractmethod
    def read(self, store: Store, query: Query) -> None:
        """Show what matches. Raises `Failure`."""

    @abstractmethod
    def stopped(self, stop: Stopped) -> None:
        """A signal ended it. Raises `Failure` where that is one."""

    def run(self, opened: Callable[[], tuple[str, Store]], tz: tzinfo | None = None) -> None:
        """Read the store, which comes with a name for the person; times without a zone are of `tz`.

        Raises `Failure`.
        """
        try:
            with quiet_when_closed(self.console.out, self.console.err), Signals() as self.signals:
                query = query_of(self.options, tz)
                name, store = opened()
                self._introduce(name, store)
                self.read(store, query)
        except Stopped as stop:
            self.stopped(stop)

    @property
    def has_context(self) -> bool:
        """Whether what is around a match is shown."""
        return bool(self.before or self.after)

    def _introduce(self, name: str, store: Store) -> None:
        """How far the store sees, and what was logged and is not there."""
        if store.scope == "process" or self.console.is_for_people:
            self.console.say(f"{name} keeps what {_SCOPES[store.scope]} logs.")
        if trouble := store.trouble:
            self.console.say(trouble)
