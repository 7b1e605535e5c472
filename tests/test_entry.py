"""An entry keeps whatever a record holds, in the shape that the contract fixes."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from logconsole.context import request_id
from logconsole.entry import Entry, EntryError
from logconsole.stores.base import wire
from tests.records import Hostile, entry, record

TEXT = st.text(st.characters(), max_size=40)  # lone surrogates, NUL and line ends included
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.binary(max_size=8) | st.builds(Hostile),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT | st.integers(), inner, max_size=4),
    max_leaves=12,
)
KEYS = [
    "name",
    "msg",
    "args",
    "levelname",
    "levelno",
    "pathname",
    "lineno",
    "created",
    "process",
    "threadName",
]
RECORDS = st.dictionaries(st.sampled_from([*KEYS, "exc_text", "stack_info", "exc_info"]) | TEXT, VALUES, max_size=8)


def test_entry_of_a_plain_record_has_the_keys_in_order() -> None:
    """The JSON keys are those of the contract, in its order, and nothing empty is written."""
    made = entry("order %d paid", 7, created=1763883340.123456, process=41, order_id=7)
    keys = ["ts", "level", "msg", "logger", "service", "host", "pid", "thread", "caller", "extra"]
    data = json.loads(made.line)
    assert list(data) == keys
    assert data["ts"] == "2025-11-23T07:35:40.123456Z"
    assert data["msg"] == "order 7 paid"
    assert data["caller"] == "orders.py:7"
    assert data["extra"] == {"order_id": 7}


def test_custom_level_keeps_its_name_and_number() -> None:
    """`levelno` stands only beside a level that is none of Python's five."""
    made = entry(level=25, levelname="NOTICE")
    assert (made.level, made.levelno, made.number) == ("NOTICE", 25, 25)
    assert (entry(level=30, levelname="warn").level, entry(level=30).levelno) == ("WARNING", None)


def test_exception_is_told_with_its_cause() -> None:
    """`exc` is the whole traceback, chained exceptions included."""
    try:
        try:
            raise KeyError("a")
        except KeyError as error:
            raise ValueError("b") from error
    except ValueError:
        made = entry(exc_info=sys.exc_info())
    assert made.exc.startswith("Traceback")
    assert "KeyError: 'a'" in made.exc
    assert made.exc.endswith("ValueError: b")


def test_failed_formatting_is_told_in_the_message() -> None:
    """Bad arguments lose neither the message nor the reason."""
    made = entry("%d items of %s", "many")
    assert made.msg.startswith("%d items of %s [not formatted with ('many',): TypeError")


def test_request_id_of_the_context_is_kept() -> None:
    """What the middleware set is part of every entry made meanwhile."""
    token = request_id.set("abc")
    try:
        assert entry().request_id == "abc"
    finally:
        request_id.reset(token)
    assert entry().request_id == ""


def test_long_message_is_cut_to_the_limit_and_says_so() -> None:
    """An entry over the limit keeps head and tail of its longest texts and its original size."""
    made = Entry.from_record(record("x" * 200_000 + "end"), limit=65_536)
    assert 40_000 < len(made.line) <= 65_536
    assert made.cut is not None and made.cut > 200_000
    assert made.msg.endswith("end") and "characters cut" in made.msg


def test_many_extra_values_are_cut_to_the_limit() -> None:
    """However the size is made up, the limit holds."""
    made = Entry.from_record(record(table={str(n): "v" * 100 for n in range(5_000)}), limit=2_000)
    assert len(made.line) <= 2_000 and made.cut is not None


def test_cyclic_extra_is_bounded() -> None:
    """A list that holds itself yields an entry."""
    cycle: list[Any] = []
    cycle.append(cycle)
    assert "[too much to keep]" in entry(cycle=cycle).line.decode()


def test_other_objects_are_kept_as_their_text() -> None:
    """`str` of anything that JSON has no word for; what has no text says so."""
    made = entry(path=ValueError("x"), bad=Hostile(), big=2**70, nan=float("nan"))
    assert made.extra == {
        "path": "x",
        "bad": "[Hostile without text: RuntimeError]",
        "big": str(2**70),
        "nan": "nan",
    }


def test_request_is_kept_without_its_query_string() -> None:
    """Django puts the request beside its records; what stands behind `?` may be a token."""
    request = RequestFactory().get("/reset/?token=secret")
    assert entry(request=request).extra == {"request": "GET /reset/"}


def test_lone_surrogates_are_written_visibly() -> None:
    """A file name from `os.fsdecode` does not lose the entry."""
    assert entry("caf\udce9").msg == "caf\\udce9"


@given(RECORDS)
def test_any_record_survives_the_round_trip(values: dict[str, Any]) -> None:
    """Whatever a record holds, its entry is one line of JSON, below the limit, that reads back equal."""
    made = Entry.from_record(logging.makeLogRecord(values), limit=4_096)
    assert b"\n" not in made.line
    assert len(made.line) <= 4_096
    json.loads(made.line)
    again = Entry.decode(made.line, "5")
    assert again.cursor == "5"
    assert again.line == made.line
    assert Entry.decode(again.line) == made


@given(st.lists(VALUES, max_size=3), TEXT)
def test_any_arguments_yield_a_message(args: list[Any], message: str) -> None:
    """Formatting that fails is told, never raised."""
    assert isinstance(Entry.from_record(logging.makeLogRecord({"msg": message, "args": tuple(args)})).msg, str)


def test_unknown_keys_of_a_line_become_extra() -> None:
    """A line of another writer keeps what it has beside our keys."""
    made = Entry.decode(b'{"ts":"t","level":"INFO","msg":"m","trace":"x","pid":"7","extra":{"a":1}}')
    assert made.extra == {"trace": "x", "pid": "7", "a": 1}


def test_line_of_another_writer_is_shown_as_an_entry_of_ours() -> None:
    """On the wire its unknown keys stand in `extra`; the stored line stays as it is, as do lines of ours."""
    line = b'{"msg":"m","ts":"t","level":"INFO","trace":"x","pid":"7"}'
    made = Entry.decode(line, "12")
    assert made.line == line
    assert json.loads(wire(made)) == {
        **{"ts": "t", "level": "INFO", "msg": "m"},
        **{"extra": {"trace": "x", "pid": "7"}, "cursor": "12"},
    }
    ours = b'{"ts":"t", "level":"INFO","msg":"m"}'
    assert wire(Entry.decode(ours, "0")) == ours[:-1] + b',"cursor":"0"}'


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'"x"', b"\xff", b'{"msg":"m"}', b"\x00" * 9, b"[" * 9_999])
def test_line_that_is_no_entry_is_refused(line: bytes) -> None:
    """A reader can skip what is not ours: one exception for all of it."""
    with pytest.raises(EntryError):
        Entry.decode(line)
