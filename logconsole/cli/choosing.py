"""Which entries the options ask for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from logconsole.cli.failure import UsageFailure
from logconsole.conditions import All, Compares, Condition, Equals
from logconsole.query import Query, QueryError
from logconsole.record import LEVELS

_OPTIONS = {"q": "--query", "since": "--since", "until": "--until"}


def query_of(options: Mapping[str, Any], tz: tzinfo | None = None) -> Query:
    """The query; times that name no zone are of `tz` (default: this machine's). Raises `UsageFailure`.

    Level, logger and service never become text, so they need no quotes.
    """
    try:
        query = Query.parse(options["query"] or "", since=options["since"], until=options.get("until"), tz=tz)
    except QueryError as error:
        raise UsageFailure(f"{_OPTIONS[error.param]}: {error}") from error
    chosen: list[Condition] = [
        Equals(name, options[name].casefold()) for name in ("logger", "service") if options[name]
    ]
    if options["level"]:
        chosen.insert(0, Compares("level", ">=", _number(options["level"])))
    return replace(query, condition=All((*chosen, query.condition))) if chosen else query


def context_of(options: Mapping[str, Any]) -> tuple[int, int]:
    """How many entries to show before and after each match; as with grep, -B and -A are stronger than -C."""
    both = options["context"] or 0
    before, after = options["before_context"], options["after_context"]
    return both if before is None else before, both if after is None else after


def _number(level: str) -> int:
    """The number of a level's name: Python's five, and what the project registered with `logging`."""
    number = LEVELS.get(level.upper(), logging.getLevelName(level.upper()))
    if not isinstance(number, int):
        raise UsageFailure(f"--level: {level!r} is no level; write one of {', '.join(LEVELS)}.")
    return number
