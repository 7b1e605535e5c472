"""The lines above the page that say what `manage.py check` would."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from logconsole import setup
from logconsole.handlers import JSONLHandler
from tests.web import PAGE, client_of, configure, person, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_anew(settings: Any, tmp_path: Path) -> Iterator[None]:
    """A site that is right, but for what a test changes."""
    configure(settings, tmp_path)
    logging.getLogger().addHandler(JSONLHandler())
    logging.getLogger("django.request").setLevel(logging.ERROR)
    setup.forget()
    yield
    setup.forget()


def lines(user: Any) -> str:
    """The page, as that user gets it."""
    return str(client_of(user).get(PAGE).content.decode())


def test_a_site_that_is_right_has_no_such_line() -> None:
    """The page begins with the log."""
    assert "lc-setup" not in lines(staff())


def test_what_is_wrong_stands_above_the_page(settings: Any) -> None:
    """With what to write instead."""
    settings.ASGI_APPLICATION = None
    page = lines(staff())
    assert "Setup: 1 thing to look at" in page
    assert "<code>logconsole.W001</code> ASGI_APPLICATION is not set" in page
    assert "Write ASGI_APPLICATION = &quot;mysite.asgi.application&quot;" in page


def test_it_is_asked_for_once_in_a_minute(settings: Any) -> None:
    """A check may ask a server, and pages are opened often."""
    assert "lc-setup" not in lines(user := staff())
    settings.ASGI_APPLICATION = None
    assert "lc-setup" not in lines(user)
    setup.forget()
    assert "lc-setup" in lines(user)


def test_what_the_project_silenced_is_not_told(settings: Any) -> None:
    """As with the command."""
    settings.ASGI_APPLICATION = None
    settings.SILENCED_SYSTEM_CHECKS = ["logconsole.W001"]
    assert "lc-setup" not in lines(staff())


def test_others_who_may_look_are_not_told(settings: Any) -> None:
    """It is for those who can do something about it."""
    settings.ASGI_APPLICATION = None
    assert setup.wrong(person("guest")) == []
    assert len(setup.wrong(staff())) == 1
