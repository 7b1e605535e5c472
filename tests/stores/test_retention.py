"""Segments end with their period and go when a bound asks for it, whatever the clock does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logconsole.query import Query
from logconsole.stores import writer
from logconsole.stores.file import FileStore
from logconsole.stores.retention import DAY, Retention
from logconsole.stores.segments import segments
from tests.records import entry
from tests.stores.contract import messages

NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.utc).timestamp()


class Clock:
    """The time of day, as the tests want it."""

    now = NOON

    def time(self) -> float:
        """In place of `time.time`."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that writers look at."""
    made = Clock()
    monkeypatch.setattr(writer.time, "time", made.time)
    return made


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FileStore]:
    """A store that keeps everything."""
    made = FileStore(tmp_path, retain_days=10_000)
    yield made
    made.close()


def log(store: FileStore, clock: Clock, message: str = "x") -> int:
    """Append an entry made now; the number of segments afterwards."""
    store.append(entry(message, created=clock.now))
    return len(segments(store.directory))


@given(st.floats(0, 4_000_000_000), st.integers(1, 3 * DAY))
def test_period_ends_within_its_length_and_at_midnight(moment: float, seconds: int) -> None:
    """Periods count from UTC midnight; each ends after the moment, and none runs past the next midnight."""
    end = Retention(segment_seconds=seconds).period_end(moment)
    midnight = moment // DAY * DAY
    assert moment < end <= midnight + DAY
    assert end - moment <= seconds
    assert end == midnight + DAY or (end - midnight) % seconds == 0


def test_each_day_has_segments_of_its_own(store: FileStore, clock: Clock) -> None:
    """The first entry of a day begins a segment, also when days have passed without one."""
    assert [log(store, clock), log(store, clock)] == [1, 1]
    clock.now = NOON + DAY / 2
    assert [log(store, clock), log(store, clock)] == [2, 2]
    clock.now = NOON + 9 * DAY
    assert log(store, clock) == 3


def test_shorter_periods_are_kept_too(tmp_path: Path, clock: Clock) -> None:
    """`segment_seconds` of an hour begins a segment with each hour."""
    store = FileStore(tmp_path, segment_seconds=3_600)
    assert log(store, clock) == 1
    clock.now += 3_599
    assert log(store, clock) == 1
    clock.now += 1
    assert log(store, clock) == 2
    store.close()


def test_clock_that_jumps_loses_nothing(store: FileStore, clock: Clock) -> None:
    """Back or forward by hours: every entry is kept, in arrival order, and segments do not multiply."""
    hours = [0, -5, 30, -30, 5, 0, -100, 0, 0]
    for hour in hours:
        clock.now = NOON + 3_600 * hour
        log(store, clock, str(hour))
    assert messages(list(store.scan(Query()))) == [str(hour) for hour in hours]
    assert len(segments(store.directory)) <= 3


def test_two_processes_that_notice_midnight_make_one_segment(store: FileStore, clock: Clock) -> None:
    """Whoever comes second joins."""
    other = FileStore(store.directory, retain_days=10_000)
    log(store, clock)
    log(other, clock)
    clock.now += DAY
    assert [log(store, clock), log(other, clock), log(store, clock)] == [2, 2, 2]
    other.close()


def test_old_segments_go_while_another_is_written(tmp_path: Path, clock: Clock) -> None:
    """Age is looked at once a minute, not only when a segment ends."""
    store = FileStore(tmp_path, segment_bytes=2_500, retain_bytes=10**6, retain_days=1 / 48)
    log(store, clock, "old" * 250)
    clock.now += 600
    assert log(store, clock, "new" * 650) == 2
    clock.now += 1_201
    log(store, clock, "newest")
    assert messages(list(store.scan(Query()))) == ["new" * 650, "newest"]
    store.close()


def test_idle_directory_is_pruned_by_age_at_the_next_entry(tmp_path: Path, clock: Clock) -> None:
    """Months later, the first entry leaves nothing older than `retain_days`."""
    store = FileStore(tmp_path, retain_days=30)
    for _ in range(5):
        log(store, clock)
        clock.now += DAY
    clock.now += 90 * DAY
    log(store, clock, "new")
    assert messages(list(store.scan(Query()))) == ["new"]
    store.close()
