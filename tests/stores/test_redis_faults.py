"""Whatever Redis does, logging goes on, and what is lost is exactly what is counted."""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from logconsole.query import Query
from logconsole.stores import flusher
from logconsole.stores.redis import RedisStore
from tests.children import ended_well, ran, started, told
from tests.records import entry
from tests.redisserver import RedisServer
from tests.stores.contract import messages
from tests.writer_process import configure_redis, imports_early

ALL = Query()
LOST = re.compile(r"([\d,]+) entries are lost: from \S+ on they could not be kept in Redis: (.+)")
log = logging.getLogger("fleet")


@pytest.fixture
def store(lone_redis: RedisServer) -> Iterator[RedisStore]:
    """Of a server that is not yet started; one that hangs is given up after half a second."""
    store = RedisStore(f"{lone_redis.url}?socket_timeout=0.5")
    yield store
    store.close()


def put(store: RedisStore, numbers: range) -> None:
    """Log these numbers."""
    for number in numbers:
        store.append(entry(f"entry {number}"))


def account(server: RedisServer, store: RedisStore | None = None) -> tuple[list[int], int, list[str]]:
    """The numbers that are in Redis in their order, how many are told to be lost, and why."""
    if store is not None:
        assert store.flush(20)
    reader = RedisStore(server.url)
    found = messages(list(reader.scan(ALL)))
    reader.close()
    told = [match for text in found if (match := LOST.fullmatch(text))]
    numbers = [int(text.removeprefix("entry ")) for text in found if text.startswith("entry ")]
    return numbers, sum(int(match[1].replace(",", "")) for match in told), [match[2] for match in told]


def test_server_killed_in_mid_stream_loses_nothing_that_it_took(store: RedisStore, lone_redis: RedisServer) -> None:
    """Killed three times while a thread logs, and started again: every entry is there once, in order."""
    lone_redis.start()
    ended = threading.Event()
    count = 0

    def write() -> None:
        nonlocal count
        while not ended.is_set():
            put(store, range(count, count + 50))
            count += 50
            ended.wait(0.002)

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(3):
        assert store.flush(20) or not ended.is_set()
        lone_redis.kill()
        lone_redis.start()
    ended.set()
    writer.join()
    numbers, told, _ = account(lone_redis, store)
    assert (numbers, told, store.lost) == (list(range(count)), 0, 0)


def test_too_many_while_it_is_away_are_counted(
    store: RedisStore, lone_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens: the newest are held, the oldest dropped; once it is there, one entry says how many."""
    monkeypatch.setattr(flusher, "MAX_LINES", 1_000)
    put(store, range(10))
    assert not store.flush(0.1)
    put(store, range(10, 5_000))
    assert re.search(r"entries could not be sent to Redis since .*: .*refused", store.trouble)
    lone_redis.start()
    numbers, told, why = account(lone_redis, store)
    assert numbers == sorted(set(numbers)) and numbers[-1] == 4_999
    assert len(numbers) + told == 5_000 and told == store.lost >= 3_500
    assert len(why) == 1 and "refused" in why[0]
    assert store.trouble == ""


def test_sleeping_server_holds_no_logging_call_up(store: RedisStore, lone_redis: RedisServer) -> None:
    """What is sent while it sleeps is sent again, and is there once."""
    lone_redis.options += ["--enable-debug-command", "yes"]
    lone_redis.start()
    put(store, range(10))
    assert store.flush(10)
    with lone_redis.client as client:
        sleeping = threading.Thread(target=client.execute_command, args=("DEBUG", "SLEEP", "2"))
        sleeping.start()
        put(store, range(10, 3_000))
        assert sleeping.is_alive()  # all of that took less than its sleep
        sleeping.join()
    numbers, told, _ = account(lone_redis, store)
    assert (numbers, told) == (list(range(3_000)), 0)


def test_full_server_is_waited_for(store: RedisStore, lone_redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without memory it refuses whole batches; what is dropped meanwhile is counted."""
    monkeypatch.setattr(flusher, "MAX_LINES", 1_000)
    lone_redis.start()
    with lone_redis.client as client:
        put(store, range(10))
        assert store.flush(10)
        client.config_set("maxmemory", "1")
        put(store, range(10, 3_000))
        assert not store.flush(0.1)
        assert "maxmemory" in store.trouble
        client.config_set("maxmemory", "0")
        numbers, told, _ = account(lone_redis, store)
    assert len(numbers) + told == 3_000 and told == store.lost > 0
    assert numbers[:10] == list(range(10)) and numbers == sorted(set(numbers))


def test_what_it_forgets_is_counted(tmp_path: Path) -> None:
    """A server that keeps nothing on disk is killed: what it had taken is told, to the entry."""
    with RedisServer(tmp_path / "redis") as server:
        store = RedisStore(server.url)
        put(store, range(1_234))
        assert store.flush(10)
        server.kill()
        server.start()
        put(store, range(1_234, 1_300))
        numbers, told, why = account(server, store)
        store.close()
    assert (numbers, told, store.lost) == (list(range(1_234, 1_300)), 1_234, 1_234)
    assert why == ["they were taken, and then forgotten"]


def logs_and_ends(url: str, count: str, way: str = "") -> None:
    """Log, and end at once."""
    configure_redis(url, "short")
    if way == "signal":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    for number in range(int(count)):
        log.info("entry %d", number)
    if way == "signal":
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)  # never: the signal ends it


