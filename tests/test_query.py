"""The query language decides as the contract says."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logconsole.entry import Entry
from logconsole.query import Query, QueryError
from logconsole.syntax import MAX_PROGRAMS
from tests.records import entry

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
ORDER: dict[str, Any] = {
    "order": {"id": 20417, "tags": ["Express", "gift"]},
    "status": 500,
    "duration_ms": 250.5,
}


def matches(text: str, message: str = "Payment timeout for Große Straße", **values: Any) -> bool:
    """Whether the query finds an entry with this message."""
    return Query.parse(text, now=NOW).matches(entry(message, level=values.pop("level", 40), **{**ORDER, **values}))


@pytest.mark.parametrize(
    "text",
    [
        *("", "payment", "PAYMENT timeout", '"payment timeout"', "GROSSE strasse", "-refund"),
        *(
            "shop.orders",
            "express",
            "20417",
            "timeout OR refund",
            "(refund OR payment) timeout",
            "AND timeout",
        ),
        *("logger:shop", "logger:shop.orders", "logger:SHOP.*", "level:error", "level>=warning", "level>30"),
        *("level:40", "levelno:40", "-levelno:30"),
        *(
            "status:500",
            "status>=500",
            "duration_ms>250",
            "duration_ms<=250.5",
            "order.id:20417",
            "extra.status:500",
        ),
        *(
            "order.tags:gift",
            "caller:orders.py*",
            "has:status",
            "-has:exc",
            '-"timeout payment"',
            "msg:*timeout*",
        ),
        *("/time.{3}/", "/pay[a-z]+ t/", "service:web", "-service:worker", "-(refund OR cancel)"),
    ],
)
def test_query_finds_the_entry(text: str) -> None:
    """Each form of a term matches what it names."""
    assert matches(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "refund",
            "payment refund",
            '"timeout payment"',
            "-payment",
            "level:info",
            "level>=critical",
            "status:50",
        ),
        *("logger:sho", "logger:shop.order", "order.id:2041", "nothing:*", "has:nothing", "refund OR cancel"),
        *("status>500", "/refund+/", "duration_ms<250", "msg:timeout", "-(refund OR payment)"),
    ],
)
def test_query_leaves_the_entry_out(text: str) -> None:
    """A term that does not hold keeps the entry out."""
    assert not matches(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("http://example.org/a", "GET http://example.org/a"),
        ("/api/orders/7", "Not Found: /api/orders/7"),
        ("/api/orders/", "Not Found: /api/orders/"),
        ("12:30:05", "at 12:30:05"),
        ("ValueError: boom", "ValueError: then boom"),
        ("a->b", "from a->b"),
        ("50%", "50% done"),
        ("-", "a - b"),
    ],
)
def test_what_looks_odd_is_text(text: str, message: str) -> None:
    """Pasted text that only resembles the language is looked for as it is."""
    assert matches(text, message)
    assert not matches(text, "something else")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('a "b', 2),
        ("a (b", 2),
        ("a) b", 1),
        ("a /b+", 2),
        ("a /healthz", 2),
        ("/", 0),
        ("/(/", 0),
        ("a OR", 4),
        ("level>=loud", 0),
        ("x since:yesterday", 2),
        ("pid:many", 0),
    ],
)
def test_unfinished_query_names_the_position(text: str, position: int) -> None:
    """An error says where it is, for the page to show."""
    with pytest.raises(QueryError) as caught:
        Query.parse(text)
    assert (caught.value.param, caught.value.position) == ("q", position)
    assert str(caught.value)


def test_hostile_pattern_is_an_answer_or_an_error() -> None:
    """A pattern that hangs a backtracking engine does not hang this one."""
    assert not matches("/(a+)+$/", "a" * 5_000 + "b", level=20)
    with pytest.raises(QueryError):
        Query.parse("/" + "a?" * 600 + "/")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"/^payment/", True),
        (r"/orders$/", True),
        (r"/\AExpress\z/", True),
        (r"/(?-m)^gift$/", True),
        (r"/^timeout/", False),
        (r"/straße.+shop/", False),
        (r"/(?s)straße.+shop/", False),
        (r"/\Qgift\nstatus/", False),
        ('"straße\n\nshop"', False),
        ("status:5*", True),
        ("pid:*", True),
        ("duration_ms:250.5", True),
        ('order:*"id":20417,*', True),
        ("order:*'id'*", False),
        ("status>=1_0", False),
    ],
)
def test_each_value_is_a_text_of_its_own(text: str, found: bool) -> None:
    """Nothing is found across two of them; numbers and objects are compared as JSON shows them."""
    assert matches(text) is found


def test_pattern_that_counts_far_is_refused() -> None:
    """Linear time is long, too, with a program that is large enough."""
    with pytest.raises(QueryError, match="too large"):
        Query.parse("/" + ".{0,1000}" * 3 + "b/")


def test_patterns_that_count_far_together_are_refused() -> None:
    """Each of them alone could run; one entry would be searched for minutes by all of them."""
    one = "/(?:a?b?){300}c/"
    assert 0 < Query.parse(one).programs * 4 <= MAX_PROGRAMS
    with pytest.raises(QueryError, match="too large") as refused:
        Query.parse(" OR ".join([one] * 200))
    assert refused.value.position and refused.value.position < 100
    assert Query.parse("/plain/ word").programs == 0


def test_a_field_has_few_dots() -> None:
    """Keys may have dots as well, so there are more ways to read a name than anybody could try."""
    name = ".".join("a" * 17)
    assert Query.parse(f"{name}:x").matches(entry("", **{"a.a": {"a": {name[6:]: "x"}}}))
    with pytest.raises(QueryError, match="16 dots"):
        Query.parse(f"{name}.a:x")


def test_a_field_is_found_in_time_whatever_the_keys() -> None:
    """The worst that an entry could hold; the suite's time limit would tell."""
    keys = [".".join("a" * count) for count in range(1, 18)]
    value: Any = 1
    for _ in range(8):
        value = dict.fromkeys(keys, value)
    made = Entry(ts="", level="INFO", msg="", extra=value)
    assert not Query.parse(f"{keys[-2]}.b:x").matches(made)


