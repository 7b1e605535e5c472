"""Matching entries as a file."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from logconsole import conf, download
from logconsole.handlers import JSONLHandler
from tests.asgi import application
from tests.web import PAGE, client_of, configure, keep, page, staff

ADDRESS = PAGE + "download/"


@pytest.fixture
def client(settings: Any, tmp_path: Path) -> Client:
    """The browser of a staff user."""
    configure(settings, tmp_path)
    return client_of(staff())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "kind", "extension"),
    [("text", "text/plain", "log"), ("jsonl", "application/x-ndjson", "jsonl"), ("csv", "text/csv", "csv")],
)
def test_a_download_is_an_attachment_of_what_matches(client: Client, form: str, kind: str, extension: str) -> None:
    """Named by store and time; text is the default."""
    keep("paid", "noise")
    response = page(client, "download/", q="paid", format=form)
    body = response.getvalue().decode()
    assert ("paid" in body, "noise" in body) == (True, False)
    assert response.headers["Content-Type"].startswith(kind)
    name = re.escape("attachment; filename=") + rf'"logconsole-file-\d{{8}}T\d{{6}}Z\.{extension}"'
    assert re.fullmatch(name, response.headers["Content-Disposition"])


@pytest.mark.django_db
def test_every_format_holds_every_entry_in_order(client: Client) -> None:
    """Oldest first."""
    keep(*"abc")
    lines = page(client, "download/", format="jsonl").getvalue().splitlines()
    assert [json.loads(line)["msg"] for line in lines] == ["a", "b", "c"]
    rows = csv.DictReader(io.StringIO(page(client, "download/", format="csv").getvalue().decode()))
    assert [row["msg"] for row in rows] == ["a", "b", "c"]
    text = page(client, "download/").getvalue().decode().splitlines()
    assert [line[-1] for line in text] == ["a", "b", "c"]


@pytest.mark.django_db
@pytest.mark.parametrize(("form", "extension"), [("text", "log"), ("jsonl", "jsonl"), ("csv", "csv")])
def test_it_is_compressed_if_asked_for(client: Client, form: str, extension: str) -> None:
    """As a file that stays compressed where it is put; its name inside is without the ending."""
    keep(*"abc")
    plain = page(client, "download/", format=form, gzip="0")
    packed = page(client, "download/", format=form, gzip="1")
    body = packed.getvalue()
    assert gzip.decompress(body) == plain.getvalue()
    assert packed.headers["Content-Type"] == "application/gzip"
    assert "Content-Encoding" not in packed.headers
    found = re.fullmatch(r'attachment; filename="(.*\.' + extension + r')\.gz"', packed.headers["Content-Disposition"])
    assert found
    assert found[1].encode() + b"\0" in body[:100]
    assert client.head(ADDRESS, {"gzip": "1"}).headers["Content-Type"] == "application/gzip"


@pytest.mark.django_db
def test_what_is_neither_yes_nor_no_is_refused(client: Client) -> None:
    """With what is allowed."""
    response = page(client, "download/", gzip="yes")
    assert (response.status_code, response.json()) == (400, {"error": "gzip is 1 or 0, not 'yes'", "param": "gzip"})


@pytest.mark.django_db
def test_who_takes_is_on_record(client: Client) -> None:
    """One entry with user, store and query, kept before the first part is read."""
    logging.getLogger().addHandler(JSONLHandler())
    logging.getLogger().setLevel(logging.INFO)
    keep("paid")
    response = page(client, "download/", q="paid", level="INFO", format="csv")
    kept = conf.get_store("file").older(conf.parse_query("logger:logconsole.audit")).entries
    assert [(entry.level, entry.extra) for entry in kept] == [
        ("INFO", {"user": "ada", "store": "file", "format": "csv", "query": "paid", "levels": ["INFO"]})
    ]
    response.close()


@pytest.mark.django_db
def test_a_head_request_takes_nothing(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """The headers alone, and nothing on record."""
    caplog.set_level(logging.INFO, "logconsole.audit")
    response = client.head(ADDRESS)
    assert (response.status_code, response.content, caplog.records) == (200, b"", [])
    assert "attachment" in response.headers["Content-Disposition"]


@pytest.mark.django_db
def test_a_download_is_read_piece_by_piece(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not asked for yet was not read yet."""
    monkeypatch.setattr(download, "PIECE", 1)
    keep(*"abc")
    response = page(client, "download/", format="jsonl")
    parts = iter(response.streaming_content)
    assert json.loads(next(parts))["msg"] == "a"
    keep("d")
    rest = list(parts)
    assert [json.loads(part)["msg"] for part in rest][:2] == ["b", "c"]
    assert len(rest) <= 3


@pytest.mark.django_db(transaction=True)
async def test_a_download_streams_from_an_event_loop(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the warning that Django gives for what it has to read whole."""
    monkeypatch.setattr(download, "PIECE", 1)
    keep(*"abc")
    browser = AsyncClient()
    browser.cookies = client.cookies
    response = await browser.get(ADDRESS, {"format": "jsonl"})
    assert response.is_async
    assert [json.loads(part)["msg"] async for part in response.streaming_content] == ["a", "b", "c"]
    await sync_to_async(response.close)()


@pytest.mark.django_db(transaction=True)
async def test_reading_ends_when_the_client_leaves(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says that nobody is there is not fed on."""
    monkeypatch.setattr(download, "PIECE", 1)
    keep(*map(str, range(50)))
    read: list[bytes] = []
    piece = download._piece

    def counted(lines: Any) -> bytes:
        read.append(piece(lines))
        return read[-1]

    monkeypatch.setattr(download, "_piece", counted)
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    scope = {
        "type": "http",
        "method": "GET",
        "path": ADDRESS,
        "query_string": b"format=jsonl",
        "headers": [(b"cookie", cookie), (b"host", b"testserver")],
    }
    took: list[dict[str, Any]] = []
    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def send(message: dict[str, Any]) -> None:
        took.append(message)
        if len(took) == 3:
            await incoming.put({"type": "http.disconnect"})
            await asyncio.Event().wait()  # a client that reads no more

    await incoming.put({"type": "http.request", "body": b"", "more_body": False})
    await application(scope, incoming.get, send)
    assert took[0]["status"] == 200
    assert len(read) < 5


async def test_a_search_that_finds_nothing_is_given_up() -> None:
    """Though there is nothing to send that could fail: whoever reads is not asked on."""
    asked: list[None] = []

    def parts() -> Iterator[bytes]:
        while len(asked) < 100_000:
            asked.append(None)
            yield b""

    async def first() -> None:
        await anext(download.pieces_async(parts()))

    task = asyncio.ensure_future(first())
    while len(asked) < 3:
        await asyncio.to_thread(len, asked)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    count = len(asked)
    for _ in range(100):
        await asyncio.to_thread(len, asked)
    assert len(asked) <= count + 1
