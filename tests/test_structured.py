"""structlog's events, handed over as dictionaries."""

from __future__ import annotations

import logging
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from logconsole.entry import Entry
from logconsole.lines import Lines

VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers()) | st.binary()
KEYS = st.sampled_from(["event", "level", "exception", "exc_info", "order_id", "timestamp", "msg", ""]) | st.integers()


class Odd(str):
    """A key that cannot be compared."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("not comparable")

    def __hash__(self) -> int:
        return hash("level")


def entry(msg: Any, *args: Any, **more: Any) -> Entry:
    """Of a record with that message."""
    record = logging.LogRecord("shop", logging.INFO, "shop.py", 3, msg, args, None)
    vars(record).update(more)
    made = Entry.from_record(record)
    assert Entry.decode(Lines().of(record)) == made
    return made


def test_the_event_is_the_message_and_the_rest_are_fields() -> None:
    """What the entry has itself is not there twice, nor what structlog's own formatter needs."""
    event = {"event": "Placed", "level": "info", "timestamp": "2026", "logger": "shop", "order_id": 5}
    made = entry(event, _logger=object(), _name="info", tenant="north")
    assert (made.msg, made.extra) == ("Placed", {"tenant": "north", "order_id": 5})
    assert entry({"event": "Placed"}).extra is None
    assert event["level"] == "info"  # another handler sees it as it was


def test_its_exception_is_the_traceback() -> None:
    """As text that structlog made, as the exception, or as the one that is being handled."""
    assert entry({"event": "Failed", "exception": "Traceback: ..."}).exc == "Traceback: ..."
    try:
        raise LookupError("no order")
    except LookupError as error:
        raised = error
        assert "LookupError: no order" in entry({"event": "Failed", "exc_info": True}).exc
    assert "LookupError: no order" in entry({"event": "Failed", "exc_info": raised}).exc


def test_any_other_dictionary_is_a_message_as_it_stands() -> None:
    """Nobody's `logger.info({...})` is taken apart."""
    assert entry({"order_id": 5}).msg == "{'order_id': 5}"
    assert entry({"event": 5}).msg == "{'event': 5}"
    assert entry({"event": "x", Odd("y"): 1}).msg == "{'event': 'x', 'y': 1}"


@examples(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(KEYS, VALUES), st.sampled_from([(), (5,), ({},)]))
def test_any_dictionary_yields_an_entry(event: dict[Any, Any], args: tuple[Any, ...]) -> None:
    """And the line that a handler puts together is that of the entry."""
    entry(event, *args)
