"""What the project's logging hands over, and what it keeps back."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from logconsole import conf
from logconsole.checks.site import attached
from logconsole.query import Query
from logconsole.record import timestamp

Found = Iterator[CheckMessage]
SHOWN = 5  # loggers that are named
LAST = ("asyncio", "autobahn", "concurrent", "daphne", "twisted")  # of the server, which a project has not heard of
AHEAD_SECONDS = 60  # by which clocks may differ without a word


def loggers_off() -> Found:
    """Loggers that were there before `dictConfig`, which switches them off unless told otherwise."""
    known = logging.root.manager.loggerDict.items()
    off = [name for name, logger in known if isinstance(logger, logging.Logger) and logger.disabled]
    if names := sorted(off, key=lambda name: (name.partition(".")[0] in LAST, name)):
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        yield Warning(
            f"These loggers are switched off, and nothing they log is kept: {', '.join(names[:SHOWN])}{more}.",
            hint='Write "disable_existing_loggers": False in LOGGING; left out, it is True.',
            id="logconsole.W013",
        )


def store_unwritten() -> Found:
    """Page and commands open with a store that nobody here writes to; others may write to one of the fleet."""
    first, *others = conf.aliases()
    written = {str(handler.alias or first) for handler in attached()}
    is_wrong = written and first not in written and written <= set(others)
    if not settings.LOGGING_CONFIG or not is_wrong or conf.get_store(first).scope == "cluster":
        return
    yield Warning(
        f"The page opens with the store {first!r}, and no handler writes to it.",
        hint=f'Add a handler with "store": "{first}" to LOGGING, or put {" or ".join(map(repr, sorted(written)))}'
        ' first in LOGCONSOLE["STORES"].',
        id="logconsole.W015",
    )


def entries_ahead() -> Found:
    """A clock that was set back, or that of a virtual machine: times, and what asks for them, would mislead."""
    limit = timestamp(time.time() + AHEAD_SECONDS)
    for alias in conf.aliases():
        store = conf.get_store(alias)
        if store.scope != "cluster" and (newest := store.older(Query(), limit=1).entries) and newest[0].ts > limit:
            yield Warning(
                f"The newest entry of the store {alias!r} is of {newest[0].ts}, which is still to come.",
                hint="The clock was set back, or was wrong when that was logged: let the host keep its time by NTP."
                " Entries keep their order; since: and the timeline go by time.",
                id="logconsole.W016",
            )


CHECKS = (loggers_off, store_unwritten, entries_ahead)