@pytest.mark.parametrize("way", ["", "signal"])
def test_end_of_the_process_sends_what_is_held(redis_server: RedisServer, way: str) -> None:
    """A process that ends right behind its last entry, by itself or because it is told to, loses none."""
    ended_well(logs_and_ends, redis_server.url, 2_000, way)
    assert account(redis_server)[:2] == (list(range(2_000)), 0)


@pytest.mark.parametrize("way", ["", "signal"])
def test_end_of_the_process_waits_no_longer_than_it_may(lone_redis: RedisServer, way: str) -> None:
    """The server is stopped in its tracks: the process ends all the same, and says what it could not send."""
    lone_redis.start()
    assert lone_redis.process is not None
    lone_redis.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    done = ran(logs_and_ends, lone_redis.url, 2_000, way)
    assert done.returncode == 0 and time.monotonic() < began + 20
    assert "2,000 are lost" in done.stderr.splitlines()[-1]


def forks(url: str) -> None:
    """Parent and children log at once; one child of each kind, and one that only ends."""
    configure_redis(url, "fork")
    for number in range(4, 2_004):  # so many that some are still held
        log.info("entry %d", number)
    if not os.fork():
        sys.exit(0)
    os.wait()
    log.info("entry 0")
    child = os.fork()
    if not child:
        log.info("entry 1")
        sys.exit(0)
    other = multiprocessing.get_context("fork").Process(target=log.info, args=("entry 2",))
    other.start()
    other.join()
    os.waitpid(child, 0)
    log.info("entry 3")


def test_forked_children_send_their_own(redis_server: RedisServer) -> None:
    """What the parent still held at the fork is sent by the parent alone; each child sends what it logged."""
    ended_well(forks, redis_server.url)
    assert sorted(account(redis_server)[0]) == list(range(2_004))


def logs_everything(url: str) -> None:
    """Root at DEBUG, and all that redis-py logs too; then say that it is quiet."""
    configure_redis(url, "loop", level="DEBUG")
    for name in ("redis", "push_response", "asyncio"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    log.info("entry 0")
    from logconsole import conf

    store = conf.get_store("redis")
    assert isinstance(store, RedisStore)
    os.write(1, b"%a\n" % store.flush(10))
    sys.stdin.readline()
    log.info("entry 1")


def test_redis_client_causes_no_entries(redis_server: RedisServer) -> None:
    """One entry at root DEBUG is one entry, with a server that is restarted meanwhile too."""
    with started(logs_everything, redis_server.url) as process:
        assert process.stdout is not None and process.stdout.readline() == "True\n"
        with redis_server.client as client:
            client.client_kill_filter(_type="normal", skipme=True)
        process.communicate("\n", timeout=20)
    reader = RedisStore(redis_server.url)
    assert messages(list(reader.scan(ALL))) == ["entry 0", "entry 1"]
    reader.close()


def test_client_is_imported_before_the_first_entry(redis_server: RedisServer) -> None:
    """It takes longer than any logging call may."""
    assert told(imports_early, redis_server.url)["early"]
