"""What is right on one's own machine, and rarely is on a server: `check --deploy`."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.core.checks import CheckMessage, Info, Warning

from logconsole import conf
from logconsole.checks.site import scopes_narrow
from logconsole.checks.socket import socket_unrouted
from logconsole.stores.file import FileStore

Found = Iterator[CheckMessage]
NEAR = ("", "localhost", "127.0.0.1", "::1")


def secrets_shown() -> Found:
    """Redaction is off, or hides nothing."""
    redact = conf.settings().redact
    if redact is False or redact in ({"only": []}, {"only": ()}):
        yield Warning(
            "LOGCONSOLE['REDACT'] hides nothing: passwords and tokens that are logged are kept, shown and downloaded.",
            hint='Leave it out, or name what has to stay visible: ["-session"].',
            id="logconsole.W017",
        )


def staff_unlimited() -> Found:
    """Every staff user may look."""
    if conf.settings().permission is None:
        yield Info(
            "Every active staff user may look at the log, and download it.",
            hint='Write "PERMISSION": "logconsole.view_console", and give the permission to those who should.'
            " See docs/how-to/restrict-access.md.",
            id="logconsole.W018",
        )


def directory_open() -> Found:
    """A directory made by hand, or by another program: ours are 0750."""
    for alias in conf.aliases():
        store = conf.get_store(alias)
        if isinstance(store, FileStore) and (mode := _mode(store.directory)) & (stat.S_IROTH | stat.S_IXOTH):
            yield Warning(
                f"The directory of the store {alias!r}, {store.directory}, has mode {mode:04o}: every user of this host"
                " may look into it.",
                hint=f"chmod o-rwx {store.directory}",
                id="logconsole.W019",
            )


def redis_clear() -> Found:
    """Entries and a password go over the network as they are."""
    for alias, config in conf.settings().stores.items():
        url = config.get("OPTIONS", {}).get("url")
        parts = urlsplit(url) if isinstance(url, str) else None
        if parts and parts.scheme.partition("+")[0] == "redis" and _host(parts.netloc) not in NEAR:
            yield Warning(
                f"The store {alias!r} sends its entries to {_host(parts.netloc)} without encryption.",
                hint='Begin its url with "rediss", or silence this where the network is a private one.',
                id="logconsole.W020",
            )


def _mode(directory: str) -> int:
    """The permissions; none where there is no directory yet."""
    try:
        return stat.S_IMODE(os.stat(directory).st_mode)
    except OSError:
        return 0


def _host(netloc: str) -> str:
    """The first host, without password and port."""
    first = netloc.rpartition("@")[2].partition(",")[0]
    return first[1:].partition("]")[0] if first.startswith("[") else first.partition(":")[0]


CHECKS = (scopes_narrow, socket_unrouted, secrets_shown, staff_unlimited, directory_open, redis_clear)
