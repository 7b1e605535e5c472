"""The socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from logconsole import conf, consumers, protocol, pump, recheck, watch
from tests.web import Socket, client_of, configure, keep, staff, ticket_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(settings: Any, tmp_path: Path) -> Client:
    """The browser of a staff user."""
    configure(settings, tmp_path)
    return client_of(staff())


@pytest.fixture
async def socket(client: Client) -> AsyncIterator[Socket]:
    """Its socket, open."""
    made = Socket(client)
    assert (await made.connect())[0]
    yield made
    await made.disconnect()


@pytest.fixture
def ticket(client: Client) -> str:
    """What opens it."""
    return ticket_of(client)


def told(batch: dict[str, Any]) -> list[str]:
    """The messages in a batch."""
    return [entry["msg"] for entry in batch["entries"]]


async def test_subscribing_gives_history_then_live(socket: Socket, ticket: str) -> None:
    """First what is kept, then that all of it is there, then what comes; nothing twice."""
    keep("one", "two")
    await socket.subscribe(7, ticket=ticket)
    batch = await socket.next("batch")
    assert (batch["id"], told(batch), batch["missed"]) == (7, ["one", "two"], False)
    status = await socket.next("status")
    assert status == {"type": "status", "id": 7, "state": "live", "scope": "host", "store": "file"}
    keep("three")
    assert told(await socket.next("batch")) == ["three"]


async def test_history_is_the_newest_matches_up_to_the_limit(socket: Socket, ticket: str) -> None:
    """`limit` bounds the history; the batch says that there is more, and where."""
    keep(*(f"invoice {number}" for number in range(5)), "noise")
    await socket.subscribe(ticket=ticket, q="invoice", limit=2)
    batch = await socket.next("batch")
    assert (told(batch), batch["more"]) == (["invoice 3", "invoice 4"], True)
    older = conf.get_store("file").older(conf.parse_query("invoice"), batch["before"])
    assert [entry.msg for entry in older.entries] == ["invoice 0", "invoice 1", "invoice 2"]


async def test_history_without_a_match_is_an_empty_batch(socket: Socket, ticket: str) -> None:
    """The page learns that there is nothing, instead of waiting."""
    keep("one")
    await socket.subscribe(ticket=ticket, q="nowhere")
    assert told(await socket.next("batch")) == []
    await socket.next("status")


async def test_a_live_entry_that_does_not_match_is_not_sent(socket: Socket, ticket: str) -> None:
    """The filter holds for what comes, too."""
    await socket.subscribe(ticket=ticket, q="invoice", level=["INFO"])
    await socket.next("batch")
    await socket.next("status")
    keep("noise")
    keep("invoice late", level=40)
    keep("invoice right")
    assert told(await socket.next("batch")) == ["invoice right"]


async def test_subscribing_after_a_cursor_resumes_without_gap_or_duplicate(socket: Socket, ticket: str) -> None:
    """Whoever comes back with its cursor gets exactly what it has not seen."""
    keep("one", "two")
    await socket.subscribe(1, ticket=ticket)
    batch = await socket.next("batch")
    await socket.next("status")
    await socket.disconnect()
    keep("three", "four")
    again = Socket(await sync_to_async(client_of)(await sync_to_async(_ada)()))
    await again.connect()
    await again.subscribe(2, ticket=await sync_to_async(_new_ticket)(again), after=batch["after"])
    assert told(await again.next("batch")) == ["three", "four"]
    assert (await again.next("status"))["id"] == 2
    await again.disconnect()


def _ada() -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username="ada")


def _new_ticket(socket: Socket) -> str:
    client = Client()
    cookies = dict(socket.scope["headers"])[b"cookie"].decode()
    client.cookies.load(cookies)
    return ticket_of(client)


async def test_a_long_history_comes_in_frames_of_bounded_size(
    socket: Socket, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frames are split by number and by bytes, and say that more follows."""
    monkeypatch.setattr(pump, "FRAME_ENTRIES", 2)
    keep(*"abc")
    await socket.subscribe(ticket=ticket)
    first, second = await socket.next("batch"), await socket.next("batch")
    assert (told(first), first["more"], told(second), second["more"]) == (["a", "b"], True, ["c"], False)
    assert second["before"] == first["after"]


