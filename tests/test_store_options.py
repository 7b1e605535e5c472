"""What `manage.py check` tells about the options of stores, beyond what a store can tell by itself."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from logconsole.checks import check_configuration
from logconsole.handlers import RingBufferHandler
from logconsole.stores.file import FileStore
from logconsole.stores.ring import RingStore
from tests.redisserver import RedisServer
from tests.web import FILE, RING

OPTIONS = (
    *("directory", "segment_bytes", "segment_seconds", "retain_segments", "retain_bytes", "retain_days"),
    *("poll_seconds", "mode", "capacity", "max_bytes"),
)
REDIS = "logconsole.stores.redis.RedisStore"
NOWHERE = "redis://:hunter2@127.0.0.1:1/0"
VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5)
) | st.sampled_from([[], {}, (), Path(""), "logs", 10**400, 10_000_000, 0o640])


class Closing(FileStore):
    """Cannot be closed."""

    def close(self) -> None:
        raise RuntimeError("will not close")


class Own(FileStore):
    """Has its place."""

    def __init__(self) -> None:
        super().__init__("logs")


class Late(RingStore):
    """Goes wrong while it tells what is wrong."""

    def check(self) -> Any:
        yield from ()
        raise RuntimeError("will not tell")


@pytest.fixture(autouse=True)
def _attached() -> None:
    """Records reach a store."""
    logging.getLogger().addHandler(RingBufferHandler())


def found(settings: Any, backend: str = FILE, /, *, limit: Any = None, **options: Any) -> list[str]:
    """The ids of what is wrong with a store of these options."""
    more = {} if limit is None else {"MAX_ENTRY_BYTES": limit}
    settings.LOGCONSOLE = {"STORES": {"ring": {"BACKEND": backend, "OPTIONS": options}}, **more}
    messages = check_configuration()
    assert all(message.hint for message in messages)
    return [str(message.id).removeprefix("logconsole.") for message in messages]


@pytest.mark.parametrize(
    "option",
    [
        {"mode": -1},
        {"mode": 0o1640},
        {"poll_seconds": float("inf")},
        {"poll_seconds": 10**400},
        {"retain_days": 10**400},
    ],
)
def test_a_number_that_would_fail_later_is_told(option: dict[str, Any], settings: Any, tmp_path: Path) -> None:
    """No file has these permissions, and no clock reaches so far."""
    assert found(settings, directory=tmp_path, **option) == ["E015"]


@pytest.mark.parametrize("directory", [Path(""), ".", " ", "logs\0"])
def test_a_directory_that_is_none_of_its_own_is_told(directory: Any, settings: Any) -> None:
    """`Path("")` is what an environment variable that is not set leaves: the current directory."""
    assert found(settings, directory=directory) == ["E015"]


def test_a_segment_has_room_for_two_entries(settings: Any, tmp_path: Path) -> None:
    """As long as they may be."""
    bounds = {"directory": tmp_path, "retain_bytes": 10_000_000}
    assert found(settings, segment_bytes=131_071, **bounds) == ["W007"]
    assert found(settings, segment_bytes=131_072, **bounds) == []
    assert found(settings, segment_bytes=2_047, limit=1_024, **bounds) == ["W007"]
    assert found(settings, segment_bytes=2_048, limit=1_024, **bounds) == []


def test_a_message_says_which_store_is_meant(settings: Any) -> None:
    """There may be several with the same option."""
    found(settings, RING, capacity="10")
    assert "LOGCONSOLE['STORES']['ring']" in str(check_configuration()[0])


def test_a_hint_names_a_value_of_that_option(settings: Any, tmp_path: Path) -> None:
    """Not one that is right for another."""
    found(settings, directory=tmp_path, retain_segments="30")
    assert "such as 30" in str(check_configuration()[0].hint)


def test_a_file_store_may_know_its_directory_itself(settings: Any) -> None:
    """A subclass that takes none; and a limit that is no number is told once."""
    assert found(settings, "tests.test_store_options.Own") == []
    assert found(settings, "tests.test_store_options.Own", limit="64k") == ["E003"]


@pytest.mark.parametrize("name", ["Closing", "Late"])
def test_a_store_that_goes_wrong_while_it_is_asked_is_told(name: str, settings: Any, tmp_path: Path) -> None:
    """Instead of ending the command."""
    options = {"directory": tmp_path} if name == "Closing" else {}
    assert found(settings, f"tests.test_store_options.{name}", **options) == ["E012"]


def test_a_backend_that_fails_when_it_is_imported_is_told(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it raises."""
    (tmp_path / "failing_backend.py").write_text("raise ValueError('no such host')\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert found(settings, "failing_backend.Store") == ["E005"]
    assert "no such host" in check_configuration()[0].msg


@given(st.sampled_from([FILE, RING]), st.dictionaries(st.sampled_from(OPTIONS), VALUES))
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_options_end_the_command(settings: Any, backend: str, options: dict[str, Any]) -> None:
    """Whatever they are: all that is wrong is told, in messages."""
    found(settings, backend, **options)


@pytest.mark.parametrize(
    "options",
    [
        {"url": ""},
        {"url": "http://cache:6379/0"},
        {"url": "redis://cache:port/0"},
        {"url": "redis+sentinel://"},
        {"url": "redis+sentinel://cache:26379"},
        {"url": "redis+sentinel://cache:port/logs"},
        {"url": "redis+sentinel:///logs"},
        {"url": "redis+cluster://cache:port"},
        {"url": "memcached+cluster://cache"},
        {"url": None},
        {"url": NOWHERE, "key": ""},
        {"url": NOWHERE, "maxlen": 0},
        {"url": NOWHERE, "maxlen": True},
        {"url": NOWHERE, "retain_seconds": "1d"},
    ],
)
def test_redis_options_of_the_wrong_kind_are_told(settings: Any, options: dict[str, Any]) -> None:
    """Without asking any server."""
    assert found(settings, REDIS, **options) == ["E015"]


def test_redis_bounded_twice_is_told(settings: Any) -> None:
    """A stream has one bound."""
    assert found(settings, REDIS, url=NOWHERE, maxlen=10, retain_seconds=10) == ["E019"]


def test_redis_that_does_not_answer_is_a_warning(settings: Any) -> None:
    """The site starts without it; no password is told."""
    assert found(settings, REDIS, url=NOWHERE) == ["W012"]
    message = str(check_configuration()[0])
    assert "127.0.0.1:1" in message and "hunter2" not in message
    assert found(settings, REDIS, url=f"redis://{NOWHERE.rpartition('@')[2]}?password=hunter2") == ["W012"]
    message = str(check_configuration()[0])
    assert "127.0.0.1:1" in message and "hunter2" not in message


def test_redis_that_drops_streams_is_told(settings: Any, tmp_path: Path) -> None:
    """A cache makes room by throwing keys away; a Redis that refuses is as it should be."""
    with RedisServer(tmp_path / "redis", "--maxmemory-policy", "allkeys-lru") as server, server.client as client:
        assert found(settings, REDIS, url=server.url) == ["W011"]
        client.config_set("maxmemory-policy", "noeviction")
        assert found(settings, REDIS, url=server.url) == []
