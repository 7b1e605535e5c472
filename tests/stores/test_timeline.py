"""The counts of a timeline, over any time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logconsole.query import Query
from logconsole.stores.timeline import Tally, counted

MOMENTS = st.datetimes(timezones=st.just(timezone.utc))
STAMPS = MOMENTS.map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")) | st.text(max_size=30)


@given(st.lists(st.tuples(STAMPS, st.just("INFO")), max_size=5), MOMENTS | st.none(), MOMENTS | st.none())
def test_any_times_yield_a_timeline(
    made: list[tuple[str, str]], since: datetime | None, until: datetime | None
) -> None:
    """The first year, the last one, a range that ends before it begins, a `ts` that is no time: counts all the same."""
    timeline = counted(made, Query.parse(since=since, until=until), 60, 1.0)
    assert all(len(counts) <= 60 for counts in timeline.levels.values())
    assert sum(map(sum, timeline.levels.values())) <= len(made)
    assert timeline.step_seconds > 0
    timeline.encode()


def test_every_entry_of_the_range_is_counted_once() -> None:
    """Spans have a round length, and hold what was made in them."""
    start = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
    made = [((start + timedelta(seconds=n)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "INFO") for n in range(120)]
    timeline = counted(made, Query.parse(since=start, until=start + timedelta(seconds=119)), 60, 1.0)
    assert timeline.step_seconds == 2
    assert timeline.levels == {"INFO": [2] * 60}
    assert (timeline.since, timeline.until) == ("2026-11-23T12:00:00.000000Z", "2026-11-23T12:02:00.000000Z")


@pytest.mark.parametrize("buckets", [1, 7, 500])
def test_there_are_at_most_as_many_spans_as_asked_for(buckets: int) -> None:
    """However long the time."""
    made = [("0001-01-01T00:00:00.000000Z", "INFO"), ("9999-12-31T23:59:59.999999Z", "INFO")]
    assert len(counted(made, Query(), buckets, 1.0).levels["INFO"]) <= buckets


def test_counting_holds_no_more_for_a_longer_time() -> None:
    """Entries over a year leave as few counts as those of an hour, and none is lost."""
    tally = Tally("", "2027-01-01T00:00:00.000000Z", 60)
    for number in range(20_000):
        moment = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=1_500 * number)
        tally.add(moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "INFO")
    assert sum(map(len, tally._counts.values())) <= 60 * 48
    assert sum(tally.timeline(60).levels["INFO"]) == 20_000
