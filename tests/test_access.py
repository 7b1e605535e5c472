"""Who may look, and who may take: the same at every door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser, User

from logconsole.access import can_download, can_view
from tests.web import RULE, Socket, client_of, configure, keep, page, person, staff, ticket_of

EVERYBODY = ("anonymous", "plain", "inactive", "staff", "permitted", "superuser")


def make(name: str) -> Any:
    """The user of that name; nobody for anonymous."""
    makers = {
        "anonymous": lambda: None,
        "plain": lambda: person("plain"),
        "inactive": lambda: staff("inactive", is_active=False),
        "staff": lambda: staff("staff"),
        "permitted": lambda: staff("permitted", RULE),
        "superuser": lambda: person("superuser", is_staff=True, is_superuser=True),
    }
    return makers[name]()


@pytest.fixture
def _bare_page(settings: Any, tmp_path: Path) -> None:
    """A page without anything on it, so that only the door is looked at."""
    (tmp_path / "logconsole").mkdir()
    (tmp_path / "logconsole" / "console.html").write_text("{{ title }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]


def expected(name: str, rule: str | None, door: str) -> int:
    """What a door answers; the page sends to the login who is not signed in (an inactive user never is)."""
    if name in ("anonymous", "inactive"):
        return {"": 302, "ws/": 4401}.get(door, 401)
    if name == "plain" or (name == "staff" and rule):
        return 4403 if door == "ws/" else 403
    return 200


@pytest.mark.parametrize("rule", [None, RULE])
@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.usefixtures("_bare_page")
@pytest.mark.django_db
def test_every_address_has_the_same_rule(name: str, rule: str | None, settings: Any, tmp_path: Path) -> None:
    """Page, entries, timeline, download, ticket and texts let in the same people."""
    configure(settings, tmp_path, PERMISSION=rule)
    client = client_of(make(name))
    for door in ("", "entries/", "timeline/", "facets/", "download/", "ticket/", "jsi18n/"):
        response = page(client, door)
        assert response.status_code == expected(name, rule, door), door
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        if response.status_code in (401, 403) and door:
            assert response.json()["error"]


@pytest.mark.parametrize("rule", [None, RULE])
@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.django_db(transaction=True)
async def test_the_socket_has_that_rule_too(name: str, rule: str | None, settings: Any, tmp_path: Path) -> None:
    """It is opened, and closed with a code that says why, or it delivers."""
    configure(settings, tmp_path, PERMISSION=rule)
    keep("one")
    client = await sync_to_async(lambda: client_of(make(name)))()
    socket = Socket(client)
    assert (await socket.connect())[0]
    code = expected(name, rule, "ws/")
    if code == 200:
        await socket.subscribe(1, ticket=await sync_to_async(ticket_of)(client))
        assert (await socket.next("batch"))["entries"][0]["msg"] == "one"
        await socket.disconnect()
    else:
        assert await socket.closed() == code


@pytest.mark.django_db
def test_downloading_can_need_more(settings: Any, tmp_path: Path) -> None:
    """DOWNLOAD_PERMISSION asks for something on top; without it whoever may look may take."""
    configure(settings, tmp_path, DOWNLOAD_PERMISSION="logconsole.download_console")
    looker, taker = staff("looker"), staff("taker", "logconsole.download_console")
    assert (can_view(looker), can_download(looker), can_download(taker)) == (True, False, True)
    assert page(client_of(looker), "download/").status_code == 403
    assert page(client_of(looker), "entries/").status_code == 200
    assert page(client_of(taker), "download/").status_code == 200


def only_ada(user: Any) -> bool:
    """A rule of a project."""
    return bool(user.get_username() == "ada")


@pytest.mark.parametrize("rule", [only_ada, "tests.test_access.only_ada"])
@pytest.mark.django_db
def test_a_project_has_a_rule_of_its_own(rule: object, settings: Any) -> None:
    """A callable, or its path, decides on every active user."""
    settings.LOGCONSOLE = {"PERMISSION": rule}
    assert can_view(person("ada"))
    assert not can_view(staff("bob"))


def test_a_rule_may_stand_in_a_module_without_a_package(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """Its path has one dot, as a permission does; that one begins with an app."""
    (tmp_path / "housekeys.py").write_text("def nobody(user):\n    return False\n")
    monkeypatch.syspath_prepend(tmp_path)
    settings.LOGCONSOLE = {"PERMISSION": "housekeys.nobody"}
    assert not can_view(User(username="ada", is_staff=True))
    assert not can_view(User(username="root", is_superuser=True, is_staff=True))


def test_nobody_may_not_look() -> None:
    """Neither an anonymous user nor none at all."""
    assert not can_view(AnonymousUser())
    assert not can_view(None)
