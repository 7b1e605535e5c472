"""What is typed into the search field, and what of it stands in the page's URL."""

from __future__ import annotations

from typing import Any

import pytest

MODULES = ["text", "format", "visible", "query", "urlstate"]


# ---- query


@pytest.mark.parametrize(
    ("typed", "values", "written"),
    [
        ("timeout", ["web"], "timeout service:web"),
        ("a OR b", ["web", "my worker"], 'a OR b (service:web OR service:"my worker")'),
        ("", ['a"b\\'], 'service:"a\\"b\\\\"'),
        ("a service:web b", ["worker"], "a service:worker b"),
        ("a (service:web OR service:worker) b", [], "a b"),
        ("(service:web OR service:worker)", ["web"], "service:web"),
        ("-service:web", ["worker"], "-service:web service:worker"),
        ("service:web OR x", ["worker"], "service:web OR x service:worker"),
        ("(a service:web)", ["worker"], "(a service:web) service:worker"),
        ("service:we*", ["web"], "service:we* service:web"),
        ('"open', ["web"], 'service:web "open'),
        ("(open", ["web"], "service:web (open"),
    ],
)
def test_choices_are_written_into_the_query(run: Any, typed: str, values: list[str], written: str) -> None:
    """One condition of the text says what is chosen; none that means something else is touched."""
    assert run("return lc.query.choose(x[0], 'service', x[1])", [typed, values]) == written
    assert run("return lc.query.chosen(x, 'service')", written) == values


def test_what_a_text_chooses_is_what_stands_alone(run: Any) -> None:
    """A condition inside of another, an excluded one, or one with a wildcard chooses nothing."""
    texts = [
        "a service:web",
        "-service:web",
        "service:web OR a",
        "(service:web)",
        '"service:web"',
        "service:w*",
        "myservice:web",
    ]
    assert run("return x.map((text) => lc.query.chosen(text, 'service'))", texts) == [
        ["web"],
        [],
        [],
        ["web"],
        [],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("typed", "message", "marked"),
    [
        ("timeout", "Timeout after timeout", ["Timeout", "timeout"]),
        ('"CSRF token"', "CSRF token from POST", ["CSRF token"]),
        ("order -failed", "order failed", ["order"]),
        ("-(order failed) paid", "order failed paid", ["paid"]),
        ("level>=error logger:django status:500 10:30", "logger:django at 10:30", ["10:30"]),
        ("/order #\\d+/", "Order #204 placed", ["Order #204"]),
        ("/(a+)+$/ b", "aaaab", ["b"]),
        ("a.c", "abc a.c", ["a.c"]),
        ("a OR b", "a and b", ["a", "a", "b"]),
        ("/[/ x", "x", ["x"]),
    ],
)
def test_marks(run: Any, typed: str, message: str, marked: list[str]) -> None:
    """Words, phrases and patterns that are looked for are marked; excluded ones, fields and dangerous patterns are not."""
    found = run("return [...x[1].matchAll(lc.query.marks(x[0]) ?? /$^/g)].map((m) => m[0])", [typed, message])
    assert found == marked


def test_marks_of_nothing(run: Any) -> None:
    """A query of fields alone marks nothing."""
    assert run("return ['', 'status:500', '-a'].map((typed) => lc.query.marks(typed))") == [None, None, None]


def test_with_term(run: Any) -> None:
    """A condition is added once, and takes the place of its opposite."""
    terms = "return x.map(([typed, term]) => lc.query.withTerm(typed, term))"
    assert run(terms, [["a", "b:c"], ["a b:c", "b:c"], ["a -b:c d", "b:c"], ["b:c", "-b:c"], ["", "b:c"]]) == [
        "a b:c",
        "a b:c",
        "a d b:c",
        "-b:c",
        "b:c",
    ]


def test_parameters_leave_out_what_is_empty(run: Any) -> None:
    """Levels are repeated; null and empty values do not appear."""
    params = "return lc.query.parameters({q: '', level: ['INFO', 'ERROR'], since: '15m', until: ''}, {after: null, limit: 5}).toString()"
    assert run(params) == "level=INFO&level=ERROR&since=15m&limit=5"


def test_filter_of_a_relative_range_has_no_end(run: Any) -> None:
    """The last so many minutes take the place of from and to."""
    found = run("return lc.query.filter({...lc.urlstate.initial(), range: '15m', from: 'a', to: 'b'})")
    assert (found["since"], found["until"]) == ("15m", "")


# ---- urlstate


@pytest.mark.parametrize(
    "search",
    [
        "",
        "?q=timeout+-health",
        "?level=warning,error&range=15m&follow=0",
        "?from=2026-11-23T07:00:00.000Z&to=2026-11-23T08:00:00.000Z",
        "?q=%26%3D%2B&at=1234&store=ring",
    ],
)
def test_url_round_trip(run: Any, search: str) -> None:
    """A URL is read and written as it was: the page never changes a link by being opened."""
    assert run("return lc.urlstate.write(lc.urlstate.read(x))", search) == search


def test_url_of_before_is_understood(run: Any) -> None:
    """Services and loggers were parameters of their own once; they are conditions of the query."""
    read = run("return lc.urlstate.read(x).q", "?q=a&service=web&service=worker&logger=app.billing")
    assert read == "a (service:web OR service:worker) logger:app.billing"


def test_url_with_nonsense_is_read_as_nothing(run: Any) -> None:
    """An unknown range is none, levels are upper case and once."""
    state = run("return lc.urlstate.read('?range=soon&level=info,info,&x=1&follow=maybe')")
    assert (state["range"], state["levels"], state["follow"]) == ("", ["INFO"], "")


def test_is_filtered(run: Any) -> None:
    """A store and a marked entry are no filter, everything else is; clearing keeps the store."""
    assert run(
        "return ['?store=a&at=1', '?q=a', '?level=info', '?range=5m', '?to=x'].map((s) => lc.urlstate.isFiltered(lc.urlstate.read(s)))"
    ) == [
        False,
        True,
        True,
        True,
        True,
    ]
    assert (
        run("return lc.urlstate.write(lc.urlstate.cleared(lc.urlstate.read('?q=a&store=ring&at=3')))") == "?store=ring"
    )
