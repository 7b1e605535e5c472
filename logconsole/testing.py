"""For the tests of a project: what its code logs, as a store would keep it.

As a fixture of pytest, `logged`, by `pytest_plugins = ["logconsole.pytest_plugin"]`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from logconsole import conf
from logconsole.entry import Entry
from logconsole.handlers import LoopFilter
from logconsole.query import Query


class Logged:
    """The entries of one block, oldest first: cut, redacted, with the id of their request."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    @property
    def messages(self) -> list[str]:
        """Their messages."""
        return [entry.msg for entry in self.entries]

    def matching(self, query: str) -> list[Entry]:
        """Those that match, in the language of the search field. Raises `QueryError`."""
        wanted = Query.parse(query)
        return [entry for entry in self.entries if wanted.matches(entry)]

    def assert_none_has(self, *secrets: str) -> None:
        """Raises `AssertionError` that names the first entry with one of these texts in it, wherever it is."""
        for entry in self.entries:
            for number, secret in enumerate(secrets, 1):
                if any(secret in text for text in _texts(msgspec.structs.asdict(entry))):
                    place = entry.caller or entry.logger
                    raise AssertionError(f"text {number} of {len(secrets)} was logged at {place}: {entry.msg!r}")


def _texts(value: Any) -> Iterator[str]:
    """Every text in it, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for part in pair for text in _texts(part))
    elif isinstance(value, list):
        yield from (text for item in value for text in _texts(item))
    elif isinstance(value, (int, float)):
        yield str(value)


class _Keeper(logging.Handler):
    def __init__(self, logged: Logged) -> None:
        super().__init__()
        self._logged = logged
        self.addFilter(LoopFilter())

    def emit(self, record: logging.LogRecord) -> None:
        now = conf.settings()
        entry = Entry.from_record(record, now.service, now.max_entry_bytes, now.base_dir, now.redactor)
        self._logged.entries.append(entry)


@contextmanager
def logged(level: int | str = logging.DEBUG, logger: str = "") -> Iterator[Logged]:
    """What is logged inside, from that level on, by that logger and those below it (default: by all).

    A logger below that does not propagate is not heard.
    """
    found, watched = Logged(), logging.getLogger(logger)
    keeper, before = _Keeper(found), watched.level
    watched.addHandler(keeper)
    watched.setLevel(level)
    try:
        yield found
    finally:
        watched.setLevel(before)
        watched.removeHandler(keeper)
