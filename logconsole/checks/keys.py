"""The keys of LOGCONSOLE and their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string

from logconsole import conf
from logconsole.access import is_permission
from logconsole.stores.segments import TAIL

MOST_ENTRY_BYTES = TAIL // 4  # bytes; behind a seal stands one late entry at most, and both are looked for
LEAST_ENTRY_BYTES = 1024
TYPES: dict[str, tuple[type, ...]] = {
    "SERVICE": (str,),
    "MAX_ENTRY_BYTES": (int,),
    "MAX_CLIENTS": (int,),
    "RECHECK_SECONDS": (int, float),
    "ACCESS_LOG_EXCLUDE": (list, tuple),
    "LOG_USER": (bool,),
    "ADMIN_AUTOREGISTER": (bool,),
}
Found = Iterator[CheckMessage]


def keys_unknown(given: Mapping[str, Any]) -> Found:
    """Keys that nobody reads."""
    for key in given:
        if key == "REDACT":
            yield Warning(
                "LOGCONSOLE['REDACT'] has no effect: this version keeps entries as they were logged.",
                hint="Leave the key out, and keep secrets out of what is logged.",
                id="logconsole.W006",
            )
        elif key not in conf.KEYS:
            near = get_close_matches(str(key).upper(), conf.KEYS, n=1)
            known = f"Did you mean {near[0]!r}?" if near else f"The keys are {', '.join(sorted(conf.KEYS))}."
            yield Error(f"LOGCONSOLE has no key {key!r}.", hint=known, id="logconsole.E002")


def types_wrong(given: Mapping[str, Any]) -> Found:
    """Values that are of another type."""
    for key, types in TYPES.items():
        value = given.get(key)
        is_wrong = not isinstance(value, types) or (isinstance(value, bool) and bool not in types)
        if key in given and is_wrong and not (value is None and key == "ACCESS_LOG_EXCLUDE"):
            names = " or ".join(kind.__name__ for kind in types)
            yield Error(
                f"LOGCONSOLE[{key!r}] is of type {type(value).__name__}.",
                hint=f"Write a value of type {names}.",
                id="logconsole.E003",
            )


def service_empty(given: Mapping[str, Any]) -> Found:
    """A service without a name."""
    if given.get("SERVICE") == "":
        yield Error(
            "LOGCONSOLE['SERVICE'] is empty.",
            hint='Name this part of the system, such as "web" or "worker", or leave the key out.',
            id="logconsole.E008",
        )


def permission_malformed(given: Mapping[str, Any]) -> Found:
    """A rule that names no permission and no callable."""
    for key in ("PERMISSION", "DOWNLOAD_PERMISSION"):
        if given.get(key) is not None and not _is_rule(given[key]):
            yield Error(
                f"LOGCONSOLE[{key!r}] is {given[key]!r}, which is no permission and no callable.",
                hint='Write a permission of an installed app, such as "logconsole.view_console", the path of a'
                ' callable(user) -> bool, such as "shop.staff.rules.may_look", or None for any active staff user.',
                id="logconsole.E009",
            )


def limit_small(given: Mapping[str, Any]) -> Found:
    """A limit under which hardly an entry is whole, or over which a writer could not find the end of a segment."""
    limit = given.get("MAX_ENTRY_BYTES", LEAST_ENTRY_BYTES)
    if isinstance(limit, int) and not LEAST_ENTRY_BYTES <= limit <= MOST_ENTRY_BYTES:
        yield Error(
            f"LOGCONSOLE['MAX_ENTRY_BYTES'] is {limit:,}.",
            hint=f"Write a number from {LEAST_ENTRY_BYTES:,} to {MOST_ENTRY_BYTES:,}, the default.",
            id="logconsole.E010",
        )


def number_not_positive(given: Mapping[str, Any]) -> Found:
    """A bound that lets nobody in, or an interval without length."""
    for key in ("MAX_CLIENTS", "RECHECK_SECONDS"):
        value = given.get(key, 1)
        if isinstance(value, (int, float)) and value <= 0:
            yield Error(f"LOGCONSOLE[{key!r}] is {value}.", hint="Write a number above 0.", id="logconsole.E013")


CHECKS = (
    keys_unknown,
    types_wrong,
    service_empty,
    permission_malformed,
    limit_small,
    number_not_positive,
)


def _is_rule(rule: Any) -> bool:
    """Whether the rule is callable, or a permission of an installed app, or the path of something callable."""
    if callable(rule) or not isinstance(rule, str):
        return callable(rule)
    if is_permission(rule):
        label, _, codename = rule.partition(".")
        return bool(codename) and any(config.label == label for config in apps.get_app_configs())
    try:
        return callable(import_string(rule))
    except (ImportError, AttributeError):
        return False
