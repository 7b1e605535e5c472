"""The setting `LOGCONSOLE`, read at use, and the stores that it names."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

from django.conf import settings as django_settings
from django.core.signals import setting_changed
from django.utils import timezone
from django.utils.module_loading import import_string

from logconsole import terms
from logconsole.lines import Lines
from logconsole.query import Query
from logconsole.redact import Redactor
from logconsole.stores.base import Store

RING = "logconsole.stores.ring.RingStore"
DEFAULT_STORES: Mapping[str, Mapping[str, Any]] = {"ring": {"BACKEND": RING}}


class UnknownStore(KeyError):
    """An alias that `LOGCONSOLE["STORES"]` does not have."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Settings:
    """`LOGCONSOLE` with its defaults; a key is the name of a field in capitals."""

    service: str = "web"
    stores: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: DEFAULT_STORES)
    max_entry_bytes: int = 65_536
    permission: Any = None
    download_permission: Any = None
    max_clients: int = 100
    recheck_seconds: float = 30
    access_log_exclude: tuple[str, ...] | None = None
    log_user: bool = False
    admin_autoregister: bool = True
    redact: Any = None
    base_dir: str = ""
    """`BASE_DIR` of the site; no key of `LOGCONSOLE`."""
    redactor: Redactor | None = None
    """What does as `redact` says; no key of `LOGCONSOLE`."""
    lines: Lines = field(default_factory=Lines)
    """What makes lines of records, as all of it says; no key of `LOGCONSOLE`."""


KEYS = {item.name.upper(): item.name for item in fields(Settings) if item.name not in ("base_dir", "redactor", "lines")}
opened: dict[str | None, Store] = {}
"""The stores of this process that have been asked for, by alias."""
_lock = threading.RLock()


def _renew_lock() -> None:
    """In a forked child: another thread of the parent may have held it."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


@cache
def settings() -> Settings:
    """The settings now in force; what is not understood is left to the system checks."""
    given = getattr(django_settings, "LOGCONSOLE", None)
    known = {KEYS[key]: value for key, value in given.items() if key in KEYS} if isinstance(given, dict) else {}
    base_dir = str(getattr(django_settings, "BASE_DIR", ""))
    made = Settings(**known, base_dir=base_dir, redactor=terms.redactor(known.get("redact")))
    return replace(made, lines=Lines(made.service, made.max_entry_bytes, base_dir, made.redactor))


def aliases() -> list[str]:
    """The stores that are configured; the first is what page and commands open with."""
    return list(settings().stores)


def get_store(alias: str | None = None) -> Store:
    """The store of that alias (default: the first), one per process. Raises `UnknownStore`."""
    name = aliases()[0] if alias is None else alias
    store = opened.get(name)
    return store if store is not None else _open(name)


def redacted(text: str) -> str:
    """The text as an entry keeps it: for a look at what `REDACT` does, and for a project's own tests."""
    redactor = settings().redactor
    return text if redactor is None else redactor.text(text)


def parse_query(
    text: str = "", levels: Iterable[str] = (), since: str | None = None, until: str | None = None
) -> Query:
    """The query, with times that name no zone in the current one of Django. Raises `QueryError`."""
    return Query.parse(text, levels=levels, since=since, until=until, tz=timezone.get_current_timezone())


def _open(alias: str) -> Store:
    with _lock:
        if alias not in opened:
            try:
                config = settings().stores[alias]
            except KeyError:
                known = ", ".join(map(repr, aliases()))
                raise UnknownStore(f"There is no store {alias!r} in LOGCONSOLE['STORES']; there are {known}.") from None
            opened[alias] = import_string(config["BACKEND"])(**config.get("OPTIONS", {}))
        return opened[alias]


def _forget(*, setting: str, **_: Any) -> None:
    """Settings were changed, as tests do: what was made from them is let go."""
    if setting in ("LOGCONSOLE", "BASE_DIR"):
        with _lock:
            settings.cache_clear()
            for store in opened.values():
                store.close()
            opened.clear()


setting_changed.connect(_forget)
