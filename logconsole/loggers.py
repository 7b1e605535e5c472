"""The page that shows the level of every logger, and changes it for a while."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logconsole import audit, levels
from logconsole.formats import visible
from logconsole.levels import Change, applied
from logconsole.models import Console
from logconsole.record import LEVELS

MINUTES = (5, 15, 60, 240, 1440)
USUAL_MINUTES = 15


@dataclass(frozen=True)
class Row:
    """A logger as the table shows it."""

    name: str
    configured: str
    """Its own level; nothing where it is inherited."""
    effective: str
    change: Change | None


def context() -> dict[str, Any]:
    """What the template shows."""
    trouble, changes = "", list[Change]()
    try:
        changes = levels.current()
    except OSError as problem:
        trouble = str(problem)
    return {
        "rows": list(_rows({made.logger: made for made in changes})),
        "changes": banner(changes),
        "trouble": trouble,
        "levels": list(LEVELS),
        "minutes": MINUTES,
        "usual_minutes": USUAL_MINUTES,
        "scope": levels.widest().scope,
    }


def banner(changes: list[Change]) -> list[dict[str, Any]]:
    """What is changed now, for the lines above the page."""
    return [
        {
            "logger": visible(made.logger),
            "level": logging.getLevelName(made.level),
            "by": visible(made.by),
            "until": made.until,
            "left": max(0, int(made.until - time.time())),
        }
        for made in changes
    ]


def act(request: HttpRequest, values: QueryDict) -> None:
    """Do what the form asks for, and put it on record."""
    try:
        told = _reset(request, values) if "reset" in values else _set(request, values)
    except ValueError as problem:
        messages.error(request, str(problem))
    except OSError as problem:
        messages.error(request, _("Nothing was changed: %s") % problem)
    else:
        messages.success(request, told)
        _record(request, told)


def _set(request: HttpRequest, values: QueryDict) -> str:
    name = _named(values.get("debug") or values.get("logger", ""))
    level = "DEBUG" if "debug" in values else values.get("level", "")
    minutes = values.get("minutes", "")
    if name == audit.NAME:  # whoever changes levels must not be able to hide it
        raise ValueError("The audit log keeps the level that is configured.")
    if level not in LEVELS or not minutes.isdecimal() or int(minutes) not in MINUTES:
        raise ValueError(_("Choose a level and a time."))
    others = [made for made in levels.current() if made.logger != name]
    if len(others) >= levels.MOST:
        raise ValueError(_("Too many levels are changed at this time; reset some first."))
    who = request.user.get_username()
    levels.change([*others, Change(name, LEVELS[level], time.time() + 60 * int(minutes), who)])
    count = int(minutes)
    return ngettext(
        "Logger %(logger)s is at %(level)s for %(count)d minute",
        "Logger %(logger)s is at %(level)s for %(count)d minutes",
        count,
    ) % {"logger": name, "level": level, "count": count}


def _reset(request: HttpRequest, values: QueryDict) -> str:
    """One logger, or all of them."""
    name, changes = values.get("reset", ""), levels.current()
    if name and _named(name) not in {made.logger for made in changes}:
        raise ValueError(_("Logger %s has the level that is configured") % name)
    levels.change([made for made in changes if name and made.logger != name])
    return (
        _("Logger %s has the level that is configured") % name if name else _("Every logger has the level configured")
    )


def _named(given: str) -> str:
    name = given.strip()
    if not name or len(name) > levels.LONGEST or not name.isprintable():
        raise ValueError(_("Name a logger."))
    return name


def _record(request: HttpRequest, told: str) -> None:
    user: Any = request.user
    audit.changed_levels(user, told)
    LogEntry.objects.create(
        user_id=user.pk,
        content_type_id=ContentType.objects.get_for_model(Console, for_concrete_model=False).pk,
        object_repr=told[:200],
        action_flag=CHANGE,
        change_message=told,
    )


def _rows(changes: dict[str, Change]) -> Iterator[Row]:
    """The loggers of this process, and those that are changed elsewhere."""
    known = {name: one for name, one in logging.root.manager.loggerDict.items() if isinstance(one, logging.Logger)}
    yield _row("root", logging.root, changes)
    for name in sorted({*known, *changes} - {"root"}):
        yield _row(name, known.get(name), changes)


def _row(name: str, logger: logging.Logger | None, changes: dict[str, Change]) -> Row:
    if logger is None:
        return Row(visible(name), "", "", changes.get(name))
    own = applied.configured(logger)
    effective = logging.getLevelName(logger.getEffectiveLevel())
    return Row(visible(name), logging.getLevelName(own) if own else "", effective, changes.get(name))
