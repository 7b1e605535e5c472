"""The ticket that opens a socket."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import User
from django.core import signing

from logconsole import ticket

COOKIES = "django.contrib.sessions.backends.signed_cookies"


class Session(dict[str, Any]):
    """A session as far as a ticket looks at it."""

    def __init__(self, key: str = "key", auth_hash: str = "hash") -> None:
        super().__init__({HASH_SESSION_KEY: auth_hash})
        self.session_key = key


ada = User(pk=1)


def test_a_ticket_admits_its_user_in_its_session() -> None:
    """And names the admin site that gave it."""
    assert ticket.admit(ticket.issue(ada, Session(), "ops"), ada, Session()) == "ops"


@pytest.mark.parametrize(
    ("user", "session"),
    [(User(pk=2), Session()), (ada, Session("other")), (ada, Session(auth_hash="changed"))],
)
def test_a_ticket_admits_nobody_else(user: User, session: Session) -> None:
    """Another user, another session, or the same one after the password was changed."""
    assert ticket.admit(ticket.issue(ada, Session(), "admin"), user, session) is None


def test_a_ticket_is_stale_after_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """It opens a socket now, not later."""
    made = ticket.issue(ada, Session(), "admin")
    monkeypatch.setattr(ticket, "SECONDS", -1)
    assert ticket.admit(made, ada, Session()) is None


@pytest.mark.parametrize("claims", [{}, [], "text", {"u": "1", "h": "x"}])
def test_a_ticket_of_another_shape_admits_nobody(claims: Any) -> None:
    """Even one that we signed."""
    assert ticket.admit(signing.dumps(claims, salt=ticket.SALT), ada, Session()) is None


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "ä"])
def test_a_forged_ticket_admits_nobody(text: str) -> None:
    """Whatever it is."""
    assert ticket.admit(text, ada, Session()) is None


def test_a_session_in_cookies_is_known_by_its_hash(settings: Any) -> None:
    """Its key changes with every answer."""
    settings.SESSION_ENGINE = COOKIES
    made = ticket.issue(ada, Session("one"), "admin")
    assert ticket.admit(made, ada, Session("two")) == "admin"
    assert ticket.admit(made, ada, Session("two", "changed")) is None
