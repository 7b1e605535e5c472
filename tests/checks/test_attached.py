"""What the project's logging hands over, and what it keeps back."""

from __future__ import annotations

import logging
import logging.config
import time
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from logconsole import conf
from logconsole.checks import attached
from logconsole.handlers import JSONLHandler, RingBufferHandler
from logconsole.record import timestamp
from tests.records import entry
from tests.web import configure, set_logging

CONFIG = "logging.config.dictConfig"


def ids(check: Any) -> list[str]:
    """What the check finds."""
    return [str(message.id).removeprefix("logconsole.") for message in check()]


def test_loggers_that_dictconfig_switched_off_are_told() -> None:
    """Those that were there before, unless it says otherwise; the first five by name."""
    names = [*(f"aaa{number}" for number in range(6)), "asyncio"]
    for name in names:
        logging.getLogger(name)
    configuration: dict[str, Any] = {"version": 1, "disable_existing_loggers": False}
    logging.config.dictConfig(configuration)
    assert ids(attached.loggers_off) == []
    logging.config.dictConfig({"version": 1, "loggers": {"aaa5": {"level": "INFO"}}})
    (message,) = attached.loggers_off()
    assert message.id == "logconsole.W013"
    assert "aaa0, aaa1, aaa2, aaa3, aaa4 and " in message.msg


def test_a_store_that_the_page_opens_with_and_nobody_writes_to_is_told(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be empty, while another fills."""
    configure(settings, tmp_path)  # file, then ring
    set_logging(monkeypatch, LOGGING_CONFIG=CONFIG)
    logging.getLogger().handlers[:] = [RingBufferHandler()]
    (message,) = attached.store_unwritten()
    assert message.id == "logconsole.W015"
    assert '"store": "file"' in str(message.hint) and "'ring' first" in str(message.hint)
    logging.getLogger().addHandler(JSONLHandler())
    assert ids(attached.store_unwritten) == []
    logging.getLogger().handlers.clear()
    assert ids(attached.store_unwritten) == []  # W004 says that


def test_a_store_of_the_fleet_may_be_written_by_others(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server for the console alone."""
    redis = {"BACKEND": "logconsole.stores.redis.RedisStore", "OPTIONS": {"url": "redis://127.0.0.1:1/0"}}
    ring = {"BACKEND": "logconsole.stores.ring.RingStore"}
    settings.LOGCONSOLE = {"STORES": {"redis": redis, "ring": ring}}
    set_logging(monkeypatch, LOGGING_CONFIG=CONFIG)
    logging.getLogger().handlers[:] = [RingBufferHandler()]
    assert ids(attached.store_unwritten) == []
    assert ids(attached.entries_ahead) == []  # and is not asked for its entries


def test_entries_of_the_future_are_told(settings: Any, tmp_path: Path) -> None:
    """The clock was set back since; a few seconds are nothing."""
    configure(settings, tmp_path)
    conf.get_store("file").append(replace(entry("soon"), ts=timestamp(time.time() + 5)))
    assert ids(attached.entries_ahead) == []
    conf.get_store("file").append(replace(entry("later"), ts=timestamp(time.time() + 3600)))
    assert ids(attached.entries_ahead) == ["W016"]