@pytest.mark.parametrize("text", ["pid:²", "pid:1_0", "levelno:x", "pid>=many", "cut<1k", "level>=1_0"])
def test_number_is_asked_for_where_only_numbers_are(text: str) -> None:
    """Digits of Python's own or of other scripts are none."""
    with pytest.raises(QueryError, match="number"):
        Query.parse(text)


def test_levels_are_exact_names() -> None:
    """The parameter `level` lists the levels wanted, in any case."""
    assert Query.parse(levels=["error", "INFO"]).matches(entry(level=40))
    assert not Query.parse(levels=["INFO"]).matches(entry(level=40))


def test_since_and_until_bound_the_time() -> None:
    """`since` is inclusive, `until` is not; both understand ages, RFC 3339 and local times."""
    made = entry(created=NOW.timestamp())
    assert Query.parse(since=NOW, now=NOW).matches(made)
    assert not Query.parse(until=NOW, now=NOW).matches(made)
    assert Query.parse(since="15m", until="2026-11-23T13:00:00+00:30", now=NOW).matches(made)
    berlin = timezone(timedelta(hours=1))
    assert Query.parse(since="2026-11-23 13:00", tz=berlin).matches(made)
    assert not Query.parse(since="2026-11-23 13:00:01", tz=berlin).matches(made)
    assert Query.parse("since:2026-11-23T12:00:00Z until:2026-11-24", tz=timezone.utc).matches(made)


@pytest.mark.parametrize("value", ["yesterday", "2026-13-01", "5", "15 m", "2026-11-23 25:00", "9" * 9 + "w"])
def test_time_that_is_none_says_what_is_allowed(value: str) -> None:
    """A bad time names the parameter and the forms."""
    with pytest.raises(QueryError, match="15m, 2h, 3d") as caught:
        Query.parse(until=value)
    assert caught.value.param == "until"


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_an_error(text: str) -> None:
    """Parsing never fails in another way, and the text is given back."""
    try:
        query = Query.parse(text)
    except QueryError:
        return
    assert query.text == text
    query.matches(entry("anything", **ORDER))


@given(st.text(st.characters(exclude_characters='"\\', exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_phrase_of_any_text_finds_the_message(text: str) -> None:
    """Quoted, every text finds the message that it is part of, whatever its case."""
    assert Query.parse(f'"{text}"').matches(entry(f"<{text.swapcase().swapcase()}>"))
