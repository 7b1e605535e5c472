"""What is wrong with the configuration, and what to write instead."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags
from django.core.checks import register as register_check

from logconsole.checks import attached, deployment, keys, site, socket, stores

SITE = (*site.CHECKS, *attached.CHECKS, *socket.CHECKS)


def register() -> None:
    """Have `manage.py check` ask all of it."""
    register_check(check_configuration, Tags.compatibility)
    register_check(check_for_deployment, Tags.compatibility, deploy=True)


def check_configuration(**_: Any) -> list[CheckMessage]:
    """Everything that keeps entries from being kept or shown."""
    given = getattr(settings, "LOGCONSOLE", None) or {}
    if not isinstance(given, dict):
        return [_no_dict()]
    wrong = [message for check in keys.CHECKS for message in check(given)]
    wrong += stores.stores_wrong(given)
    if _has_errors(wrong):  # the settings cannot be used, so nothing that uses them is asked
        return wrong
    return [*wrong, *(message for check in SITE for message in check())]


def check_for_deployment(**_: Any) -> list[CheckMessage]:
    """What is right on one's own machine, and rarely is on a server."""
    if _has_errors(check_configuration()):
        return []
    return [message for check in deployment.CHECKS for message in check()]


def _has_errors(found: list[CheckMessage]) -> bool:
    return any(isinstance(message, Error) for message in found)


def _no_dict() -> CheckMessage:
    return Error(
        "LOGCONSOLE is not a dict.",
        hint='Write LOGCONSOLE = {"STORES": {...}}, or leave it out to keep entries in memory.',
        id="logconsole.E001",
    )
