"""Who may look, and who may take: the one rule for page, entries, download and socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from django.apps import apps
from django.utils.module_loading import import_string

from logconsole import conf


class User(Protocol):
    """What the rule needs of a user, so that any user model will do."""

    is_authenticated: bool
    is_active: bool

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


def can_view(user: Any) -> bool:
    """Whether the user may look: active, and what `PERMISSION` asks for (default: staff)."""
    return _is_signed_in(user) and _passes(conf.settings().permission, user)


def can_download(user: Any) -> bool:
    """Whether the user may take entries away: may look, and what `DOWNLOAD_PERMISSION` asks for."""
    rule = conf.settings().download_permission
    return can_view(user) and (rule is None or _passes(rule, user))


def can_change_levels(user: Any) -> bool:
    """Whether the user may change the levels of loggers: may look, and has the permission `change_levels`."""
    return can_view(user) and bool(user.has_perm("logconsole.change_levels"))


def is_permission(rule: object) -> bool:
    """Whether the rule names a permission, `app.codename`; what begins with no app is the path to a callable."""
    return isinstance(rule, str) and rule.count(".") == 1 and rule.partition(".")[0] in apps.app_configs


def _is_signed_in(user: Any) -> bool:
    return bool(user is not None and user.is_authenticated and user.is_active)


def _passes(rule: object, user: User) -> bool:
    if rule is None:
        return _is_staff(user)
    if is_permission(rule):
        return _is_staff(user) and user.has_perm(cast("str", rule))
    decide = import_string(rule) if isinstance(rule, str) else rule
    return bool(cast("Callable[[Any], bool]", decide)(user))


def _is_staff(user: User) -> bool:
    return bool(getattr(user, "is_staff", False))
