"""A line that is put together from parts is, to the byte, what an entry is encoded to."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from logconsole.context import request_id, user
from logconsole.entry import Entry
from logconsole.lines import MAX_FRAMES, Lines
from logconsole.terms import redactor
from tests.records import record
from tests.test_entry import KEYS, TEXT, VALUES

USUAL = st.dictionaries(TEXT, st.none() | st.booleans() | st.integers() | st.floats() | TEXT, max_size=5)
ODD = st.dictionaries(
    st.sampled_from([*KEYS, "exc_text", "stack_info", "message", "asctime", "password"]) | TEXT, VALUES, max_size=4
)
MESSAGES = TEXT | st.sampled_from(
    ["token=abc", "a %s", "%d of %s", "x" * 300, "Bearer eyJhbGciOiJIUzI1", '"\\\x00\x7f']
)
BUILT_IN, OWN = redactor(None), redactor(["/order \\d+/", "tea"])


@pytest.fixture(params=[False, True], ids=["no request", "request"], autouse=True)
def _context(request: pytest.FixtureRequest) -> Iterator[None]:
    tokens = request_id.set("abc-1" if request.param else ""), user.set('a"da' if request.param else "")
    yield
    request_id.reset(tokens[0])
    user.reset(tokens[1])


def assert_same(made: logging.LogRecord, **options: Any) -> None:
    """By one that remembers, and by one that does not yet."""
    expected = Entry.from_record(made, **options).line
    lines = Lines(**options)
    assert lines.of(made) == expected
    assert lines.of(made) == expected


@given(
    MESSAGES,
    st.lists(VALUES, max_size=2),
    USUAL,
    st.floats(0, 253_402_300_000) | st.integers(0, 10**10),
    st.sampled_from([None, BUILT_IN, OWN]),
)
@example("password=x", [], {"password": 1, "total": float("nan"), "big": 2**60}, 0.9999999, BUILT_IN)
@example("at /a/x7/", [], {"request": "x", "password": "y"}, 1763883340.5, BUILT_IN)
@example("a\ud800", [], {"name\ud800": "\ud800"}, 1763883340.9999997, None)
def test_line_of_any_logging_call_is_that_of_its_entry(
    message: str, args: list[Any], extra: dict[str, Any], created: float, redact: Any
) -> None:
    """Whatever its message, its time and what it passes beside it."""
    made = record(message, *args, **extra)
    made.created = created
    assert_same(made, base_dir="/srv/shop", redactor=redact)
    assert_same(made, service="", limit=300, base_dir="/srv", redactor=redact)


@given(ODD, st.sampled_from([None, BUILT_IN]))
def test_line_of_any_record_is_that_of_its_entry(values: dict[str, Any], redact: Any) -> None:
    """However odd its attributes are, and in whatever order they were set."""
    made = record("%s", "hello")
    for name, value in values.items():
        vars(made).pop(name, None)
        vars(made)[name] = value
    made.created = values.get("created", 1763883340.5)
    made.process = made.process if isinstance(made.process, int) else 7  # the present one is told, whatever it is
    if isinstance(made.created, (int, float)) and 0 <= made.created < 253_402_300_000:
        assert_same(made, redactor=redact)
    else:
        assert Entry.decode(Lines(redactor=redact).of(made)).msg == Entry.from_record(made, redactor=redact).msg


@given(st.permutations([1, True, 1.0, "1", 10, 10.0, 20, 20.0, 20.5, "INFO", None, False, 0]))
def test_values_that_are_equal_make_no_difference(values: list[Any]) -> None:
    """What was remembered for one is not given for another that is told otherwise."""
    lines = Lines()
    for value in values:
        for name in ("levelno", "lineno"):
            made = record("hello", levelname="OWN", **{name: value})
            assert lines.of(made) == Entry.from_record(made).line


def test_what_a_formatter_has_put_into_the_record_is_not_extra() -> None:
    """A handler before ours keeps its text there; what the call passed stands before that."""
    made = record("hello", order=7)
    logging.Formatter("%(asctime)s %(message)s").format(made)
    assert Entry.decode(Lines().of(made)).extra == {"order": 7}
    assert_same(made)


@pytest.mark.parametrize("value", [1, "x", None, True, ["a"], {"b": "c"}])
def test_value_of_a_secret_name_is_hidden(value: object) -> None:
    """Also where the names that a place passes are known already."""
    assert_same(record("hello", password=value, order=7), redactor=BUILT_IN)


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), 2**60, -(2**60), 1.5, "\ud800", b"x", object])
def test_value_that_json_cannot_hold_is_told_in_both(value: object) -> None:
    """As nothing, as text, or with its digits."""
    assert_same(record("hello", value=value))


@pytest.mark.parametrize("extra", [{"order": 7}, {"order": 7, "total": 1}])
def test_attribute_that_was_taken_away_hides_nothing(extra: dict[str, int]) -> None:
    """What the call passed is told, though the record has as many attributes as any other, or one more."""
    made = record("hello", **extra)
    del made.funcName
    assert Entry.decode(Lines().of(made)).extra == extra
    assert_same(made)


def test_exception_of_a_call_is_in_its_line() -> None:
    """With its traceback, its stack, and what was passed beside it."""
    try:
        raise ValueError("password=x")
    except ValueError as error:
        made = record("failed", exc_info=(ValueError, error, error.__traceback__), stack_info="Stack", order=7)
    assert_same(made, redactor=BUILT_IN)
    assert list(Entry.decode(Lines().of(made)).__struct_fields__) == list(Entry.__struct_fields__)


def test_record_of_another_class_is_kept_as_it_tells() -> None:
    """A factory of records may make its own, which know better what their message is."""

    class Shouting(logging.LogRecord):
        def getMessage(self) -> str:
            return super().getMessage().upper()

    made = Shouting("shop", 20, "a.py", 1, "hello", None, None)
    assert Entry.decode(Lines().of(made)).msg == "HELLO"


def test_places_are_not_remembered_without_end() -> None:
    """A site whose threads all have names of their own does not grow."""
    lines = Lines()
    for number in range(2 * MAX_FRAMES):
        assert f'"thread":"{number}"' in lines.of(record("hello", threadName=str(number))).decode()
    assert len(lines._frames) <= MAX_FRAMES


def test_names_that_are_long_together_are_not_remembered() -> None:
    """Who logs what came from outside as `extra` has names of any length; the line is the same."""
    lines = Lines()
    for extra in ({"x" * 3_000: 1}, {f"{'x' * 30}{number}": 1 for number in range(100)}, {"short": 1}):
        made = record("hello", **extra)
        assert lines.of(made) == Entry.from_record(made).line
    assert len(lines._names) == 1


def test_value_with_side_effects_becomes_text_once() -> None:
    """Also where the line is too long and must be cut."""
    times = []

    class Long:
        def __str__(self) -> str:
            times.append(1)
            return "x" * 1_000

    made = Entry.decode(Lines(limit=500).of(record("%s", Long())))
    assert (made.cut is not None, len(times)) == (True, 1)
