"""The ring keeps the contract, its bounds, and says when something is gone."""

from __future__ import annotations

import os
import threading

import pytest

from logconsole.query import Query
from logconsole.stores.ring import LATER, LONG, RingStore
from tests.records import entry
from tests.stores.contract import StoreContract, messages


class TestRingStore(StoreContract):
    """In memory, one process."""

    @pytest.fixture
    def store(self) -> RingStore:
        """A ring with room for all that the contract appends."""
        return RingStore(capacity=1_000)


def test_oldest_leave_when_the_capacity_is_reached() -> None:
    """Of 2,010 entries the newest 2,000 stay, and a cursor from before is told."""
    store = RingStore(capacity=2_000)
    start = store.older(Query()).after
    for number in range(2_010):
        store.append(entry(f"entry {number}"))
    batch = store.newer(Query(), start, limit=1)
    assert (messages(batch.entries), batch.missed) == (["entry 10"], True)
    assert sum(1 for _ in store.scan(Query())) == 2_000


def test_bytes_are_bounded_too() -> None:
    """Large entries push out older ones before the capacity is reached."""
    store = RingStore(capacity=1_000, max_bytes=10_000)
    for _ in range(100):
        store.append(entry("x" * 1_000))
    assert 5 <= sum(1 for _ in store.scan(Query())) <= 10


def test_cursor_of_an_earlier_life_is_missed() -> None:
    """After a restart a reader is told and begins with what there is."""
    cursor = RingStore().older(Query()).after
    store = RingStore()
    store.append(entry("new life"))
    batch = store.newer(Query(), cursor)
    assert (messages(batch.entries), batch.missed) == (["new life"], True)


def test_forked_child_can_log_and_does_not_share() -> None:
    """A child forked while another thread held the lock keeps what there was and goes its own way."""
    store = RingStore()
    store.append(entry("before"))
    store._lock.acquire()  # as another thread of the parent would hold it: the child must not wait for it
    child = os.fork()
    if child == 0:
        store.append(entry("child"))
        os._exit(0 if messages(list(store.scan(Query()))) == ["before", "child"] else 1)
    store._lock.release()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert messages(list(store.scan(Query()))) == ["before"]


def test_bounds_hold_in_memory_but_for_a_few_short_lines() -> None:
    """Appending takes no lock and counts later, so there may be some lines more; long ones are counted at once."""
    store = RingStore(capacity=100, max_bytes=50_000)
    for number in range(1_000):
        store.append(entry(f"entry {number}"))
        assert len(store._lines) <= 100 + LATER + 1
    for _ in range(100):
        store.append(entry("x" * (LONG + 1)))
        assert sum(map(len, store._lines)) <= 50_000
    assert store._bytes == sum(map(len, store._lines))


def test_threads_lose_nothing_and_the_bounds_hold() -> None:
    """What stays is the newest of each thread, in its order."""
    store = RingStore(capacity=500)

    def log(by: int) -> None:
        for number in range(3_000):
            store.append(entry(f"{by} {number}"))

    threads = [threading.Thread(target=log, args=(by,)) for by in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.older(Query(), limit=1).after == f"{store._life}-12000"
    found = messages(list(store.scan(Query())))
    assert len(found) == 500
    for by in range(4):
        mine = [int(text.split()[1]) for text in found if text.startswith(f"{by} ")]
        assert mine == list(range(3_000))[3_000 - len(mine) :]
    assert store._bytes == sum(map(len, store._lines))


def test_interrupted_count_goes_on() -> None:
    """A signal handler that raises in the middle costs no bound."""
    store = RingStore(capacity=10)

    class Interrupting(int):
        def __lt__(self, other: object) -> bool:  # what `count > capacity` asks
            store.capacity = 10
            raise KeyboardInterrupt

    for number in range(20):
        store.append(entry(f"entry {number}"))
    store.capacity = Interrupting(10)
    with pytest.raises(KeyboardInterrupt):
        store.append(entry("x" * (LONG + 1)))
    assert sum(1 for _ in store.scan(Query())) == 10
