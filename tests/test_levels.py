"""Levels that are changed for a while hold in every process, and end by themselves."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.signals import request_started

from logconsole import audit, conf, levels
from logconsole.handlers import JSONLHandler
from logconsole.levels import Change, applied
from logconsole.relay import incoming
from logconsole.stores.redis import RedisStore
from tests.children import started
from tests.levelling import NAME, follows
from tests.redisserver import RedisServer
from tests.web import configure

log = logging.getLogger(NAME)


@pytest.fixture(autouse=True)
def _undone(settings: Any, tmp_path: Path) -> Iterator[None]:
    """A file store, kept by a handler; afterwards nothing is changed."""
    configure(settings, tmp_path)
    handler = JSONLHandler()
    logging.getLogger().addHandler(handler)
    log.setLevel(logging.WARNING)
    applied.undo()
    yield
    applied.undo()


def debugging(seconds: float) -> Change:
    """DEBUG for that time."""
    return Change(NAME, logging.DEBUG, time.time() + seconds, "ada")


def kept() -> list[str]:
    """What the store has of this logger."""
    return [made.msg for made in conf.get_store("file").older(conf.parse_query(f"logger:{NAME}")).entries]


def test_change_holds_until_it_is_taken_back() -> None:
    """The logger goes back to what it was."""
    levels.change([debugging(60)])
    log.debug("seen")
    assert (log.level, levels.current()[0].by) == (logging.DEBUG, "ada")
    levels.change([])
    log.debug("not seen")
    assert (log.level, kept(), levels.current()) == (logging.WARNING, ["seen"], [])


def test_change_ends_by_itself() -> None:
    """At the first record behind its end; nothing that was made later is kept."""
    change = debugging(0.2)
    levels.change([change])
    while log.isEnabledFor(logging.DEBUG):
        log.debug("%f", time.time())
    assert log.level == logging.WARNING
    times = [float(text) for text in kept()]
    assert times and max(times) <= change.until


def test_logger_that_inherits_does_so_again() -> None:
    """No level of its own is left behind."""
    child = logging.getLogger(f"{NAME}.child")
    levels.change([Change(child.name, logging.DEBUG, time.time() + 60, "ada")])
    assert (child.level, applied.configured(child)) == (logging.DEBUG, logging.NOTSET)
    levels.change([])
    assert (child.level, child.getEffectiveLevel()) == (logging.NOTSET, logging.WARNING)


def test_logger_that_comes_later_has_it_too(request: pytest.FixtureRequest) -> None:
    """Until then it is in no process; at the next look it has the level, and at the end its own."""
    name = f"later.{request.node.name}"
    levels.change([Change(name, logging.DEBUG, time.time() + 60, "ada")])
    assert name not in logging.root.manager.loggerDict
    later = logging.getLogger(name)
    applied.look()
    assert later.level == logging.DEBUG
    levels.change([])
    assert later.level == logging.NOTSET
    del logging.root.manager.loggerDict[name]


def test_board_cannot_silence_the_audit_log() -> None:
    """Whoever can write it."""
    change = Change(audit.NAME, logging.CRITICAL, time.time() + 60, "eve")
    levels.board().write(msgspec.json.encode([change, debugging(60)]), 60)
    applied.look()
    assert (log.level, levels.current(), audit.logger.level) == (logging.DEBUG, [applied.changes[NAME]], 0)


def test_no_level_is_changed_for_ever() -> None:
    """Whatever is written on the board."""
    levels.change([debugging(1e9)])
    assert log.level == logging.WARNING


def test_level_that_somebody_else_set_meanwhile_stays() -> None:
    """What the project itself decides is not undone."""
    levels.change([debugging(60)])
    log.setLevel(logging.ERROR)
    levels.change([])
    assert log.level == logging.ERROR


def test_what_is_over_is_ignored() -> None:
    """A process that starts late does not begin what has ended: a crash leaves nothing behind."""
    levels.board().write(b'[{"logger":"%s","level":10,"until":1.0,"by":"ada"}]' % NAME.encode(), 1)
    applied.look()
    assert (log.level, levels.current()) == (logging.WARNING, [])


@pytest.mark.parametrize("text", [b"", b"{", b"[1]", b'[{"logger": 1}]', b"\xff", b"[" * 9_999])
def test_board_with_anything_on_it_changes_nothing(text: bytes) -> None:
    """It is a file that others can write."""
    levels.board().write(text, 60)
    applied.look()
    log.warning("goes on")
    assert (log.level, kept()) == (logging.WARNING, ["goes on"])


@pytest.mark.django_db  # connections are looked at when a request begins
def test_request_is_an_occasion_too() -> None:
    """A process that logs nothing has the level by its next request, once a second has passed."""
    levels.board().write(msgspec.json.encode([debugging(60)]), 60)
    applied.looked_at, applied.look_at = time.time(), time.time() + 60
    request_started.send(sender=None)
    assert log.level == logging.WARNING
    applied.look_at = time.time()
    request_started.send(sender=None)
    assert log.level == logging.DEBUG


@pytest.mark.django_db
def test_request_and_job_begin_whatever_the_configuration(settings: Any) -> None:
    """A store that cannot be made is no reason to refuse them."""
    settings.LOGCONSOLE = {"STORES": {"redis": {"BACKEND": "no.such.Store"}}}
    applied.look_at = 0.0
    request_started.send(sender=None)
    with incoming({}):
        log.info("goes on")


@pytest.mark.django_db
@pytest.mark.parametrize("occasion", ["record", "request", "job"])
def test_clock_that_was_set_back_keeps_nobody_from_looking(occasion: str) -> None:
    """What is to be looked at "at noon" is looked at when it was noon before."""
    levels.board().write(msgspec.json.encode([debugging(60)]), 60)
    applied.looked_at, applied.look_at = time.time() + 60, time.time() + 61
    if occasion == "record":
        log.warning("goes on")
    elif occasion == "request":
        request_started.send(sender=None)
    else:
        with incoming({}):
            log.debug("seen")
    assert log.level == logging.DEBUG


def test_forked_child_ends_it_too() -> None:
    """Although another thread looked at the moment of the fork."""
    levels.change([debugging(60)])
    other = threading.Thread(target=applied._lock.acquire)
    other.start()
    other.join()
    child = os.fork()
    if not child:
        levels.change([])
        os._exit(0 if log.level == logging.WARNING else 1)
    applied.renew()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_change_that_comes_while_another_thread_looks_is_not_forgotten(settings: Any, tmp_path: Path) -> None:
    """Although the process says nothing more: the thread that asks Redis tells it again."""
    backend = "logconsole.stores.redis.RedisStore"
    with RedisServer(tmp_path / "redis") as server:
        settings.LOGCONSOLE = {"STORES": {"redis": {"BACKEND": backend, "OPTIONS": {"url": server.url}}}}
        store, other, looked = conf.get_store("redis"), RedisStore(server.url), threading.Event()
        levels.board().watch(looked.set)
        with applied._lock:
            other.board.write(msgspec.json.encode([debugging(60)]), 60)
            while not store.board.read():
                looked.wait()
                looked.clear()
        while log.level != logging.DEBUG:
            looked.wait()
            looked.clear()
        other.close()
        store.close()


def changed_elsewhere(kind: str, where: str) -> None:
    """Another process has the level at once, and goes back when it is taken back."""
    with started(follows, kind, where) as process:
        assert process.stdout is not None
        levels.change([debugging(60)])
        assert process.stdout.readline() == "True\n"
        levels.change([])
        assert process.stdout.readline() == "False\n"
        process.communicate("\n")


def test_every_process_of_the_host_follows(tmp_path: Path) -> None:
    """By a file beside the segments."""
    changed_elsewhere("file", str(tmp_path / "logs"))


@pytest.mark.parametrize("kind", ["redis", "ring"])
def test_every_process_of_the_fleet_follows(kind: str, settings: Any, tmp_path: Path) -> None:
    """By Redis, whether it goes on to log or not, there or elsewhere."""
    backend = "logconsole.stores.redis.RedisStore"
    with RedisServer(tmp_path / "redis") as server:
        settings.LOGCONSOLE = {"STORES": {"redis": {"BACKEND": backend, "OPTIONS": {"url": server.url}}}}
        changed_elsewhere(kind, server.url)
        conf.get_store("redis").close()
