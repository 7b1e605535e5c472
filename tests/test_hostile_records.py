"""Whatever is logged, both handlers keep one readable entry of it, and nobody who logs notices."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import Settings

from logconsole import conf
from logconsole.entry import Entry
from logconsole.handlers import JSONLHandler, RingBufferHandler
from logconsole.query import Query
from tests.hostile import RECORDS, VALUES
from tests.web import FILE, RING

ALL = Query()
PLACES: dict[str, Callable[[logging.Logger, Any], object]] = {
    "message": lambda log, value: log.info(value),
    "argument": lambda log, value: log.info("%s %d", value, 1),
    "representation": lambda log, value: log.info("%r %d", value, 1),
    "extra": lambda log, value: log.info("x", extra={"value": value}),
    "nested": lambda log, value: log.info("x", extra={"in": [{"a": (value, value)}]}),
}


@pytest.fixture
def log(settings: Settings, tmp_path: Path) -> Iterator[logging.Logger]:
    """A logger with both handlers, and none of pytest's, which raise."""
    stores = {"file": {"BACKEND": FILE, "OPTIONS": {"directory": tmp_path}}, "ring": {"BACKEND": RING}}
    settings.LOGCONSOLE = {"STORES": stores}
    logger = logging.Logger("hostile")
    logger.handlers = [RingBufferHandler(), JSONLHandler()]
    yield logger
    conf.get_store("file").close()


def kept(alias: str) -> list[Entry]:
    """What the store has."""
    return list(conf.get_store(alias).scan(ALL))


def not_json(text: str) -> None:
    """NaN and Infinity are none."""
    raise AssertionError(text)


def assert_one_entry(capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """One in each store, the same, strict JSON on one line of bounded length; nothing is printed."""
    (ring,), (file,) = kept("ring"), kept("file")
    assert ring.line == file.line
    assert b"\n" not in file.line and len(file.line) <= 65_536
    made = json.loads(file.line, parse_constant=not_json)
    assert made["ts"].startswith("2") and made["level"] and isinstance(made["msg"], str)
    made["msg"].encode()
    assert capfd.readouterr().err == ""
    return made  # type: ignore[no-any-return]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", VALUES)
def test_any_value_is_kept(log: logging.Logger, capfd: pytest.CaptureFixture[str], value: str, place: str) -> None:
    """As the message, as an argument, as an extra and deep inside one."""
    PLACES[place](log, VALUES[value]())
    assert_one_entry(capfd)


@pytest.mark.parametrize("kind", RECORDS)
def test_any_record_is_kept(log: logging.Logger, capfd: pytest.CaptureFixture[str], kind: str) -> None:
    """However its attributes were set, by whichever queue, filter or factory."""
    made = RECORDS[kind]()
    for handler in log.handlers:
        handler.handle(made)
    assert_one_entry(capfd)


JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters()) | st.integers() | st.floats(), inner),
    max_leaves=15,
)


@examples(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters()), st.lists(JSON_LIKE, max_size=3), st.dictionaries(st.text(), JSON_LIKE, max_size=4))
def test_whatever_is_logged_is_kept(log: logging.Logger, message: str, args: list[Any], extra: dict[str, Any]) -> None:
    """Any message with any arguments and any extra is one more entry, the same in both stores."""
    before = len(kept("file"))
    log.info(message, *args, extra={f"x{key}": value for key, value in extra.items()})
    assert len(kept("file")) == before + 1
    ring, file = kept("ring")[-1], kept("file")[-1]
    assert ring.line == file.line
    assert set(json.loads(file.line, parse_constant=not_json).get("extra", {})) <= {
        f"x{key}".encode("utf-8", "backslashreplace").decode() for key in extra
    }
