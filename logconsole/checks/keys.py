"""The keys of LOGCONSOLE and their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from logconsole import conf, terms
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
        if key not in conf.KEYS:
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


def redact_malformed(given: Mapping[str, Any]) -> Found:
    """Names and patterns in no form that is understood."""
    if terms.listed(given.get("REDACT")) is None:
        yield Error(
            f"LOGCONSOLE['REDACT'] is {given['REDACT']!r}, which is no list of names and patterns.",
            hint='Write a list such as ["iban", r"/ORD-(\\d+)/"] to hide more than is built in,'
            ' {"only": [...]} to hide nothing else, or False to hide nothing.',
            id="logconsole.E016",
        )


def terms_unusable(given: Mapping[str, Any]) -> Found:
    """Names and patterns that are none."""
    for term in terms.listed(given.get("REDACT")) or ():
        if not terms.is_name(term) and not terms.is_pattern(term):
            yield Error(
                f"LOGCONSOLE['REDACT'] contains {term!r}, which is neither a name nor a pattern.",
                hint='Write a name such as "iban", "-session" to leave one visible,'
                ' or a pattern between slashes such as r"/ORD-(\\d+)/".',
                id="logconsole.E017",
            )


def patterns_broken(given: Mapping[str, Any]) -> Found:
    """Patterns that Python cannot compile: they hide nothing."""
    for term in filter(terms.is_pattern, terms.listed(given.get("REDACT")) or ()):
        pattern, why = terms.compiled(term)
        if pattern is None:
            yield Error(
                f"The pattern {term!r} in LOGCONSOLE['REDACT'] cannot be used: {why}.",
                hint="Correct it; a character that means itself needs a backslash before it.",
                id="logconsole.E018",
            )


CHECKS = (
    keys_unknown,
    types_wrong,
    service_empty,
    permission_malformed,
    limit_small,
    number_not_positive,
    redact_malformed,
    terms_unusable,
    patterns_broken,
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
