"""The ticket that opens a socket: proof that an admin site let this session in, a moment ago."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

SECONDS = 60
SALT = "logconsole.ticket"
COOKIES = "django.contrib.sessions.backends.signed_cookies"


def issue(user: Any, session: Any, site: str) -> str:
    """A ticket for this user, session and admin site."""
    return signing.dumps({"u": str(user.pk), "h": _mark(session), "s": site}, salt=SALT)


def admit(ticket: str, user: Any, session: Any) -> str | None:
    """The name of the admin site that issued it; None if it is stale, forged or somebody else's."""
    try:
        claims = signing.loads(ticket, salt=SALT, max_age=SECONDS)
        mark, owner, site = str(claims["h"]), str(claims["u"]), str(claims["s"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
    is_theirs = constant_time_compare(mark, _mark(session)) and owner == str(user.pk)
    return site if is_theirs else None


def identity(session: Any) -> str:
    """The session's key; nothing for sessions in cookies, whose key changes with every answer."""
    return "" if settings.SESSION_ENGINE == COOKIES else str(session.session_key or "")


def _mark(session: Any) -> str:
    whole = f"{identity(session)}:{session.get(HASH_SESSION_KEY, '')}"
    return salted_hmac(SALT, whole, algorithm="sha256").hexdigest()[:32]
