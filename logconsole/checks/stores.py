"""The stores in LOGCONSOLE."""

from __future__ import annotations

import inspect
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from logconsole import conf
from logconsole.stores import filecheck
from logconsole.stores.base import Store
from logconsole.stores.file import FileStore

Found = Iterator[CheckMessage]


def stores_wrong(given: Mapping[str, Any]) -> list[CheckMessage]:
    """Stores that cannot be made, and what each that can says itself."""
    stores = given.get("STORES", conf.DEFAULT_STORES)
    if not isinstance(stores, dict) or not stores:
        return [_no_stores()]
    return [message for alias, config in stores.items() for message in store_wrong(alias, config)]


def store_wrong(alias: str, config: Any) -> Found:
    """What is wrong with one store."""
    if not isinstance(config, dict) or not config.get("BACKEND"):
        yield Error(
            f"The store {alias!r} has no BACKEND.",
            hint='Write {"BACKEND": "logconsole.stores.file.FileStore", "OPTIONS": {"directory": ...}}.',
            id="logconsole.E004",
        )
        return
    backend = yield from _backend(alias, config["BACKEND"])
    options = config.get("OPTIONS", {})
    if backend is not None:
        wrong = list(options_wrong(alias, backend, options))
        yield from wrong or opened(alias, backend, options)


def options_wrong(alias: str, backend: type[Store], options: Any) -> Found:
    """Options that the store does not take, or that it cannot do without."""
    signature = inspect.signature(backend)
    try:
        signature.bind(**options)
    except TypeError as error:
        names = ", ".join(signature.parameters)
        yield Error(
            f"The OPTIONS of the store {alias!r} do not fit: {error}.",
            hint=f"{backend.__name__} takes {names}.",
            id="logconsole.E007",
        )


def opened(alias: str, backend: type[Store], options: Any) -> Iterable[CheckMessage]:
    """What the store itself finds, and what only the settings tell."""
    try:
        with closing(backend(**options)) as store:
            found = list(store.check())
            if isinstance(store, FileStore) and not any(isinstance(message, Error) for message in found):
                directory, limit = options.get("directory", store.directory), conf.settings().max_entry_bytes
                found += filecheck.check_settings(directory, store.retention.segment_bytes, limit, _served())
    except Exception as error:  # of any kind: the command goes on, and tells it
        return [
            Error(
                f"The store {alias!r} cannot be opened: {error}",
                hint="Look at its OPTIONS.",
                id="logconsole.E012",
            )
        ]
    for message in found:
        message.obj = message.obj or f"LOGCONSOLE['STORES'][{alias!r}]"
    return found


def _served() -> list[tuple[str, Any]]:
    """Directories whose files a web server hands out, each with the setting that names it."""
    names = ("MEDIA_ROOT", "STATIC_ROOT", "WHITENOISE_ROOT")
    dirs: list[Any] = list(settings.STATICFILES_DIRS)
    static = [item[1] if isinstance(item, (list, tuple)) else item for item in dirs]
    return [(name, getattr(settings, name, None)) for name in names] + [("STATICFILES_DIRS", item) for item in static]


def _backend(alias: str, path: Any) -> Generator[CheckMessage, None, type[Store] | None]:
    """The class, or a message why there is none."""
    try:
        backend = import_string(path)
    except Exception as error:  # a module can raise anything
        yield _no_backend(alias, path, str(error))
        return None
    if not (isinstance(backend, type) and issubclass(backend, Store)):
        yield _no_backend(alias, path, "it is not a Store")
        return None
    return backend


def _no_backend(alias: str, path: Any, why: str) -> CheckMessage:
    missing = "redis" in str(path)
    hint = "pip install 'django-logconsole[redis]'" if missing else "logconsole.stores.file.FileStore is one."
    return Error(
        f"The BACKEND of the store {alias!r}, {path!r}, cannot be used: {why}.",
        hint=hint,
        id="logconsole.E005",
    )


def _no_stores() -> CheckMessage:
    return Error(
        "LOGCONSOLE['STORES'] is not a dict with a store in it.",
        hint='Write "STORES": {"ring": {"BACKEND": "logconsole.stores.ring.RingStore"}}, or leave the key out.',
        id="logconsole.E014",
    )
