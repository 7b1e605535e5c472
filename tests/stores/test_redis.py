"""A Redis store keeps the contract, on one server and on a cluster, and merges the streams of all services."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis import Redis
from redis.cluster import RedisCluster

from logconsole.query import Query
from logconsole.stores.base import Unreachable
from logconsole.stores.redis import RedisStore
from logconsole.stores.streamid import Position, parsed
from tests.records import entry
from tests.redisserver import RedisServer, free_port
from tests.stores.contract import StoreContract, messages
from tests.stores.redisstores import Settled, opened

ALL = Query()
IDS = st.tuples(st.integers(1, 5), st.integers(0, 3), st.sampled_from(["cron", "web", "worker"]))


class TestRedisStore(StoreContract):
    """One server."""

    @pytest.fixture
    def store(self, redis_server: RedisServer) -> Iterator[Settled]:
        """Empty."""
        with opened(redis_server.url) as store:
            yield store


class TestRedisCluster(StoreContract):
    """Three nodes."""

    @pytest.fixture
    def store(self, redis_cluster: list[RedisServer]) -> Iterator[Settled]:
        """Empty."""
        url = redis_cluster[0].url
        with RedisCluster.from_url(url) as client:
            client.flushall(target_nodes="primaries")
        with opened(url.replace("redis:", "redis+cluster:").removesuffix("/0")) as store:
            yield store


def laid(server: RedisServer, ids: list[tuple[int, int, str]]) -> list[str]:
    """Entries with these ids in the streams of their services; what they say, in the order of arrival."""
    with Redis(port=server.port) as client:
        client.flushall()
        for ms, seq, service in sorted(set(ids)):
            made = entry(f"{ms}-{seq} {service}")
            client.sadd("logconsole", service)
            client.xadd(f"logconsole:{service}", {"e": made.line}, id=f"{ms}-{max(seq, 0)}")
    return [f"{ms}-{seq} {service}" for ms, seq, service in sorted(set(ids))]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ids=st.lists(IDS, max_size=30), limit=st.integers(1, 7))
def test_streams_are_read_as_one(redis_server: RedisServer, ids: list[tuple[int, int, str]], limit: int) -> None:
    """Page by page, forward and backward, every entry of every service comes once, ordered by id and service."""
    texts = laid(redis_server, ids)
    with opened(redis_server.url) as store:
        forward, after, more = [], "", True
        while more:
            batch = store.newer(ALL, after, limit)
            forward, after, more = forward + messages(batch.entries), batch.after, batch.more
        backward, before, more = [], None, True
        while more:
            batch = store.older(ALL, before, limit)
            backward, before, more = messages(batch.entries) + backward, batch.before, batch.more
    assert (forward, backward) == (texts, texts)


@pytest.mark.timeout(90)  # the first text of all makes the tables of Hypothesis
@given(ms=st.integers(0, 10**14), seq=st.integers(0, 10**17), dropped=st.integers(0, 10**14), service=st.text())
def test_cursor_comes_back(ms: int, seq: int, dropped: int, service: str) -> None:
    """A position is the same after it was written and read."""
    service = "".join(sign for sign in service if sign >= " ")[:200]
    at = Position(ms, seq, service)
    assert parsed(at.cursor(dropped)) == (at, dropped)


def test_entry_that_others_may_still_precede_waits(redis_server: RedisServer) -> None:
    """What stands in the current millisecond is read when no other service can come before it any more."""
    with opened(redis_server.url) as store, redis_server.client as client:
        seconds, micros = client.time()
        ahead = seconds * 1000 + micros // 1000 + 900  # as on a node whose clock is ahead
        laid(redis_server, [(5, 0, "web"), (6, 0, "cron"), (ahead, 0, "web")])
        seen, after = [], ""
        batch = store.newer(ALL)
        assert (messages(batch.entries), batch.more) == (["5-0 web", "6-0 cron"], False)
        assert messages(store.older(ALL).entries) == ["5-0 web", "6-0 cron"]
        client.xadd("logconsole:cron", {"e": entry("before it").line}, id=f"{ahead - 1}-0")
        after = batch.after
        while len(seen) < 2:
            batch = store.newer(ALL, after)
            seen, after = seen + messages(batch.entries), batch.after
        assert seen == ["before it", f"{ahead}-0 web"]


def test_clock_far_ahead_holds_nothing_up(redis_server: RedisServer) -> None:
    """A clock that was set back by more than a second keeps nothing from being read."""
    with opened(redis_server.url) as store:
        texts = laid(redis_server, [(5, 0, "cron"), (10**14, 0, "web")])
        assert messages(store.newer(ALL).entries) == messages(store.older(ALL).entries) == texts


def test_service_is_the_stream(redis_server: RedisServer) -> None:
    """Entries of several services lie in a stream each, and all are found."""
    with opened(redis_server.url) as store, redis_server.client as client:
        for service in ("web", "web", "cron", "web"):
            line = entry(f"of {service}").line.replace(b'"service":"web"', b'"service":"%s"' % service.encode())
            store.keep(line, None)
        while len(store.newer(ALL).entries) < 4:  # the last one waits for the end of its millisecond
            pass
        assert [client.xlen(f"logconsole:{service}") for service in ("web", "cron")] == [3, 1]
        assert messages(store.older(Query.parse("service:cron")).entries) == ["of cron"]


def test_number_of_entries_is_bounded_and_what_is_gone_is_missed(redis_server: RedisServer) -> None:
    """About `maxlen` entries stay; a cursor from before is told, one from behind is not."""
    with opened(redis_server.url, maxlen=1_000) as store, redis_server.client as client:
        store.append(entry("first"))
        start = store.older(ALL).before
        for number in range(3_000):
            store.append(entry(f"entry {number}"))
        end = store.older(ALL, limit=1)
        assert 1_000 <= client.xlen("logconsole:web") < 1_200
        assert (end.missed, store.newer(ALL, end.before).missed) == (False, False)
        found = store.newer(ALL, start, limit=1)
        assert (found.missed, messages(found.entries) != ["first"]) == (True, True)
        assert store.older(ALL, start).missed
        behind = store.newer(ALL, found.after, limit=1)
        assert not behind.missed


def test_age_of_entries_is_bounded(redis_server: RedisServer) -> None:
    """Entries older than `retain_seconds` go; the newest of them stays until there are others, and is no gap."""
    for count in range(100, 120):  # wherever the last of them stands in its node
        with opened(redis_server.url, key=f"log{count}", retain_seconds=60) as store, redis_server.client as client:
            for number in range(1, count):
                client.xadd(f"log{count}:web", {"e": entry(f"old {number}").line}, id=f"{number}-0")
            client.sadd(f"log{count}", "web")
            after = store.older(ALL, limit=1).after
            store.append(entry("new"))
            batch = store.newer(ALL, after)
            assert (messages(batch.entries), batch.missed) == (["new"], False)
            assert client.xlen(f"log{count}:web") <= 50


def test_emptied_store_is_told(redis_server: RedisServer) -> None:
    """A cursor of a store that has been emptied since is missed; the writer says how much is gone."""
    with opened(redis_server.url, maxlen=1_000) as store, redis_server.client as client:
        for number in range(2_000):
            store.append(entry(f"entry {number}"))
        after = store.older(ALL, limit=1).after
        client.flushall()
        store.append(entry("and on"))
        store.flush()
        batch = store.newer(ALL, after)
        assert (batch.missed, store.lost) == (True, 2_000)
        assert batch.entries[0].msg == "and on"
        assert batch.entries[1].msg.startswith("2,000 entries are lost: ")


def test_foreign_entries_of_the_stream_are_counted(redis_server: RedisServer) -> None:
    """What somebody else put there is skipped."""
    with opened(redis_server.url) as store, redis_server.client as client:
        client.sadd("logconsole", "web")
        client.xadd("logconsole:web", {"other": "thing"})
        client.xadd("logconsole:web", {"e": "no JSON"})
        store.append(entry("ours"))
        assert messages(store.newer(ALL).entries) == ["ours"]
        assert store.unreadable == 2


def test_unreachable_server_is_told_apart_from_an_empty_one() -> None:
    """Reading says so, and the trouble too; nobody takes it for a store without entries."""
    store = RedisStore(f"redis://127.0.0.1:{free_port()}/0")
    for read in (store.newer, store.older):
        with pytest.raises(Unreachable, match="Redis cannot be read: "):
            read(ALL)
    assert store.trouble.startswith("Redis cannot be read since ")
    store.close()


async def test_follower_outlives_the_server(lone_redis: RedisServer) -> None:
    """Killed and started again in mid-stream: who follows has every entry once."""
    lone_redis.start()
    with opened(lone_redis.url) as store:
        store.append(entry("entry 0"))
        store.flush(10)
        batches = RedisStore(lone_redis.url).follow(ALL, "")
        seen = messages((await anext(batches)).entries)
        lone_redis.kill()
        waiting = asyncio.ensure_future(anext(batches))
        for number in range(1, 300):
            store.append(entry(f"entry {number}"))
        await asyncio.to_thread(lone_redis.start)
        seen += messages((await waiting).entries)
        while len(seen) < 300:
            seen += messages((await anext(batches)).entries)
        await batches.aclose()
    assert seen == [f"entry {number}" for number in range(300)]
