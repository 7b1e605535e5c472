"""One user cannot keep the whole process busy."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from logconsole import turns, views
from logconsole.query import Query
from logconsole.stores.base import Batch
from logconsole.stores.ring import RingStore
from logconsole.turns import TooMany, Turns
from tests.web import PAGE, Socket, client_of, configure, keep, page, staff, ticket_of


class Slow(RingStore):
    """A store whose searches take as long as the test wants."""

    waiting: threading.Semaphore
    go_on: threading.Event

    def older(self, query: Query, before: str | None = None, limit: int = 500) -> Batch:
        """What is there, at last."""
        if query.text == "slow":
            self.waiting.release()
            self.go_on.wait()
        return super().older(query, before, limit)


class Person:
    """Whoever."""

    def __init__(self, pk: int) -> None:
        self.pk = pk


@pytest.fixture
def site(settings: Any, tmp_path: Path) -> None:
    """A site with entries."""
    configure(settings, tmp_path)


def test_a_turn_is_given_back_once() -> None:
    """Each user has their own."""
    made, ada, bob = Turns(2, "things"), Person(1), Person(2)
    first, second = made.take(ada), made.take(ada)
    with pytest.raises(TooMany, match="2 things of yours"), made.taken(ada):
        raise AssertionError
    with made.taken(bob):
        first.give_back()
        first.give_back()
        third = made.take(ada)
        with pytest.raises(TooMany):
            made.take(ada)
    second.give_back()
    third.give_back()
    assert not made._running


def test_a_forked_child_has_all_its_turns() -> None:
    """What runs in the parent does not run here."""
    made, ada = Turns(1, "things"), Person(1)
    turn = made.take(ada)
    with made._lock:
        child = os.fork()
        if child == 0:
            try:
                own = made.take(ada)
                turn.give_back()  # nothing of the child's
                os._exit(0 if own and made._running[1] == 1 else 1)
            except BaseException:
                os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    with pytest.raises(TooMany):
        made.take(ada)


@pytest.fixture
def slow(settings: Any) -> Iterator[None]:
    """Eight searches of one user that do not end before the test does."""
    settings.LOGCONSOLE = {"STORES": {"slow": {"BACKEND": "tests.test_turns.Slow"}}}
    Slow.waiting, Slow.go_on = threading.Semaphore(0), threading.Event()
    yield
    Slow.go_on.set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow")
def test_a_user_has_eight_searches_at_once(settings: Any) -> None:
    """The ninth is told so, at every address that searches; others, and other users, are served."""
    client, other = client_of(staff("ada")), client_of(staff("bob"))
    answers: list[int] = []
    searches = [threading.Thread(target=lambda: answers.append(_asked(client, "entries/", q="slow"))) for _ in range(8)]
    for search in searches:
        search.start()
    for _ in searches:
        Slow.waiting.acquire()
    for door in ("entries/", "timeline/", "facets/"):
        refused = page(client, door)
        assert (refused.status_code, refused.headers["Cache-Control"]) == (429, "no-store")
        assert refused.json() == {"error": "8 searches of yours are running already; try again when one has ended."}
    assert page(client, "", plain=1).status_code == 429
    assert page(client, "ticket/").status_code == page(other, "entries/").status_code == 200
    Slow.go_on.set()
    for search in searches:
        search.join()
    assert answers == [200] * 8
    assert page(client, "entries/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("slow")
async def test_a_socket_waits_for_a_turn() -> None:
    """Where eight searches run already; until then it is answered otherwise, and so are others."""
    clients = [await sync_to_async(client_of)(await sync_to_async(staff)(name)) for name in ("ada", "bob")]
    searches = [threading.Thread(target=_asked, args=(clients[0], "entries/"), kwargs={"q": "slow"}) for _ in range(8)]
    for search in searches:
        search.start()
    for _ in searches:
        await asyncio.to_thread(Slow.waiting.acquire)
    ada, bob = [Socket(client) for client in clients]
    for socket, client in ((ada, clients[0]), (bob, clients[1])):
        await socket.connect()
        await socket.subscribe(1, ticket=await sync_to_async(ticket_of)(client))
    assert (await bob.next("batch"))["entries"] == []
    await ada.subscribe(2, q='"')
    assert (await ada.next("error"))["id"] == 2  # and no batch before
    assert len(turns.searches._waiting) == 1
    Slow.go_on.set()
    assert (await ada.next("batch"))["id"] == 1
    for search in searches:
        await asyncio.to_thread(search.join)
    for socket in (ada, bob):
        await socket.disconnect()
    assert not turns.searches._running and not turns.searches._waiting


async def test_who_waits_has_the_next_turn_in_order() -> None:
    """Before who asks later, whether that one would wait or not; each user has a queue of their own."""
    made, ada, bob = Turns(1, "things"), Person(1), Person(2)
    turn = made.take(ada)
    waiting = [asyncio.create_task(made.wait(ada)) for _ in range(3)]
    await asyncio.sleep(0)
    (await made.wait(bob)).give_back()
    waiting[1].cancel()
    await asyncio.wait({waiting[1]})
    threading.Thread(target=turn.give_back).start()
    first = await waiting[0]
    with pytest.raises(TooMany):
        made.take(ada)
    assert not waiting[2].done()
    first.give_back()
    (await waiting[2]).give_back()
    assert not made._running and not made._waiting


async def test_a_turn_that_comes_too_late_is_given_back() -> None:
    """To who waits next; the first one has left in the same moment."""
    made, ada = Turns(1, "things"), Person(1)
    turn = made.take(ada)
    first, second = [asyncio.create_task(made.wait(ada)) for _ in range(2)]
    await asyncio.sleep(0)
    turn.give_back()
    first.cancel()
    (await second).give_back()
    assert first.cancelled() and not made._running and not made._waiting


def _asked(client: Client, door: str, **values: Any) -> int:
    from django.db import connection

    try:
        return int(page(client, door, **values).status_code)
    finally:
        connection.close()


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_a_user_has_two_downloads_at_once() -> None:
    """Until they are closed, whether read or not; one that is forgotten is none."""
    keep("one")
    client = client_of(staff())
    first, second = page(client, "download/"), page(client, "download/")
    assert page(client, "download/").status_code == 429
    assert page(client, "entries/").status_code == 200
    first.close()
    third = page(client, "download/")
    assert third.status_code == 200
    del second, third
    gc.collect()
    assert not turns.downloads._running


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_a_download_that_fails_has_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever still holds the exception."""
    client = client_of(staff())
    monkeypatch.setattr(views.download, "parts", lambda *_: 1 / 0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            page(client, "download/")
    assert not turns.downloads._running


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("site")
async def test_a_download_that_ends_gives_its_turn_back() -> None:
    """Under ASGI, too."""
    keep("one")
    user = await sync_to_async(staff)()
    client = AsyncClient()
    await client.aforce_login(user)
    for _ in range(3):
        response: Any = await client.get(PAGE + "download/")
        assert isinstance(response, views.Held)
        assert b"one" in b"".join([part async for part in response.streaming_content])
        await sync_to_async(response.close)()
    assert not turns.downloads._running
