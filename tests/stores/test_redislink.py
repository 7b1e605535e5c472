"""A URL says which servers, and how they are asked."""

from __future__ import annotations

from typing import Any

import pytest
from redis.sentinel import SentinelManagedConnection, SentinelManagedSSLConnection

from logconsole.stores.redislink import TIMEOUTS, client_of

HOSTS = "ada:s%40d@[::1]:26380,two/logs/3"


def kwargs(client: Any) -> dict[str, Any]:
    """How it connects."""
    return client.connection_pool.connection_kwargs  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("scheme", "made"), [("redis", SentinelManagedConnection), ("rediss", SentinelManagedSSLConnection)]
)
def test_sentinel_url_names_all_that_there_is(scheme: str, made: type) -> None:
    """Sentinels, master, user, database, and options for either."""
    client = client_of(f"{scheme}+sentinel://{HOSTS}?socket_timeout=1.5&sentinel_password=guard")
    pool, found = client.connection_pool, kwargs(client)
    assert (pool.service_name, pool.connection_class) == ("logs", made)
    assert {key: found[key] for key in ("username", "password", "db")} == {
        "username": "ada",
        "password": "s@d",
        "db": 3,
    }
    assert (found["socket_timeout"], found["socket_connect_timeout"]) == (1.5, TIMEOUTS["socket_connect_timeout"])
    first, second = map(kwargs, pool.sentinel_manager.sentinels)
    assert (first["host"], first["port"], first["password"]) == ("::1", 26380, "guard")
    assert (second["host"], second["port"]) == ("two", 26379)


def test_plain_url_is_as_the_client_takes_it() -> None:
    """What it says goes before our own bounds."""
    found = kwargs(client_of("redis://cache/2?socket_timeout=1.5"))
    assert (found["host"], found["db"], found["socket_timeout"]) == ("cache", 2, 1.5)
    assert found["socket_connect_timeout"] == TIMEOUTS["socket_connect_timeout"]


@pytest.mark.parametrize("url", ["http://cache", "redis+sentinel://cache", "redis+sentinel:///logs", "cache"])
def test_what_is_no_url_is_an_error(url: str) -> None:
    """One that says what is missing."""
    with pytest.raises(ValueError, match="URL"):
        client_of(url)
