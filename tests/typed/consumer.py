"""What a project writes with the package; read by type checkers only, mypy and pyright, both strict."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage
from typing_extensions import assert_type

import logconsole
from logconsole.access import can_download, can_view
from logconsole.asgi import Application, websocket
from logconsole.capture import capture_errors, capture_output
from logconsole.conf import UnknownStore, get_store, parse_query, redacted
from logconsole.entry import Entry
from logconsole.handlers import JSONLHandler, RedisHandler, RingBufferHandler, StoreHandler
from logconsole.query import Query, QueryError
from logconsole.relay import incoming, outgoing
from logconsole.sockets import logged as logged_sockets
from logconsole.stores.base import Batch, Store
from logconsole.stores.facets import Facets
from logconsole.stores.file import FileStore
from logconsole.stores.ring import RingStore
from logconsole.stores.timeline import Timeline
from logconsole.testing import Logged, logged

assert_type(logconsole.__version__, str)


def serve(inner: Application) -> Application:
    """An asgi.py."""
    return websocket(logged_sockets(inner))


def attach() -> list[logging.Handler]:
    """A project that configures logging by itself."""
    capture_output()
    capture_errors()
    return [RingBufferHandler(), JSONLHandler(logging.INFO), RedisHandler("WARNING"), StoreHandler(store="own")]


def open_stores() -> list[Store]:
    """Stores by hand, as a script has them."""
    return [FileStore("logs", retain_days=3), RingStore(capacity=100, max_bytes=1_000_000), get_store()]


def read(text: str) -> Iterator[Entry]:
    """All that match; a page of them; counts."""
    try:
        query = parse_query(text, levels=["ERROR"], since="2h")
        store = get_store("file")
    except (QueryError, UnknownStore):
        return
    assert_type(query, Query)
    batch = assert_type(store.older(query, limit=10), Batch)
    assert_type(store.newer(query, batch.after), Batch)
    assert_type(store.timeline(query, 60), Timeline)
    assert_type(store.facets(query), Facets)
    assert_type(batch.more, bool)
    yield from store.scan(query, batch.after)


def tell(entry: Entry) -> dict[str, object]:
    """Keys of an entry."""
    assert_type(entry.ts, str)
    assert_type(entry.pid, "int | None")
    assert_type(entry.cursor, str)
    assert_type(entry.encode(), bytes)
    return {"msg": entry.msg, "level": entry.level, "extra": entry.extra, "exc": entry.exc}


def relay(headers: dict[str, str]) -> dict[str, str]:
    """The id of a request, in and out."""
    with incoming(headers) as identity:
        assert_type(identity, str)
        return outgoing()


def rule(user: Any) -> bool:
    """Who may look and take."""
    return can_view(user) and can_download(user)


def test_order() -> None:
    """A project's own test."""
    with logged(logging.INFO, "shop") as found:
        assert_type(found, Logged)
    assert_type(found.messages, list[str])
    assert_type(found.matching("status:500"), list[Entry])
    assert redacted("password=x") != "password=x"


class Own(RingStore):
    """A store of one's own."""

    def check(self) -> list[CheckMessage]:
        """What is wrong with it."""
        return [*super().check()]
