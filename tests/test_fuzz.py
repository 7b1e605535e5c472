"""Whatever is sent is answered: with what was asked for, or with what is wrong. `FUZZ=10000` tries so many of each."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from hypothesis import HealthCheck, example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from logconsole import conf, protocol
from tests.web import PAGE, Socket, client_of, configure, keep, staff, ticket_of

COUNT = int(os.environ.get("FUZZ", "150"))
FUZZED = how(max_examples=COUNT, deadline=None, suppress_health_check=list(HealthCheck))
pytestmark = pytest.mark.timeout(600)

DOORS = ("entries/", "timeline/", "facets/", "download/", "?plain=1&", "ticket/", "jsi18n/", "")
NAMES = ("q", "level", "since", "until", "store", "before", "after", "around", "limit", "buckets", "format", "plain")
ODD = (
    *(
        "",
        "0",
        "1",
        "-1",
        "1000",
        "1001",
        "9" * 400,
        "١",
        "²",
        "1e3",
        "0x10",
        " 5 ",
        "None",
        "true",
        "[]",
        "{}",
        "%",
        "%00",
    ),
    *("../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "file", "ring", "FILE", "text", "jsonl", "csv", "exe"),
    *("15m", "999999999w", "2026-11-23", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-13-99"),
    *(
        '"',
        '"open',
        "(",
        ")",
        "(" * 60,
        "-",
        "--",
        "OR",
        "a OR",
        "NOT",
        "/",
        "/(/",
        "/a{1000}{1000}/",
        "/(a+)+$/",
        "a:",
    ),
    *(
        "level>=warning",
        "level>=nothing",
        "pid>x",
        "since:",
        "since:never",
        "has:",
        ":",
        "*:*",
        "x" * 9_000,
        "a " * 300,
    ),
    *("\0", "\ud800", "\r\nSet-Cookie: a=b", "<script>", "'; DROP TABLE--", "${jndi:ldap://x}", "{{ 7*7 }}", "\u202e"),
)
TEXT = st.one_of(st.sampled_from(ODD), st.text(max_size=30), st.integers().map(str))
PAIRS = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), st.text(max_size=5)), TEXT), max_size=6)
ALLOWED = (sys.prefix, sys.base_prefix, str(Path(__file__).parents[1]), "/usr/share/zoneinfo/")
"""Where modules are loaded from, and time zones."""


class Opened:
    """The files that are opened while somebody watches."""

    def __init__(self) -> None:
        self.is_watching = False
        self.paths: set[str] = set()
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: Any) -> None:
        if self.is_watching and event in ("open", "os.listdir", "os.scandir"):
            self.paths.add(str(arguments[0]))


@pytest.fixture(scope="module")
def opened() -> Opened:
    """One for all tests: such a hook stays for ever."""
    return Opened()


@pytest.fixture
def client(settings: Any, tmp_path: Path) -> Client:
    """The browser of a staff user, on a site whose store holds odd things."""
    configure(settings, tmp_path)
    keep("one", "two", "\u202e<b>", status=500)
    (segment,) = (tmp_path / "logs").glob("0*.jsonl")
    with segment.open("ab") as file:
        file.write(b'{"ts": 5}\nno json\n{"ts":"\xff","level":"INFO","msg":"x"}\n{"ts":"never","level":"","msg":""}\n')
    keep("three")
    return client_of(staff())


@pytest.mark.django_db
def test_any_parameters_are_answered(client: Client, tmp_path: Path, opened: Opened) -> None:
    """200, or 400 and 404 with the reason; no file is touched but those of the store."""
    before = sorted(tmp_path.rglob("*"))

    @FUZZED
    @given(st.sampled_from(DOORS), PAIRS)
    def check(door: str, pairs: list[tuple[str, str]]) -> None:
        sent = urlencode([(name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in pairs])
        look_at(client.get(PAGE + door + ("" if "?" in door else "?") + sent), door)

    opened.is_watching, opened.paths = True, set()
    check()
    opened.is_watching = False
    assert sorted(tmp_path.rglob("*")) == before
    outside = {path for path in opened.paths if not path.startswith((*ALLOWED, str(tmp_path)))}
    assert {path for path in outside if not path.isdigit()} <= {"<unknown>"}  # a source that a traceback looks for


@pytest.mark.django_db
def test_every_odd_value_is_answered(client: Client) -> None:
    """In every place."""
    for name, door in {**dict.fromkeys(NAMES, "entries/"), "buckets": "timeline/", "format": "download/"}.items():
        for value in ODD:
            look_at(client.get(PAGE + door + "?" + urlencode({name: value.encode("utf-8", "replace")})), door)


@pytest.mark.django_db
def test_any_query_string_is_answered(client: Client) -> None:
    """Bytes that no browser sends."""

    @FUZZED
    @given(st.sampled_from(DOORS), st.binary(max_size=60))
    def check(door: str, sent: bytes) -> None:
        string = ("plain=1&" if "plain" in door else "") + quote(sent, safe="%&=+;")
        look_at(client.get(PAGE + door.partition("?")[0], QUERY_STRING=string), door)

    check()


def look_at(response: Any, door: str) -> None:
    """A good answer, or one that says what is wrong."""
    assert response.status_code in (200, 400, 404)
    if response.status_code == 200:
        body = response.getvalue() if response.streaming else response.content
        if door in ("entries/", "timeline/", "ticket/"):
            assert isinstance(json.loads(body), dict)
        response.close()
    elif door.endswith("/"):
        told = response.json()
        assert told["error"]
        assert told["param"] in NAMES
    else:
        assert response.content


SUBSCRIBE = st.fixed_dictionaries(
    {"type": st.just("subscribe"), "id": st.one_of(st.integers(0, 9), st.integers(), TEXT)},
    optional={
        **{name: st.one_of(TEXT, st.none()) for name in ("store", "q", "since", "until", "after", "ticket")},
        "level": st.one_of(st.lists(TEXT, max_size=3), TEXT, st.none()),
        "limit": st.one_of(st.integers(), TEXT, st.none()),
        "more": TEXT,
    },
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=8,
)
ACK = st.fixed_dictionaries({"type": st.just("ack"), "id": st.one_of(st.integers(0, 9), JSON), "after": TEXT})
MESSAGES = st.one_of(
    SUBSCRIBE.map(json.dumps),
    ACK.map(json.dumps),
    JSON.map(json.dumps),
    st.text(max_size=40),
    st.sampled_from(
        ["", "{", "[" * 5_000, '{"type":"ack"}' * 2, "x" * 20_000, '{"type":"subscribe","id":1e400}', "null"]
    ),
    st.binary(max_size=40),
)


@FUZZED
@given(MESSAGES)
@example("\ud800")
@example("[" * 200_000)
def test_any_message_is_understood_or_a_violation(message: str | bytes) -> None:
    """Nothing else can come of it."""
    with contextlib.suppress(protocol.Violation):
        assert protocol.received(message if isinstance(message, str) else None).id is not None


@pytest.mark.django_db(transaction=True)
async def test_any_message_is_answered_or_closes_the_socket(client: Client) -> None:
    """By a frame of the protocol, or by a code of it; the process goes on as before."""
    ticket = await sync_to_async(ticket_of)(client)
    made: list[list[str | bytes]] = []

    @how(max_examples=max(COUNT // 5, 20), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(MESSAGES, min_size=1, max_size=8))
    def draw(messages: list[str | bytes]) -> None:
        made.append(messages)

    await asyncio.to_thread(draw)
    began = time.monotonic()
    for messages in made:
        if time.monotonic() > began + 30:  # a ticket is good for a minute
            began, ticket = time.monotonic(), await sync_to_async(ticket_of)(client)
        await converse(client, ticket, messages)
    sys.stdout.write(f"{sum(map(len, made)) + 2 * len(made):,} frames by {len(made):,} sockets\n")
    assert conf.get_store("file").trouble == ""


async def converse(client: Client, ticket: str, messages: list[str | bytes]) -> None:
    """Open a socket, say all of it, and hear what comes until the end."""
    socket = Socket(client)
    assert (await socket.connect())[0]
    await socket.subscribe(1, ticket=ticket)
    for message in messages:
        kind = "bytes" if isinstance(message, bytes) else "text"
        await socket.send_input({"type": "websocket.receive", kind: message})
    await socket.subscribe(99, q='"')  # an error in the end, unless it is closed before
    while True:
        said = await socket.receive_output(timeout=10)
        if said["type"] == "websocket.close":
            assert said["code"] == protocol.MALFORMED
            assert said["reason"]
            return
        told = json.loads(said["text"])
        assert told["type"] in ("batch", "status", "error")
        if told.get("id") == 99:
            break
        if told["type"] == "batch":
            await socket.ack(told)
    await socket.disconnect()
