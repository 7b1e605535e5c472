"""Redis servers for the tests of stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.redisserver import RedisServer, clustered


@pytest.fixture(scope="session")
def shared_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One server for all tests that do it no harm."""
    server = RedisServer(tmp_path_factory.mktemp("redis")).start()
    yield server
    server.kill()


@pytest.fixture
def redis_server(shared_redis: RedisServer) -> RedisServer:
    """The same, empty."""
    with shared_redis.client as client:
        client.flushall()
    return shared_redis


@pytest.fixture(scope="session")
def redis_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RedisServer]]:
    """Three nodes that share the keys."""
    nodes = clustered(tmp_path_factory.mktemp("cluster"), 3)
    yield nodes
    for node in nodes:
        node.kill()


@pytest.fixture
def lone_redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A server that the test may kill; what was written is there when it is started again."""
    server = RedisServer(tmp_path / "redis", durable=True)
    yield server
    server.kill()
