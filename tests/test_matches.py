"""The frames that all sockets with one query share."""

from __future__ import annotations

from logconsole.entry import Entry
from logconsole.matches import FRAME_BYTES, FRAME_ENTRIES, KEPT_BYTES, Matches
from logconsole.query import Query
from logconsole.stores.base import wire
from logconsole.stores.ring import RingStore


def frames(text: str, count: int) -> list[str]:
    """All frames of so many entries."""
    store = RingStore()
    for _ in range(count):
        store.append(Entry(ts="2026-11-23T07:35:40.123456Z", level="INFO", msg=text))
    batch = store.newer(Query(), limit=count)
    matches = Matches(store, Query(), "")
    matches.take(batch.entries, [wire(one) for one in batch.entries], batch.after, KEPT_BYTES)
    number, made = matches.first, []
    while number < matches.end:
        body, _, number = matches.frame(number)
        made.append(body)
    return made


def test_frames_are_no_larger_than_agreed() -> None:
    """With everything around the entries, and not much smaller either."""
    for size in (300, 521, 1_000, 9_000):
        made = frames("x" * size, 1_200)
        sizes = [len(body.encode()) + 40 for body in made]  # and what names the subscription
        assert max(sizes) <= FRAME_BYTES
        assert max(body.count('"cursor":') for body in made) <= FRAME_ENTRIES
        assert min(sizes[:-1]) > FRAME_BYTES * 0.6 or made[0].count('"cursor":') == FRAME_ENTRIES


def test_an_entry_larger_than_a_frame_goes_alone() -> None:
    """It is not left out, and does not stop those behind it."""
    assert [body.count('"cursor":') for body in frames("x" * FRAME_BYTES, 3)] == [1, 1, 1]
