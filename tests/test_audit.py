"""Who looked and who was refused is on record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from logconsole import audit, conf
from tests.web import PAGE, Socket, client_of, configure, page, person, staff, ticket_of


@pytest.fixture
def client(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attached: None) -> Client:
    """The browser of somebody who may not look, and nothing told yet."""
    configure(settings, tmp_path)
    monkeypatch.setattr(audit, "_told", {})
    return client_of(person("eve"))


def told() -> list[str]:
    """What the store has of it."""
    return [made.msg for made in conf.get_store("file").older(conf.parse_query("logger:logconsole.audit")).entries]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "entries/", "timeline/", "facets/", "download/", "ticket/"])
def test_each_refusal_is_told_once_a_minute(client: Client, path: str) -> None:
    """Probing the console is seen in it, and cannot flood it."""
    for _ in range(3):
        assert page(client, path).status_code == 403
    assert told() == [f"eve was refused at {PAGE}{path}"]


@pytest.mark.django_db
def test_who_looks_is_told_once_in_a_while(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each user, by opening the page in either form; what the page then asks for is not told again."""
    looker, other = client_of(staff("ada")), client_of(staff("bob"))
    for _ in range(3):
        for path in ("", "entries/", "timeline/", "facets/", "ticket/"):
            assert page(looker, path).status_code == 200
    page(other, "", plain=1)
    client_of(staff("carl")).head(PAGE)
    assert told() == ["ada looks at the log", "bob looks at the log"]
    monkeypatch.setattr(audit.time, "monotonic", lambda: 1e9)  # type: ignore[attr-defined]
    page(looker)
    assert told()[2:] == ["ada looks at the log"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["entries/", "timeline/", "facets/"])
def test_who_looks_past_the_page_is_told_too(client: Client, path: str) -> None:
    """Once, however often it is asked; what gives no entries is not told."""
    looker = client_of(staff("ada"))
    assert page(looker, "ticket/").status_code == page(looker, "jsi18n/").status_code == 200
    assert told() == []
    for _ in range(3):
        assert page(looker, path).status_code == 200
    (made,) = conf.get_store("file").older(conf.parse_query("logger:logconsole.audit")).entries
    assert (made.msg, made.extra) == ("ada looks at the log", {"user": "ada", "path": PAGE + path})


@pytest.mark.django_db(transaction=True)
async def test_who_looks_by_the_socket_is_told_too(client: Client) -> None:
    """When it subscribes, not before."""
    looker = await sync_to_async(client_of)(await sync_to_async(staff)("ada"))
    socket = Socket(looker)
    await socket.connect()
    assert told() == []
    await socket.subscribe(ticket=await sync_to_async(ticket_of)(looker))
    assert [entry["msg"] for entry in (await socket.next("batch"))["entries"]] == ["ada looks at the log"]
    await socket.subscribe(2)
    await socket.next("status")
    await socket.disconnect()
    assert told() == ["ada looks at the log"]


@pytest.mark.django_db
def test_a_download_is_told_in_words(client: Client) -> None:
    """As somebody would write it, and without the secrets in it."""
    taker = client_of(staff("ada"))
    values = {"q": "größe password=hunter2", "level": ["ERROR", "WARNING"], "since": "2h"}
    page(taker, "download/", **values).close()
    (made,) = conf.get_store("file").older(conf.parse_query("logger:logconsole.audit")).entries
    assert made.msg == "ada downloads entries of store file as text: größe password=[redacted]"
    assert made.extra == {
        "user": "ada",
        "store": "file",
        "format": "text",
        "query": "größe password=[redacted]",
        "levels": ["ERROR", "WARNING"],
        "since": "2h",
    }


@pytest.mark.django_db(transaction=True)
async def test_refused_socket_is_told_too(client: Client) -> None:
    """It is one more address."""
    socket = Socket(client)
    assert (await socket.connect())[0]
    assert await socket.closed() == 4403
    await socket.disconnect()
    assert told() == [f"eve was refused at {PAGE}ws/"]


@pytest.mark.django_db
def test_what_is_remembered_is_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many addresses are tried."""
    monkeypatch.setattr(audit, "MOST", 3)
    user = person("mallory")
    for number in range(10):
        audit.refused(user, f"/{number}/")
    assert len(audit._told) <= 3
    assert len(told()) == 10
