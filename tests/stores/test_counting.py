"""A count goes on where it was left, takes what came since, and begins anew where something was dropped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from logconsole.query import Query
from logconsole.stores.base import Store
from logconsole.stores.file import FileStore
from logconsole.stores.ring import RingStore
from tests.records import entry

QUERY = Query.parse("purchase")


@pytest.fixture(params=["ring", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Of each kind, so short of time that one call reads a few hundred entries at most."""
    made = RingStore(capacity=20_000) if request.param == "ring" else FileStore(tmp_path)
    made.scan_seconds = 0.002
    return made


def fill(store: Store, count: int) -> None:
    """Every second entry is a purchase, every tenth of these an error."""
    for number in range(count):
        store.append(entry("%s %d", "visit" if number % 2 else "purchase", number, level=20 if number % 20 else 40))


def total(store: Store) -> tuple[int, float]:
    """What a timeline counts, and how far it got."""
    timeline = store.timeline(QUERY)
    return sum(map(sum, timeline.levels.values())), timeline.scanned


def test_count_goes_on_to_the_end(store: Store) -> None:
    """Each call counts some more, none twice; the share grows with it, and is whole at last."""
    fill(store, 10_000)
    counts = [(0, 0.0)]
    while counts[-1][1] < 1.0:
        counts.append(total(store))
    assert len(counts) > 2 and sorted(counts) == counts
    assert counts[-1] == (5_000, 1.0) == total(store)


def test_count_takes_what_came_since(store: Store) -> None:
    """A timeline that is looked at again has the new entries too."""
    store.scan_seconds = 5.0
    fill(store, 100)
    assert total(store) == (50, 1.0)
    fill(store, 60)
    assert total(store) == (80, 1.0)


def test_count_begins_anew_when_entries_were_dropped() -> None:
    """What is gone is counted no longer."""
    store = RingStore(capacity=100)
    fill(store, 100)
    assert total(store) == (50, 1.0)
    fill(store, 50)
    assert total(store) == (50, 1.0)


def test_facets_are_the_most_frequent_values(store: Store) -> None:
    """Of level, logger, service and request path, among the matches."""
    store.scan_seconds = 5.0
    fill(store, 200)
    for number in range(30):
        store.append(entry("purchase of %d", number, path=f"/orders/{number % 3}", status=200))
    told = json.loads(store.facets(QUERY).encode())
    assert told["scanned"] == 1.0
    assert told["fields"]["level"] == [["INFO", 120], ["ERROR", 10]]
    assert told["fields"]["logger"] == [["shop.orders", 130]]
    assert told["fields"]["service"] == [["web", 130]]
    assert sorted(told["fields"]["path"]) == [["/orders/0", 10], ["/orders/1", 10], ["/orders/2", 10]]
    assert dict(json.loads(store.facets(Query()).encode())["fields"]["level"]) == {"INFO": 220, "ERROR": 10}


def test_facets_leave_out_what_is_invented_to_be_long(store: Store) -> None:
    """Ten thousand of them would be gigabytes; a visitor can ask for any path."""
    for path in ("/short/", "/" * 501, "/" + "x" * 60_000):
        store.append(entry("purchase", path=path))
    assert store.facets(QUERY).path == {"/short/": 1}


def test_facets_hold_a_bounded_number_of_values() -> None:
    """A path for each order does not grow without end."""
    store = RingStore(capacity=30_000)
    store.scan_seconds = 30.0
    for number in range(12_000):
        store.append(entry("purchase", path=f"/orders/{number}"))
    for _ in range(50):
        store.append(entry("purchase", path="/login"))
    facets = store.facets(QUERY)
    assert len(facets.path) <= 10_000
    assert json.loads(facets.encode())["fields"]["path"][0] == ["/login", 50]
