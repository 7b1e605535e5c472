"""Behind Sentinel: when the master dies, the replica that is promoted takes what comes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from logconsole.query import Query
from logconsole.stores.redis import RedisStore
from tests.records import entry
from tests.redisserver import RedisServer, sentinel
from tests.stores.contract import messages


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[RedisServer]]:
    """A master, its replica, and the Sentinel that watches them."""
    master = RedisServer(tmp_path / "master").start()
    replica = RedisServer(tmp_path / "replica", "--replicaof", "127.0.0.1", str(master.port)).start()
    watching = sentinel(tmp_path / "sentinel", master, replica)
    yield [master, replica, watching]
    for server in (watching, replica, master):
        server.kill()


@pytest.mark.timeout(60)
def test_failover_is_waited_for(servers: list[RedisServer]) -> None:
    """Every entry is there in order, once, or is counted."""
    master, replica, watching = servers
    store = RedisStore(f"redis+sentinel://127.0.0.1:{watching.port}/logs/0")
    for number in range(100):
        store.append(entry(f"entry {number}"))
    assert store.flush(10)
    with master.client as client:
        assert client.wait(1, 10_000) == 1
    master.kill()
    for number in range(100, 200):
        store.append(entry(f"entry {number}"))
    assert store.flush(40)
    found = messages(list(store.scan(Query())))
    assert (found, store.lost) == ([f"entry {number}" for number in range(200)], 0)
    with replica.client as client:
        assert client.info("replication")["role"] == "master"
    store.close()
