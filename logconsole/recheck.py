"""Whether those who hold a socket may still hold it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from logconsole import ticket
from logconsole.access import can_view
from logconsole.protocol import FORBIDDEN, SIGNED_OUT


@dataclass(eq=False)
class Guest:
    """One open socket: who it is, in which session, and how to turn it out with a close code."""

    pk: Any
    session: str
    """The key; nothing where sessions live in cookies."""
    auth_hash: str
    turn_out: Callable[[int], Awaitable[None]]
    is_admitted: bool = False
    """Whether it has shown a ticket."""
    is_leaving: bool = False
    """Whether it was told to, and has not gone yet."""

    @classmethod
    def of(cls, user: Any, session: Any, turn_out: Callable[[int], Awaitable[None]]) -> Guest:
        """Whoever is signed in in this session."""
        return cls(user.pk, ticket.identity(session), session.get(HASH_SESSION_KEY, ""), turn_out)


def verdicts(guests: Iterable[Guest]) -> dict[Guest, int]:
    """Those who have to go, and with which code; one query for all sessions and one for all users."""
    present = list(guests)
    sessions = _sessions({guest.session for guest in present if guest.session})
    users = get_user_model()._default_manager.in_bulk({guest.pk for guest in present})
    judged = {guest: _verdict(guest, sessions, users) for guest in present}
    return {guest: code for guest, code in judged.items() if code is not None}


def _verdict(guest: Guest, sessions: dict[str, dict[str, Any]], users: dict[Any, Any]) -> int | None:
    user, auth_hash = users.get(guest.pk), guest.auth_hash
    if guest.session:
        held = sessions.get(guest.session, {})
        auth_hash = held.get(HASH_SESSION_KEY, "")
        if held.get(SESSION_KEY) != str(guest.pk):
            return SIGNED_OUT
    if user is None or not user.is_active or not _is_of(user, auth_hash):
        return SIGNED_OUT
    return None if can_view(user) else FORBIDDEN


def _is_of(user: Any, auth_hash: str) -> bool:
    """Whether the session began with the user's present password."""
    if not hasattr(user, "get_session_auth_hash"):
        return True
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(auth_hash, valid) for valid in hashes)


def _sessions(keys: set[str]) -> dict[str, dict[str, Any]]:
    """What the sessions hold now, past every cache of ours; those that have ended are not there, or empty."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    if not issubclass(store, DatabaseSessions):
        return {key: store(key).load() for key in keys}
    alive = store.get_model_class().objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return {row.session_key: row.get_decoded() for row in alive} if keys else {}