async def test_no_more_than_two_batches_go_ahead_of_the_acks(
    socket: Socket, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third batch waits until the first was painted."""
    monkeypatch.setattr(pump, "FRAME_ENTRIES", 1)
    keep(*"abcd")
    await socket.subscribe(ticket=ticket)
    first = await socket.receive_json_from(timeout=5)
    second = await socket.receive_json_from(timeout=5)
    await socket.subscribe(q='"', id=99)  # answered at once: nothing else was on its way
    assert (await socket.next("error"))["id"] == 99
    await socket.ack(first)
    third = await socket.receive_json_from(timeout=5)
    assert [told(batch) for batch in (first, second, third)] == [["a"], ["b"], ["c"]]


async def test_an_ack_covers_the_batches_before_it(
    socket: Socket, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that paints two batches at once acknowledges the second."""
    monkeypatch.setattr(pump, "FRAME_ENTRIES", 1)
    keep(*"abcd")
    await socket.subscribe(ticket=ticket)
    await socket.receive_json_from(timeout=5)
    await socket.ack(await socket.receive_json_from(timeout=5))
    assert told(await socket.receive_json_from(timeout=5)) == ["c"]
    assert told(await socket.receive_json_from(timeout=5)) == ["d"]


async def test_a_client_that_acknowledges_nothing_is_closed_with_4408(
    socket: Socket, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for, not buffered for, and not for ever."""
    monkeypatch.setattr(pump, "FRAME_ENTRIES", 1)
    monkeypatch.setattr(pump, "ACK_SECONDS", 0.01)
    keep(*"abcd")
    await socket.subscribe(ticket=ticket)
    await socket.receive_json_from(timeout=5)
    await socket.receive_json_from(timeout=5)
    assert await socket.closed() == 4408


async def test_an_idle_client_that_acknowledges_nothing_is_closed_with_4408(
    socket: Socket, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be gone without a word, and not every server asks."""
    monkeypatch.setattr(pump, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(pump, "ACK_SECONDS", 0.05)
    await socket.subscribe(ticket=ticket)
    await socket.receive_json_from(timeout=5)
    await socket.next("status")
    while (message := await socket.receive_output(timeout=5))["type"] != "websocket.close":
        assert message["text"] == '{"type":"ping"}'
    assert message["code"] == 4408


async def test_resubscribing_replaces_what_was_shown(socket: Socket, ticket: str) -> None:
    """After the first batch of the new id there is none of the old one."""
    await socket.subscribe(1, ticket=ticket)
    await socket.next("batch")
    await socket.next("status")
    await socket.subscribe(2, q="invoice")
    assert (await socket.next("batch"))["id"] == 2
    assert (await socket.next("status"))["id"] == 2
    keep("noise", "invoice")
    batch = await socket.next("batch")
    assert (batch["id"], told(batch)) == (2, ["invoice"])


async def test_acks_of_an_earlier_subscription_are_passed_over(socket: Socket, ticket: str) -> None:
    """They were on their way when the filter changed."""
    await socket.subscribe(1, ticket=ticket)
    old = await socket.receive_json_from(timeout=5)
    await socket.next("status")
    await socket.subscribe(2)
    await socket.next("batch")
    await socket.ack(old)
    await socket.next("status")
    keep("one")
    assert told(await socket.next("batch")) == ["one"]


@pytest.mark.parametrize(
    ("values", "param"),
    [
        ({"q": '"open'}, "q"),
        ({"since": "yesterday"}, "since"),
        ({"until": "31.12.2026"}, "until"),
        ({"store": "nowhere"}, "store"),
        ({"after": "no cursor"}, "after"),
        ({"limit": 0}, "limit"),
        ({"limit": 1001}, "limit"),
    ],
)
async def test_what_cannot_be_shown_is_an_error_and_the_rest_goes_on(
    socket: Socket, ticket: str, values: dict[str, Any], param: str
) -> None:
    """The socket stays open and the previous subscription runs."""
    await socket.subscribe(1, ticket=ticket)
    await socket.next("batch")
    await socket.next("status")
    await socket.subscribe(2, **values)
    error = await socket.next("error")
    assert (error["id"], error["param"], bool(error["error"])) == (2, param, True)
    keep("still here")
    batch = await socket.next("batch")
    assert (batch["id"], told(batch)) == (1, ["still here"])


async def test_an_error_in_the_query_says_where(socket: Socket, ticket: str) -> None:
    """So that the page can point at it."""
    await socket.subscribe(1, ticket=ticket, q="fine (not closed")
    assert (await socket.next("error"))["position"] == 5


async def test_another_store_can_be_followed(socket: Socket, ticket: str) -> None:
    """`store` chooses; its scope is said."""
    keep("in memory", store="ring")
    await socket.subscribe(1, ticket=ticket, store="ring")
    assert told(await socket.next("batch")) == ["in memory"]
    assert (await socket.next("status"))["scope"] == "process"
    keep("more", store="ring")
    assert told(await socket.next("batch")) == ["more"]


async def test_an_idle_socket_is_pinged(socket: Socket, ticket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that proxies keep it open; pings need no ack."""
    monkeypatch.setattr(pump, "IDLE_SECONDS", 0.01)
    await socket.subscribe(1, ticket=ticket)
    await socket.next("batch")
    await socket.next("status")
    for _ in range(5):
        assert await socket.next("ping") == {"type": "ping"}


async def test_an_idle_socket_learns_how_far_was_read(
    socket: Socket, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What matched nothing need not be read again after a lost connection."""
    monkeypatch.setattr(pump, "IDLE_SECONDS", 0.05)
    await socket.subscribe(1, ticket=ticket, q="invoice")
    before = await socket.next("batch")
    await socket.next("status")
    keep("noise")
    while (message := await socket.receive_json_from(timeout=5))["type"] == "ping":
        pass
    assert (message["type"], message["entries"]) == ("batch", [])
    assert int(message["after"]) > int(before["after"] or 0)


@pytest.mark.parametrize(
    "text",
    [
        "no json",
        "[]",
        "{}",
        '{"type": "shout", "id": 1}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": "1"}',
        '{"type": "subscribe", "id": 1, "q": 5}',
        '{"type": "subscribe", "id": 1, "level": "INFO"}',
        '{"type": "subscribe", "id": 1, "limit": "500"}',
        '{"type": "subscribe", "id": 1, "color": "red"}',
        '{"type": "ack", "id": 1}',
        '{"type": "ack", "id": 1, "after": "0"}',
        '{"type": "subscribe", "id": 1, "q": "' + "x" * 16_384 + '"}',
        '{"type": "subscribe", "id": 1, "q": "' + "ä" * 8_200 + '"}',
        "[" * 10_000,
    ],
    ids=lambda text: text[:40],
)
async def test_a_message_outside_the_protocol_closes_with_4400(socket: Socket, text: str) -> None:
    """Not JSON, unknown, of wrong types, too long, or an ack before anything was sent."""
    await socket.send_to(text_data=text)
    assert await socket.closed() == 4400


async def test_too_many_messages_close_with_4400(socket: Socket, ticket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason, for servers that pass it on."""
    monkeypatch.setattr(protocol.Rate, "spend", lambda rate: rate._most != protocol.MAX_SUBSCRIBES)
    await socket.subscribe(ticket=ticket)
    closed = await socket.receive_output(timeout=5)
    assert (closed["code"], closed["reason"]) == (4400, "a message outside the protocol: too many subscribes")


async def test_a_binary_message_closes_with_4400(socket: Socket) -> None:
    """The protocol is text."""
    await socket.send_to(bytes_data=b"{}")
    assert await socket.closed() == 4400


async def test_messages_behind_the_close_are_passed_over(socket: Socket, ticket: str) -> None:
    """They were on their way."""
    await socket.send_to(text_data="no json")
    assert await socket.closed() == 4400
    await socket.subscribe(1, ticket=ticket)


@pytest.mark.parametrize("given", [{}, {"ticket": ""}, {"ticket": "forged:1vZ:abc"}])
async def test_without_a_good_ticket_it_closes_with_4401(socket: Socket, given: dict[str, str]) -> None:
    """The first message carries what an admin site gave this session a moment ago."""
    await socket.subscribe(1, **given)
    assert await socket.closed() == 4401


async def test_a_ticket_is_wanted_soon(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """An open socket that asks for nothing holds no place for ever."""
    monkeypatch.setattr(consumers, "TICKET_SECONDS", 0.01)
    socket = Socket(client)
    await socket.connect()
    assert await socket.closed() == 4401
    await socket.disconnect()


async def test_the_ticket_of_another_session_closes_with_4401(socket: Socket, client: Client) -> None:
    """Even of the same user."""
    other = await sync_to_async(client_of)(await sync_to_async(_ada)())
    await socket.subscribe(1, ticket=await sync_to_async(ticket_of)(other))
    assert await socket.closed() == 4401


async def test_more_sockets_than_allowed_close_with_4429(
    socket: Socket, client: Client, ticket: str, settings: Any
) -> None:
    """The bound holds in the whole process, and a place is free again when one leaves."""
    settings.LOGCONSOLE = {**settings.LOGCONSOLE, "MAX_CLIENTS": 1}
    await socket.subscribe(ticket=ticket)
    await socket.next("batch")
    another = Socket(client)
    await another.connect()
    assert await another.closed() == 4429
    await socket.disconnect()
    third = Socket(client)
    await third.connect()
    await third.subscribe(ticket=ticket)
    await third.next("batch")
    assert watch.count() == 1
    await third.disconnect()
    assert watch.count() == 0


def closes(socket: Socket) -> list[int]:
    """The codes with which it was closed until now."""
    messages = []
    while not socket.output_queue.empty():
        messages.append(socket.output_queue.get_nowait())
    return [message["code"] for message in messages if message["type"] == "websocket.close"]


async def test_one_user_cannot_keep_the_others_out(client: Client, ticket: str, settings: Any) -> None:
    """Whoever has none is given one of the many sockets of another, who has all of them as long as nobody comes."""
    settings.LOGCONSOLE = {**settings.LOGCONSOLE, "MAX_CLIENTS": watch.PLENTY}
    bob = await sync_to_async(client_of)(await sync_to_async(staff)("bob"))
    many = [Socket(client) for _ in range(watch.PLENTY)]
    for made in many:
        await made.connect()
        await made.subscribe(ticket=ticket)
        await made.next("batch")
    one_more, first, second = Socket(client), Socket(bob), Socket(bob)
    await one_more.connect()
    assert await one_more.closed() == 4429
    await first.connect()
    await first.subscribe(ticket=await sync_to_async(ticket_of)(bob))
    await first.next("batch")
    closed = [code for made in many for code in closes(made)]
    assert (closed, watch.count()) == ([4429], watch.PLENTY)
    await second.connect()
    assert await second.closed() == 4429
    for made in (*many, one_more, first, second):
        await made.disconnect()
    assert watch.count() == 0


async def test_sockets_without_a_ticket_keep_nobody_out(client: Client, settings: Any) -> None:
    """There may be as many of them as with one, and somebody else's first one finds a place among them."""
    settings.LOGCONSOLE = {**settings.LOGCONSOLE, "MAX_CLIENTS": watch.PLENTY}
    bob = await sync_to_async(client_of)(await sync_to_async(staff)("bob"))
    half_open = [Socket(client) for _ in range(watch.PLENTY + 1)]
    for made in half_open:
        await made.connect()
    assert await half_open[-1].closed() == 4429
    other = Socket(bob)
    await other.connect()
    await other.subscribe(ticket=await sync_to_async(ticket_of)(bob))
    await other.next("batch")
    for made in (*half_open, other):
        await made.disconnect()
    assert watch.count() == 0


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "https://testserver", "http://testserver:81"])
async def test_a_foreign_page_is_refused_before_it_is_accepted(client: Client, origin: str | None) -> None:
    """A browser would send the cookies along."""
    socket = Socket(client, origin=origin)
    assert not (await socket.connect())[0]


async def test_a_logout_in_the_same_process_closes_at_once(socket: Socket, client: Client, ticket: str) -> None:
    """4401, without waiting for the next check; other sessions of the user go on."""
    await socket.subscribe(1, ticket=ticket)
    await socket.next("batch")
    await socket.next("status")
    other = Socket(await sync_to_async(client_of)(await sync_to_async(_ada)()))
    await other.connect()
    await sync_to_async(client.post)("/admin/logout/")
    assert await socket.closed() == 4401
    await other.subscribe(1, ticket="none")
    assert await other.closed() == 4401
    await other.disconnect()


@pytest.mark.parametrize(
    ("change", "code"), [({"is_staff": False}, 4403), ({"is_active": False}, 4401), ({"password": "new"}, 4401)]
)
async def test_a_changed_user_is_checked_at_once(
    socket: Socket, ticket: str, change: dict[str, Any], code: int
) -> None:
    """Saving the user in the same process is enough."""

    def save() -> None:
        user = _ada()
        vars(user).update(change)
        user.save()

    await socket.subscribe(1, ticket=ticket)
    await socket.next("batch")
    await socket.next("status")
    await sync_to_async(save)()
    assert await socket.closed() == code


async def test_a_deleted_user_is_signed_out(socket: Socket) -> None:
    """Whoever is gone sees nothing."""
    await sync_to_async(lambda: _ada().delete())()
    assert await socket.closed() == 4401


async def test_everybody_is_checked_again_and_again(settings: Any, tmp_path: Path) -> None:
    """A permission taken away in another process is noticed after RECHECK_SECONDS."""
    configure(settings, tmp_path, RECHECK_SECONDS=0.02)
    user = await sync_to_async(staff)()
    socket = Socket(await sync_to_async(client_of)(user))
    await socket.connect()
    await sync_to_async(type(user).objects.filter(pk=user.pk).update)(is_staff=False)
    assert await socket.closed() == 4403
    await socket.disconnect()


@pytest.mark.parametrize("count", [1, 12])
async def test_all_are_checked_by_one_query_for_sessions_and_one_for_users(
    settings: Any, tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many sockets there are, and none for an entry."""
    configure(settings, tmp_path)
    judge, checked, queries = recheck.verdicts, asyncio.Event(), list[int]()
    loop = asyncio.get_running_loop()

    def verdicts(guests: list[recheck.Guest]) -> dict[recheck.Guest, int]:
        with CaptureQueriesContext(connection) as captured:
            found = judge(guests)
        queries.append(len(captured))
        loop.call_soon_threadsafe(checked.set)
        return found

    sockets = []
    for number in range(count):
        browser = await sync_to_async(client_of)(await sync_to_async(staff)(f"ada{number}"))
        sockets.append(made := Socket(browser))
        await made.connect()
        await made.subscribe(ticket=await sync_to_async(ticket_of)(browser))
        await made.next("batch")
        await made.next("status")
    monkeypatch.setattr(recheck, "verdicts", verdicts)
    keep("one", "two")
    for made in sockets:
        assert told(await made.next("batch")) == ["one", "two"]
    assert queries == []
    watch._check_all()
    await checked.wait()
    assert queries == [2]
    for made in sockets:
        await made.disconnect()


async def test_a_session_that_expired_is_noticed(client: Client, settings: Any) -> None:
    """Its time is over, although it is still in the table."""
    settings.LOGCONSOLE = {**settings.LOGCONSOLE, "RECHECK_SECONDS": 0.02}
    socket = Socket(client)
    await socket.connect()
    over = timezone.now() - timedelta(seconds=1)
    await sync_to_async(Session.objects.update)(expire_date=over)
    assert await socket.closed() == 4401
    await socket.disconnect()


async def test_a_session_that_ended_elsewhere_is_noticed(client: Client, settings: Any) -> None:
    """The session is looked up afresh."""
    settings.LOGCONSOLE = {**settings.LOGCONSOLE, "RECHECK_SECONDS": 0.02}
    socket = Socket(client)
    await socket.connect()
    await sync_to_async(client.session.delete)()
    assert await socket.closed() == 4401
    await socket.disconnect()


async def test_a_server_that_stops_says_so(client: Client) -> None:
    """1001, so that the page reconnects; nothing of the socket is left."""
    socket = Socket(client)
    await socket.connect()
    assert watch.count() == 1
    socket.future.cancel()
    assert await socket.closed() == 1001
    await socket.send_to(text_data="on its way")
    await socket.send_input({"type": "websocket.disconnect", "code": 1001})
    await asyncio.wait({socket.future})
    assert watch.count() == 0


async def test_a_server_that_stops_waits_for_nobody_long(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that does not answer holds up nothing."""
    monkeypatch.setattr(consumers, "GOODBYE_SECONDS", 0.01)
    socket = Socket(client)
    await socket.connect()
    socket.future.cancel()
    await asyncio.wait({socket.future})
    assert socket.future.cancelled()


async def test_a_client_that_leaves_is_silent(client: Client, ticket: str, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is logged but that somebody looked, and nothing goes on."""
    socket = Socket(client)
    await socket.connect()
    await socket.subscribe(1, ticket=ticket)
    await socket.next("batch")
    await socket.disconnect()
    assert ([record.name for record in caplog.records], watch.count()) == (["logconsole.audit"], 0)


async def test_a_send_that_fails_is_a_client_that_left(
    client: Client, ticket: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Servers raise what they like when nobody is there."""
    sent: list[Any] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])
        if message["type"] == "websocket.send":
            raise OSError("broken pipe")

    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    socket = Socket(client)
    await incoming.put({"type": "websocket.connect"})
    await incoming.put({"type": "websocket.receive", "text": f'{{"type":"subscribe","id":1,"ticket":"{ticket}"}}'})
    await incoming.put({"type": "websocket.receive", "text": '{"type":"subscribe","id":2,"q":"\\""}'})
    await incoming.put({"type": "websocket.disconnect", "code": 1006})
    await socket.application(socket.scope, incoming.get, send)
    assert sent[0] == "websocket.accept"
    assert [record.name for record in caplog.records] == ["logconsole.audit"]


async def test_a_code_that_the_server_does_not_take_is_replaced(client: Client) -> None:
    """daphne raises for 1001 and 1011; the socket is closed all the same."""
    sent: list[Any] = []
    opened, closed = asyncio.Event(), asyncio.Event()

    async def send(message: dict[str, Any]) -> None:
        if message.get("code") == 1001:
            raise ValueError("invalid close code 1001")
        sent.append(message)
        (closed if opened.is_set() else opened).set()

    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    await incoming.put({"type": "websocket.connect"})
    socket = Socket(client)
    serving = asyncio.ensure_future(socket.application(socket.scope, incoming.get, send))
    await opened.wait()
    serving.cancel()
    await closed.wait()
    await incoming.put({"type": "websocket.disconnect", "code": 1000})
    await asyncio.wait({serving})
    assert sent[1:] == [{"type": "websocket.close", "code": 1000, "reason": "the server goes away"}]


async def test_a_store_that_fails_closes_with_1011(
    socket: Socket, ticket: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The page tries again, and the server's log says why."""

    def broken(*_: Any) -> None:
        raise OSError("disk on fire")

    monkeypatch.setattr(conf.get_store("file"), "older", broken)
    await socket.subscribe(1, ticket=ticket)
    assert await socket.closed() == 1011
    assert "file failed" in caplog.text


async def test_a_check_that_fails_turns_nobody_out(
    socket: Socket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that is away is when the log is wanted."""
    checked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def broken(guests: Any) -> None:
        loop.call_soon_threadsafe(checked.set)
        raise RuntimeError("no database")

    monkeypatch.setattr(recheck, "verdicts", broken)
    await sync_to_async(lambda: _ada().save())()
    await checked.wait()
    await socket.subscribe(1, ticket="none")
    assert await socket.closed() == 4401  # and not before


async def test_nothing_that_the_socket_causes_is_kept(
    socket: Socket, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is logged while entries are delivered would be delivered, logged, delivered..."""
    import logging

    from logconsole.handlers import JSONLHandler

    logging.getLogger().addHandler(JSONLHandler())
    logging.getLogger().setLevel(logging.DEBUG)
    read = conf.get_store("file").newer

    def chatty(*given: Any) -> Any:
        logging.getLogger("chatty").warning("read")
        return read(*given)

    monkeypatch.setattr(conf.get_store("file"), "newer", chatty)
    await socket.subscribe(1, ticket=ticket)
    await socket.next("batch")
    await socket.next("status")
    keep("of the site")
    assert told(await socket.next("batch")) == ["of the site"]
