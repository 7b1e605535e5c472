"""The setting is read at use, and each store is made once per process."""

from __future__ import annotations

import os
import threading

import pytest
from pytest_django import Settings

from logconsole import conf
from logconsole.stores.ring import RingStore


def test_without_the_setting_there_is_a_ring(settings: Settings) -> None:
    """Zero configuration is zero file I/O."""
    del settings.LOGCONSOLE
    assert conf.aliases() == ["ring"]
    assert isinstance(conf.get_store(), RingStore)
    assert conf.get_store() is conf.get_store("ring")


def test_settings_are_read_at_use(settings: Settings) -> None:
    """A changed setting holds at once, and stores made from the old one are let go."""
    before = conf.get_store()
    settings.LOGCONSOLE = {"SERVICE": "cron", "STORES": {"ring": {"BACKEND": conf.RING, "OPTIONS": {"capacity": 3}}}}
    assert conf.settings().service == "cron"
    assert conf.get_store() is not before
    assert conf.get_store().capacity == 3  # type: ignore[attr-defined]


def test_child_forked_while_a_store_is_opened_can_log(settings: Settings) -> None:
    """Another thread of the parent may hold the lock then; the child has one of its own."""
    settings.LOGCONSOLE = {}
    conf._lock.acquire()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        opened = threading.Thread(target=conf.get_store, args=("ring",))
        opened.start()
        opened.join(5)
        os.write(writing, b"." if not opened.is_alive() else b"!")
        os._exit(0)
    conf._lock.release()
    os.waitpid(child, 0)
    answer = os.read(reading, 1)
    os.close(reading)
    os.close(writing)
    assert answer == b"."


def test_unknown_alias_says_which_there_are(settings: Settings) -> None:
    """The error helps to mend the call."""
    settings.LOGCONSOLE = {}
    with pytest.raises(conf.UnknownStore, match="'ring'"):
        conf.get_store("nope")


def test_times_without_a_zone_are_of_the_site(settings: Settings) -> None:
    """What people write is in the zone that Django shows them."""
    settings.TIME_ZONE = "Europe/Berlin"
    assert conf.parse_query(since="2026-11-23 13:00").since == "2026-11-23T12:00:00.000000Z"
