"""The handlers keep what is logged, and never harm who logs."""

from __future__ import annotations

import logging
import logging.config
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from logconsole import conf
from logconsole.context import delivering
from logconsole.entry import Entry
from logconsole.handlers import JSONLHandler, RingBufferHandler
from logconsole.lines import Lines
from logconsole.query import Query
from tests.records import Hostile, record

log = logging.getLogger("shop")


@pytest.fixture(autouse=True)
def attached(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """Both handlers on the root, by LOGGING as a project writes it."""
    settings.LOGCONSOLE = {
        "SERVICE": "shop",
        "STORES": {
            "file": {"BACKEND": "logconsole.stores.file.FileStore", "OPTIONS": {"directory": tmp_path}},
            "ring": {"BACKEND": "logconsole.stores.ring.RingStore", "OPTIONS": {"capacity": 100}},
        },
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {
                "ring": {"class": "logconsole.handlers.RingBufferHandler"},
                "jsonl": {"class": "logconsole.handlers.JSONLHandler"},
            },
            "root": {"handlers": ["ring", "jsonl"], "level": "DEBUG"},
        }
    )
    yield
    logging.getLogger().handlers.clear()


def kept(alias: str) -> list[Entry]:
    """What the store has."""
    return list(conf.get_store(alias).scan(Query()))


def test_both_stores_keep_the_same_entry_once() -> None:
    """One call is one entry in each store, from the same conversion."""
    log.warning("low stock of %s", "tea", extra={"sku": "T-1"})
    (ring,), (file,) = kept("ring"), kept("file")
    assert ring.line == file.line
    assert (ring.msg, ring.level, ring.logger, ring.service) == ("low stock of tea", "WARNING", "shop", "shop")
    assert ring.extra == {"sku": "T-1"}
    assert ring.caller.startswith("tests/test_handlers.py:")


def test_conversion_happens_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second handler takes the line that the first one made."""
    made, original = [], Lines.of
    monkeypatch.setattr(Lines, "of", lambda *args: made.append(1) or original(*args))
    log.info("one")
    log.info("two")
    assert len(made) == 2


def test_filter_of_one_handler_does_not_reach_the_other() -> None:
    """A handler with a filter of its own, which may change the record, converts for itself."""

    class Redact(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            record.msg = "hidden"
            return True

    logging.getLogger().handlers[1].addFilter(Redact())
    log.info("secret")
    assert [made.msg for made in kept("ring")] == ["secret"]
    assert [made.msg for made in kept("file")] == ["hidden"]


def test_logging_while_a_value_becomes_text_keeps_both() -> None:
    """A `__str__` that logs neither recurses nor is lost."""

    class Chatty:
        def __str__(self) -> str:
            log.info("from inside")
            return "chatty"

    log.info("value %s", Chatty())
    assert sorted({made.msg for made in kept("ring")}) == ["from inside", "value chatty"]


def test_logging_without_end_is_ended() -> None:
    """A `__str__` that logs itself costs a bounded number of entries, not the process."""

    class Endless:
        def __str__(self) -> str:
            logger.info("again %s", self)
            return "endless"

    logger = logging.Logger("own")  # without pytest's own handler, which recurses
    logger.addHandler(RingBufferHandler())
    logger.info("value %s", Endless())
    assert len(kept("ring")) == 100  # as many as this ring holds


def test_hostile_value_raises_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """What cannot be formatted is told in the entry, and nothing is printed."""
    logger = logging.Logger("own")  # without pytest's own handler, which does raise
    logger.addHandler(RingBufferHandler())
    logger.info("value %s", Hostile())
    assert kept("ring")[0].msg.startswith("value %s [not formatted with")
    assert capfd.readouterr().err == ""


def test_record_changed_between_two_calls_is_two_entries() -> None:
    """An entry is shared by the handlers of one call, not by two calls with one record."""
    made = record("first")
    for message in ("first", "second"):
        made.msg = message
        logging.getLogger().handle(made)
    assert [made.msg for made in kept("ring")] == [made.msg for made in kept("file")] == ["first", "second"]


def test_filter_that_raises_raises_nothing_further(capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever a project puts before our handlers, who logs does not notice."""
    handler = RingBufferHandler()
    handler.addFilter(lambda _: 1 / 0)
    assert handler.handle(record()) is False


def test_class_that_cannot_be_looked_up_is_told() -> None:
    """An extra whose class has no hash costs its value, not the entry."""

    class Meta(type):
        __eq__ = object.__eq__
        __hash__ = None  # type: ignore[assignment]

    class Odd(metaclass=Meta):
        pass

    log.info("kept", extra={"odd": Odd()})
    assert [made.msg for made in kept("ring")] == ["kept"]


def test_own_errors_enter_while_delivering() -> None:
    """What breaks in the console itself is in the log too."""
    token = delivering.set(True)
    logging.getLogger("django.request").warning("Forbidden")
    logging.getLogger("django.request").error("Internal Server Error")
    delivering.reset(token)
    assert [made.msg for made in kept("ring")] == ["Internal Server Error"]


def test_broken_store_is_told_once_and_raises_nothing(
    settings: Settings, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration that cannot work costs one line on stderr, not the application."""
    monkeypatch.setattr("logconsole.handlers._notice.at", 0.0)
    settings.LOGCONSOLE = {"STORES": {"ring": {"BACKEND": "no.such.Store"}}}
    for _ in range(5):
        log.info("x")
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "entries were not kept, now of 'shop': " in lines[0]


@pytest.mark.parametrize(
    "name",
    [
        *("asyncio", "autobahn.websocket", "channels.consumer", "channels_redis.core", "daphne.ws_protocol"),
        *("push_response", "redis.connection", "twisted.internet", "uvicorn.error", "websockets.server"),
    ],
)
def test_transport_chatter_stays_out(name: str) -> None:
    """What the transport of entries logs about each of them would never end; its errors are kept."""
    logging.getLogger(name).debug("sent a frame")
    logging.getLogger(name).info("sent a frame")
    logging.getLogger(name).error("broken")
    assert [made.msg for made in kept("ring")] == ["broken"]


def test_access_lines_of_runserver_stay_out() -> None:
    """Each request is an entry of the middleware already, whatever its status."""
    logging.getLogger("django.channels.server").error("HTTP GET / 500")
    assert kept("ring") == []


def test_nothing_enters_while_delivering() -> None:
    """What the console's own work logs is not delivered by it."""
    token = delivering.set(True)
    log.error("own query")
    delivering.reset(token)
    log.error("theirs")
    assert [made.msg for made in kept("file")] == ["theirs"]


def test_level_and_store_can_be_given() -> None:
    """A handler takes a level and any alias."""
    handler = RingBufferHandler(level="ERROR", store="file")
    logger = logging.Logger("own")
    logger.addHandler(handler)
    logger.info("no")
    logger.error("yes")
    assert [made.msg for made in kept("file")] == ["yes"]
    assert JSONLHandler().alias == "file"


def test_threads_lose_nothing() -> None:
    """Entries of many threads arrive whole, each thread's in order."""
    threads = [
        threading.Thread(target=lambda n=n: [log.info("%d", i, extra={"by": n}) for i in range(200)]) for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(8):
        mine = [made.msg for made in kept("file") if made.extra == {"by": number}]
        assert mine == [str(i) for i in range(200)]


def test_record_of_a_queue_is_kept_with_its_traceback() -> None:
    """A record that a QueueHandler prepared has only the text of its exception: that text is kept."""
    logging.getLogger().handle(record("queued", exc_text="Traceback: boom", level=40))
    assert kept("ring")[0].exc == "Traceback: boom"
