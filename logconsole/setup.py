"""What `manage.py check` would say of this process, for the lines above the page."""

from __future__ import annotations

import time
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings
from django.core.checks import WARNING, CheckMessage

from logconsole.checks import check_configuration

SECONDS = 60.0  # for which an answer stands: a check may ask a server


class Wrong(NamedTuple):
    """One thing, and what to do about it."""

    id: str
    msg: str
    hint: str


class _Known:
    """The last answer of this process."""

    def __init__(self) -> None:
        self.until, self.wrong = 0.0, list[Wrong]()
        self.lock = Lock()


_known = _Known()


def wrong(user: Any) -> list[Wrong]:
    """What is wrong now, for staff; nothing for others who may look, and nothing that the project silenced."""
    if not getattr(user, "is_staff", False):
        return []
    with _known.lock:
        if _known.until < time.monotonic():
            _known.wrong = [_told(message) for message in check_configuration() if _is_told(message)]
            _known.until = time.monotonic() + SECONDS
        return _known.wrong


def forget() -> None:
    """Ask anew next time."""
    _known.until = 0.0


def _is_told(message: CheckMessage) -> bool:
    return message.level >= WARNING and message.id not in settings.SILENCED_SYSTEM_CHECKS


def _told(message: CheckMessage) -> Wrong:
    return Wrong(str(message.id), message.msg, str(message.hint or ""))
