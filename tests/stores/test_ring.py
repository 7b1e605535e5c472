"""The ring keeps the contract, its bounds, and says when something is gone."""

from __future__ import annotations

import os

import pytest

from logconsole.query import Query
from logconsole.stores.ring import RingStore
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
