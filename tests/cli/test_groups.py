"""Matches with what is around them, against the plainest way to find that out."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logconsole.cli import groups
from logconsole.cli.groups import Groups, Shown, Walk
from logconsole.cli.tail import start_of
from logconsole.query import Query
from logconsole.stores.base import Store
from logconsole.stores.file import FileStore
from logconsole.stores.ring import RingStore
from tests.records import entry

SIZES = groups.PAGE, groups.PART
HIT = Query.parse("hit")
Line = tuple[str, bool] | None
logs = st.lists(st.booleans(), max_size=40) | st.lists(st.sampled_from([False] * 9 + [True]), max_size=80)
numbers = st.integers(0, 4)


def kept(log: list[bool], store: Store | None = None, start: int = 0) -> Store:
    """A store in which these entries match, numbered from there on."""
    store = store or RingStore()
    for number, is_hit in enumerate(log, start):
        store.append(entry(f"{'hit' if is_hit else 'miss'} {number}"))
    return store


def around(log: list[bool], before: int, after: int, first: int = 0) -> list[Line]:
    """All that is shown for the matches from the number on; None is the line between two groups."""
    hits = [number for number, is_hit in enumerate(log) if is_hit and number >= first]
    near = sorted({number for hit in hits for number in range(hit - before, hit + after + 1) if 0 <= number < len(log)})
    lines: list[Line] = []
    for place, number in enumerate(near):
        if place and near[place - 1] != number - 1:
            lines.append(None)
        lines.append((f"{'hit' if log[number] else 'miss'} {number}", log[number]))
    return lines


def lines_of(shown: list[Shown]) -> list[Line]:
    """The same of what was found."""
    lines: list[Line] = []
    for one in shown:
        lines += [None] if one.begins else []
        lines.append((one.entry.msg, one.is_match))
    return lines


def end_of(store: Store) -> str:
    """Where it ends."""
    return store.older(Query(), limit=1).after


@pytest.fixture(autouse=True, scope="module")
def small_pages() -> object:
    """So that the edges of pages lie everywhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(groups, "PAGE", 3)
        patch.setattr(groups, "PART", 2)
        yield


@given(logs, numbers, numbers)
def test_it_is_what_grep_would_show(log: list[bool], before: int, after: int) -> None:
    """In order, nothing twice, a mark exactly where entries were left out."""
    store = kept(log)
    walk = Walk(store, Groups(HIT, before, after), end_of(store))
    assert lines_of([one for part in walk.parts() for one in part]) == around(log, before, after)


@given(logs, logs, numbers, numbers, st.integers(1, 3))
def test_what_comes_later_goes_on_where_it_was(
    log: list[bool], later: list[bool], before: int, after: int, size: int
) -> None:
    """Entries that arrive in any portions are shown as if all had been there; none is read twice."""
    store = kept(log)
    end = end_of(store)
    kept(later, store, len(log))
    grouped = Groups(HIT, before, after)
    walk = Walk(store, grouped, end)
    shown = [one for part in walk.parts() for one in part] + list(walk.approach(end))
    while (batch := store.newer(Query(), end, size)).entries:
        shown += grouped.feed(batch.entries)
        end = batch.after
    assert lines_of(shown) == around(log + later, before, after)


@given(logs, numbers, numbers, st.integers(1, 5))
def test_the_last_matches_have_what_is_around_them(log: list[bool], before: int, after: int, count: int) -> None:
    """From the first of them on, as many as are asked for."""
    store = kept(log)
    first, end = start_of(store, HIT, count)
    walk = Walk(store, Groups(HIT, before, after), end)
    hits = [number for number, is_hit in enumerate(log) if is_hit][-count:]
    expected = around(log, before, after, min(hits, default=len(log)))
    assert lines_of([one for part in walk.parts(first) for one in part]) == expected


@given(logs, numbers, numbers)
def test_of_what_was_there_only_what_is_before_a_new_match_is_shown(log: list[bool], before: int, after: int) -> None:
    """A tail that begins with nothing knows what came right before, and shows none of it by itself."""
    store = kept(log)
    grouped = Groups(HIT, before, after)
    Walk(store, grouped, end_of(store)).remember()
    new = entry("hit")
    shown = list(grouped.feed([new]))
    assert [one.entry.msg for one in shown[:-1]] == [f"{'hit' if log[n] else 'miss'} {n}" for n in range(len(log))][
        max(len(log) - before, 0) :
    ]
    assert (shown[-1].entry, any(one.is_match or one.begins for one in shown[:-1])) == (new, False)


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_a_file_store_answers_in_pieces(tmp_path: Path, seconds: float) -> None:
    """Over several segments, and when every call's time is up at once."""
    log = [number % 17 == 0 or number % 31 == 0 for number in range(600)]
    store = FileStore(tmp_path / "logs", segment_bytes=5_000)
    kept(log, store)
    store.scan_seconds = seconds
    walk = Walk(store, Groups(HIT, 3, 2), end_of(store))
    assert lines_of([one for part in walk.parts() for one in part]) == around(log, 3, 2)
    assert (walk.scanned, walk.missed) == (1.0, False)


def test_what_retention_took_is_told(tmp_path: Path) -> None:
    """And is a place where entries were left out."""
    store = FileStore(tmp_path / "logs", segment_bytes=1_000)
    kept([True, *[False] * 40, True], store)
    walk = Walk(store, Groups(HIT, 1, 30), end_of(store))
    parts = walk.parts()
    shown = next(parts)
    for segment in sorted((tmp_path / "logs").glob("0*.jsonl"))[:3]:
        segment.unlink()
    shown += [one for part in parts for one in part]
    assert walk.missed
    assert [line for line in lines_of(shown) if line is None or line[1]] == [("hit 0", True), None, ("hit 41", True)]


@pytest.mark.parametrize("every", [1, 7, 900])
def test_memory_does_not_grow_with_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    """Though one group be the whole store."""
    for name, size in zip(("PAGE", "PART"), SIZES, strict=True):
        monkeypatch.setattr(groups, name, size)
    store = FileStore(tmp_path / "logs", retain_bytes=10**9)
    for number in range(12_000):
        store.append(entry(("hit " if number % every == 0 else "miss ") + "x" * 500))
    tracemalloc.start()
    walk = Walk(store, Groups(HIT, 20, 20), end_of(store))
    count = sum(len(part) for part in walk.parts())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count >= 400
    assert peak < 8_000_000
