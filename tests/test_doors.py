"""Every address and the socket, every method, everybody: on the default admin site and on one with rules of its own."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib import admin
from django.http import HttpRequest
from django.test import Client
from django.urls import path

from logconsole import audit
from logconsole.admin import ConsoleAdmin
from logconsole.models import Console
from tests.web import RULE, Socket, client_of, configure, keep, person, staff

TAKE = "logconsole.download_console"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
JSON_DOORS = ("ticket/", "entries/", "timeline/", "facets/", "download/", "jsi18n/")
MODEL_DOORS = ("add/", "1/change/", "1/delete/", "1/history/")
PEOPLE = {
    "anonymous": lambda: None,
    "plain": lambda: person("plain"),
    "inactive staff": lambda: staff("inactive", RULE, TAKE, is_active=False),
    "inactive superuser": lambda: person("gone", is_staff=True, is_superuser=True, is_active=False),
    "superuser without staff": lambda: person("odd", is_superuser=True),
    "staff": lambda: staff("staff"),
    "looker": lambda: staff("looker", RULE),
    "taker": lambda: staff("taker", RULE, TAKE),
    "superuser": lambda: person("boss", is_staff=True, is_superuser=True),
}
ABSENT = ("anonymous", "inactive staff", "inactive superuser")
RULES = {"default": {}, "permission": {"PERMISSION": RULE, "DOWNLOAD_PERMISSION": TAKE}}


class Verified(admin.AdminSite):
    """As sites with a second factor do it: signed in is not enough."""

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and bool(request.session.get("verified"))


operations = Verified("operations")
operations.register(Console, ConsoleAdmin)
SITES = {"admin": False, "operations": False, "operations, verified": True}


@pytest.fixture(autouse=True)
def _sites(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sites, pages with nothing on them, and no refusal told yet."""
    urls = ModuleType("tests.urls_of_two_sites")
    vars(urls)["urlpatterns"] = [path("admin/", admin.site.urls), path("operations/", operations.urls)]
    settings.ROOT_URLCONF = urls
    (tmp_path / "logconsole").mkdir()
    for name in ("console.html", "plain.html"):
        (tmp_path / "logconsole" / name).write_text("{{ title }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    monkeypatch.setattr(audit, "_told", {})


def visitor(name: str, site: str) -> Client:
    """Somebody's browser."""
    client = client_of(PEOPLE[name]())
    if SITES[site] and name not in ABSENT:
        session = client.session
        session["verified"] = True
        session.save()
    return client


def console(site: str) -> str:
    """Where the console is on that site."""
    return f"/{site.partition(',')[0]}/logconsole/console/"


def may_view(name: str, rules: str) -> bool:
    """By the rule alone."""
    return name in ("looker", "taker", "superuser") or (name == "staff" and rules == "default")


def may_take(name: str, rules: str) -> bool:
    """Whether a download is theirs."""
    return may_view(name, rules) and (rules == "default" or name in ("taker", "superuser"))


def is_let_in(site: str) -> bool:
    """Whether the site lets in who is staff."""
    return site != "operations"


def expected(door: str, method: str, name: str, rules: str, site: str) -> int:
    """The status of every answer."""
    if door in ("", "?plain=1"):
        return of_page(method, name, rules, site)
    if method not in ("GET", "HEAD"):
        return 405
    if door == "ws/":
        return 426  # to everybody: it tells nothing
    if name in ABSENT:
        return 401
    allowed = may_take if door == "download/" else may_view
    return 200 if is_let_in(site) and allowed(name, rules) else 403


def of_page(method: str, name: str, rules: str, site: str) -> int:
    """The same for the page, which sends to the login who may sign in."""
    if name in ABSENT:
        return 302
    if not may_view(name, rules):
        return 403
    if not is_let_in(site):
        return 302
    return 200 if method in ("GET", "HEAD") else 405


@pytest.mark.django_db
@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("name", PEOPLE)
def test_every_address_and_method_has_the_one_rule(
    name: str, site: str, rules: str, settings: Any, tmp_path: Path
) -> None:
    """Nothing is kept by browsers and proxies, taken for something else, or told to other sites."""
    configure(settings, tmp_path, **RULES[rules])
    keep("a secret of the shop")
    client = visitor(name, site)
    for door, method in product(("", "?plain=1", *JSON_DOORS, "ws/"), METHODS):
        response = client.generic(method, console(site) + door)
        status = expected(door, method, name, rules, site)
        assert response.status_code == status, (door, method)
        assert response.headers["Cache-Control"] == "no-store", (door, method)
        assert response.headers["X-Content-Type-Options"] == "nosniff", (door, method)
        assert response.headers["Referrer-Policy"] == "same-origin", (door, method)
        if status != 200:
            assert b"a secret" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("name", PEOPLE)
def test_the_other_addresses_of_a_model_show_nothing(name: str, site: str, settings: Any, tmp_path: Path) -> None:
    """Whoever asks, and however."""
    configure(settings, tmp_path)
    keep("a secret of the shop")
    client = visitor(name, site)
    for door, method in product(MODEL_DOORS, METHODS):
        response = client.generic(method, console(site) + door)
        assert response.status_code in (302, 403, 405), (door, method)
        assert b"a secret" not in response.content


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("name", PEOPLE)
async def test_the_socket_has_it_too(name: str, site: str, rules: str, settings: Any, tmp_path: Path) -> None:
    """It delivers to whom the page is shown, and to nobody else; a ticket is got by whom the site lets in."""
    configure(settings, tmp_path, **RULES[rules])
    keep("a secret of the shop")
    client = await sync_to_async(visitor)(name, site)
    answer = await sync_to_async(client.get)(console(site) + "ticket/")
    socket = Socket(client, path=console(site) + "ws/")
    assert (await socket.connect())[0]
    if name in ABSENT or not may_view(name, rules):
        assert await socket.closed() == (4401 if name in ABSENT else 4403)
        return
    assert answer.status_code == (200 if is_let_in(site) else 403)
    await socket.subscribe(1, ticket=answer.json().get("ticket", ""))
    if is_let_in(site):
        assert (await socket.next("batch"))["entries"][0]["msg"] == "a secret of the shop"
        await socket.disconnect()
    else:
        assert await socket.closed() == 4401


@pytest.mark.django_db
def test_who_is_inactive_may_not_look_even_if_signed_in(settings: Any, tmp_path: Path) -> None:
    """A backend that signs in inactive users is no way around."""
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.AllowAllUsersModelBackend"]
    configure(settings, tmp_path)
    client = visitor("inactive superuser", "admin")
    for door in ("", *JSON_DOORS):
        assert client.get(console("admin") + door).status_code == 403, door
