"""The newest matches as a table: for printing, for reading aloud, and where there is no JavaScript."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from django.http import QueryDict
from django.utils.timezone import localtime

from logconsole import conf, params, turns, views
from logconsole.entry import Entry
from logconsole.formats import visible
from logconsole.stores.base import Unreachable
from logconsole.times import canonical

ROWS = 500


@dataclass(frozen=True)
class Row:
    """An entry as the table shows it."""

    time: str
    level: str
    service: str
    logger: str
    message: str


def context(values: QueryDict, user: Any) -> dict[str, Any]:
    """What the template shows: the table, or what is wrong with the parameters."""
    form = {"q": values.get("q", ""), "store": values.get("store", ""), "aliases": conf.aliases()}
    try:
        asked = params.from_url(values)
        way, cursor = params.direction(values)
        with turns.searches.taken(user):
            batch = views.read(asked, way, cursor, ROWS)
    except params.ParamError as problem:
        return {**form, "error": str(problem), "rows": [], "status": problem.status}
    except Unreachable as problem:
        return {**form, "error": str(problem), "rows": [], "status": 503}
    except turns.TooMany as refused:
        return {**form, "error": str(refused), "rows": [], "status": 429}
    older = _link(values, before=batch.before) if batch.more else ""
    rows = [_row(entry) for entry in reversed(batch.entries)]
    return {**form, "rows": rows, "older": older, "scope": asked.store.scope, "status": 200}


def _row(entry: Entry) -> Row:
    parts = [entry.msg, entry.exc, entry.stack]
    message = visible("\n".join(part for part in parts if part))
    return Row(_time(entry.ts), visible(entry.level), visible(entry.service), visible(entry.logger), message)


def _time(ts: str) -> str:
    try:
        moment = datetime.fromisoformat(canonical(ts)[:-1]).replace(tzinfo=timezone.utc)
        return localtime(moment).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    except (ValueError, OverflowError):  # no time, or none that this zone has
        return visible(ts)


def _link(values: QueryDict, **changed: str) -> str:
    link = values.copy()
    for name in params.DIRECTIONS:
        link.pop(name, None)
    link.update(changed)
    return "?" + link.urlencode()
