"""Entries, timeline and what else stands beside the page."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from logconsole import conf
from logconsole.handlers import JSONLHandler
from tests.web import PAGE, client_of, configure, keep, messages, page, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(settings: Any, tmp_path: Path) -> Client:
    """The browser of a staff user."""
    configure(settings, tmp_path)
    return client_of(staff())


def test_entries_are_the_newest_first_asked_for(client: Client) -> None:
    """Without a cursor: the newest, in arrival order, and where to go on."""
    keep(*"abcd")
    batch = page(client, "entries/", limit=2).json()
    assert [entry["msg"] for entry in batch["entries"]] == ["c", "d"]
    assert (batch["more"], batch["missed"], batch["scanned"] <= 1) == (True, False, True)
    assert messages(page(client, "entries/", limit=2, before=batch["before"])) == ["a", "b"]
    keep("e")
    assert messages(page(client, "entries/", after=batch["after"])) == ["e"]


def test_an_empty_after_is_the_beginning(client: Client) -> None:
    """The first entry that is kept comes first; an empty before is the end."""
    keep(*"abc")
    assert messages(page(client, "entries/", after="", limit=2)) == ["a", "b"]
    assert messages(page(client, "entries/", before="", limit=2)) == ["b", "c"]


def test_around_gives_both_sides_and_the_entry_itself(client: Client) -> None:
    """Half before the cursor, and the entry at it among the rest."""
    keep(*"abcde")
    cursor = page(client, "entries/").json()["entries"][2]["cursor"]
    around = page(client, "entries/", around=cursor, limit=3)
    assert messages(around) == ["b", "c", "d"]
    assert messages(page(client, "entries/", before=around.json()["before"])) == ["a"]
    assert messages(page(client, "entries/", after=around.json()["after"])) == ["e"]
    assert messages(page(client, "entries/", around=cursor, limit=1)) == ["c"]


def test_entries_are_filtered_by_query_level_and_time(client: Client) -> None:
    """By the one query language, in the store."""
    keep("paid by card")
    keep("payment failed", level=logging.ERROR)
    keep("slow", level=logging.WARNING, duration_ms=900)
    assert messages(page(client, "entries/", q="pay")) == ["payment failed"]
    assert messages(page(client, "entries/", q="duration_ms>250")) == ["slow"]
    assert messages(page(client, "entries/", level=["ERROR", "WARNING"])) == ["payment failed", "slow"]
    assert messages(page(client, "entries/", level="")) == ["paid by card", "payment failed", "slow"]
    assert messages(page(client, "entries/", since="1h")) == ["paid by card", "payment failed", "slow"]
    assert messages(page(client, "entries/", until="1h")) == []


def test_another_store_can_be_asked(client: Client) -> None:
    """By its alias; the first is the default."""
    keep("on disk")
    keep("in memory", store="ring")
    assert messages(page(client, "entries/")) == ["on disk"]
    assert messages(page(client, "entries/", store="ring")) == ["in memory"]


@pytest.mark.parametrize(
    ("path", "values", "param", "status"),
    [
        ("entries/", {"limit": "0"}, "limit", 400),
        ("entries/", {"limit": "1001"}, "limit", 400),
        ("entries/", {"limit": "many"}, "limit", 400),
        ("entries/", {"limit": "٣"}, "limit", 400),
        ("entries/", {"q": "(open"}, "q", 400),
        ("entries/", {"since": "soon"}, "since", 400),
        ("entries/", {"until": "2026-13-01"}, "until", 400),
        ("entries/", {"after": "no cursor"}, "after", 400),
        ("entries/", {"before": "no cursor"}, "before", 400),
        ("entries/", {"around": "no cursor"}, "around", 400),
        ("entries/", {"around": ""}, "around", 400),
        ("entries/", {"after": "1", "before": "1"}, "after", 400),
        ("entries/", {"around": "1", "after": "1"}, "around", 400),
        ("entries/", {"store": "nowhere"}, "store", 404),
        ("timeline/", {"store": "nowhere"}, "store", 404),
        ("timeline/", {"buckets": "501"}, "buckets", 400),
        ("timeline/", {"q": "(open"}, "q", 400),
        ("download/", {"format": "xml"}, "format", 400),
        ("download/", {"since": "soon"}, "since", 400),
        ("download/", {"store": "nowhere"}, "store", 404),
    ],
)
def test_a_bad_value_is_told(client: Client, path: str, values: dict[str, str], param: str, status: int) -> None:
    """Which parameter, and what is allowed."""
    response = page(client, path, **values)
    assert (response.status_code, response.json()["param"]) == (status, param)
    assert response.json()["error"]


def test_an_error_in_the_query_says_where(client: Client) -> None:
    """The position, from 0."""
    assert page(client, "entries/", q="fine (open").json()["position"] == 5
    assert "1 to 1,000" in page(client, "entries/", limit="0").json()["error"]


def test_the_timeline_counts_levels_over_time(client: Client) -> None:
    """As many spans as asked for, at most."""
    keep("a", "b")
    keep("c", level=logging.ERROR)
    timeline = page(client, "timeline/", buckets=10).json()
    assert {level: sum(counts) for level, counts in timeline["levels"].items()} == {"INFO": 2, "ERROR": 1}
    assert set(timeline) == {"since", "until", "step_seconds", "levels", "scanned"}
    assert all(len(counts) <= 10 for counts in timeline["levels"].values())


@pytest.mark.parametrize("path", ["entries/", "timeline/", "facets/", "download/", "ticket/", "jsi18n/", "ws/"])
def test_only_reading_is_possible(client: Client, path: str) -> None:
    """405 for everything but GET and HEAD."""
    for send in (client.post, client.put, client.patch, client.delete, client.options):
        response = send(PAGE + path)
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
    assert client.head(PAGE + path).content == b""


def test_plain_http_at_the_socket_is_told_to_ask(client: Client) -> None:
    """426, for anybody: the page then polls."""
    for browser in (client, Client()):
        response = page(browser, "ws/")
        assert (response.status_code, response.headers["Upgrade"]) == (426, "websocket")
        assert response.json()["error"]
        assert response.headers["Cache-Control"] == "no-store"


def test_a_site_that_asks_for_login_everywhere_is_no_obstacle(client: Client, settings: Any) -> None:
    """LoginRequiredMiddleware would redirect; the addresses beside the page answer 401 themselves."""
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
    assert page(Client(), "entries/").status_code == 401
    assert page(Client(), "ws/").status_code == 426
    assert page(Client()).headers["Location"].startswith("/admin/login/?next=")


def test_nothing_of_ours_is_kept(client: Client) -> None:
    """Neither what a view logs nor what Django says about its answer; only that somebody looks, once."""
    logging.getLogger().addHandler(JSONLHandler())
    logging.getLogger().setLevel(logging.DEBUG)
    page(client, "entries/")
    page(client, "entries/")
    page(client, "entries/", limit="0")
    page(Client(), "entries/")
    logging.getLogger("shop").info("of the site")
    kept = conf.get_store("file").older(conf.parse_query(), limit=10).entries
    assert [entry.msg for entry in kept] == ["ada looks at the log", "of the site"]


def test_texts_for_the_page_are_a_script(client: Client) -> None:
    """In the user's language."""
    response = page(client, "jsi18n/")
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert b"gettext" in response.content


def test_store_that_is_unreachable_says_so(client: Client, settings: Any) -> None:
    """503 beside the page, and in the plain table; the page itself is shown."""
    options = {"url": "redis://127.0.0.1:1/0"}
    backend = "logconsole.stores.redis.RedisStore"
    settings.LOGCONSOLE = {"STORES": {"redis": {"BACKEND": backend, "OPTIONS": options}}}
    for address in ("entries/", "timeline/", "facets/", "download/"):
        response = page(client, address)
        assert (response.status_code, response.json()["error"][:22]) == (503, "Redis cannot be read: ")
    assert page(client, plain=1).status_code == 503
    assert page(client).status_code == 200
    conf.get_store("redis").close()
