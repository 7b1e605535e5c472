"""No line that matches is left out."""

from __future__ import annotations

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from logconsole.entry import Entry
from logconsole.query import Query
from logconsole.search import literals
from logconsole.search.sieve import Sieve, has_foreign_escapes
from tests.search.strategies import LINES, decoded, queries


def check(data: st.DataObject) -> None:
    """The lines that match, one by one decoded, are among those that the sieve lets through."""
    lines = data.draw(st.lists(LINES, min_size=1, max_size=2))
    query = data.draw(queries(lines))
    sieve = Sieve.of(query)
    note(f"{sieve.needs}")
    before = data.draw(st.sampled_from([b"", b"before\n"]))
    buffer = bytearray(before + b"".join(line + b"\n" for line in lines) + b"behind")
    lo, hi = len(before), len(buffer) - len(b"behind")
    plain = not has_foreign_escapes(buffer, lo, hi) and data.draw(st.booleans())
    spans = sieve.spans(buffer, lo, hi, plain=plain)
    if spans is None:
        return
    at, starts = lo, {}
    for line in lines:
        starts[at] = line
        at += len(line) + 1
    assert spans == sorted(set(spans))
    assert all(starts[start] == buffer[start:end] for start, end in spans)
    wanted = [start for start, line in starts.items() if (made := decoded(line)) and query.matches(made)]
    assert set(wanted) <= {start for start, _ in spans}


def line(**values: str) -> bytes:
    """A line of another writer; each value is the JSON itself."""
    values = {"ts": '"2026-11-23T07:35:40Z"', "level": '"INFO"', "msg": '"x"', **values}
    return ("{" + ", ".join(f'"{key}": {value}' for key, value in values.items()) + "}").encode()


ODD = [
    ("500.0", line(status="5e2")),
    ("1e-7", line(loss="1e-07")),
    ("0.3", line(share="0.29999999999999998890")),
    ("status:500.0", line(extra='{"status": 5E+2}')),
    ("/^50+[.]/", line(status="5e2")),
    ("é", line(msg=r'"caf\u00e9"')),
    ("a/b", line(msg=r'"a\/b"')),
    (r'"\u00e9"'[1:-1], line(msg=r'"\\u00e9"')),
    ("ss", line(msg='"Straße"')),
    ("ÿộ", line(msg='"ŸỘý"')),
    ("σοφία", line(msg='"ΣΟΦΊΑ"')),
    ("level>=warning", line(level='"Fatal"', levelno="60")),
    ("level>=warning", line(level='"error"')),
    ("level:error", line(level='"Error"')),
    ("order.id:7", line(order='{"id": 7}')),
    ("order.id:7", line(**{"order.id": "7"})),
    ("extra.a.b.c:7", line(extra='{"a.b": {"c": [1, 7]}}')),
    ('order:*"id":7*', line(order='{"id" : 7}')),
    ("has:order.id", line(extra='{"order": {"id": 0}}')),
    ("done:true", line(done="true")),
    ("logger:shop", line(logger='"shop.orders"')),
    ("exc:*boom*", line(exc=r'"ValueError\n  boom"')),
    ("exc:boom", line(exc=r'"a \"boom\""')),
    ('msg:a*b"c', line(msg=r'"a\n b\"c"')),
    ("zz OR x", line()),
    ("-zz", line()),
    ("pid:7*", line(pid="73")),
    ("(level:info OR zz) -(zz x)", line()),
    (r"/^a.b\sc$/", line(msg=r'"a\"b\tc"')),
    (r"/(zz|A)\Wb?c/", line(msg=r'"a\\c"')),
    ("/zz|é+/", line(msg='"É"')),
    ("since:2026-11-01 x", line()),
]


@pytest.mark.parametrize("known", [True, False], ids=["stringzilla", "python"])
@pytest.mark.parametrize(("text", "odd"), ODD)
def test_odd_line_passes(text: str, odd: bytes, known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the raw line does not show at once what the entry says."""
    monkeypatch.setattr(literals, "HAS_STRINGZILLA", known and literals.HAS_STRINGZILLA)
    query = Query.parse(text)
    block = b"{}\n" * 200 + odd + b"\n"
    spans = Sieve.of(query).spans(bytearray(block), 0, len(block), plain=False)
    assert query.matches(Entry.decode(odd))
    assert spans is None or (600, len(block) - 1) in spans


@pytest.mark.parametrize("text", ["", "-x", "level<=info", "a OR -b", "has:level", "/x*/", "since:15m", "thread"])
def test_query_that_any_line_may_match_has_nothing_to_sift(text: str) -> None:
    """Then all are decoded."""
    assert Sieve.of(Query.parse(text)).spans(b"{}\n", 0, 3, plain=True) is None


def test_too_many_candidates_are_no_help() -> None:
    """The block had better be decoded as a whole."""
    block = b'{"msg":"timeout"}\n{"msg":"none"}\n' * 100
    sieve = Sieve.of(Query.parse("timeout"))
    assert sieve.spans(block, 0, len(block), plain=True) is None
    few = block + b'{"msg":"none"}\n' * 1_000
    assert len(sieve.spans(few, len(block) - 340, len(few), plain=True) or ()) == 10


def test_next_need_is_searched_where_the_first_is_everywhere() -> None:
    """A long word that stands in each line helps less than a short one that does not."""
    block = b'{"msg":"something"}\n' * 500 + b'{"msg":"something o1d"}\n'
    spans = Sieve.of(Query.parse(r"something /o\dd/")).spans(block, 0, len(block), plain=True)
    assert spans == [(10_000, len(block) - 1)]
    two = b'{"msg":"something"}\n{"msg":"even more"}\n' * 500 + b'{"msg":"even something"}\n'
    spans = Sieve.of(Query.parse("something even")).spans(two, 0, len(two), plain=True)
    assert spans == [(20_000, len(two) - 1)]


def test_candidate_must_have_all_that_is_known() -> None:
    """One need is searched, the others are looked for in what it found."""
    block = b'{"path":"/api/v1/orders/1"}\n{"path":"/api/v1/orders/2","status":500}\n{"status":500}\n'
    spans = Sieve.of(Query.parse("status>=500 path:/api/v1/orders*")).spans(block, 0, len(block), plain=True)
    assert spans is not None
    assert [block[start:end] for start, end in spans] == [b'{"path":"/api/v1/orders/2","status":500}']


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_match_passes(data: st.DataObject) -> None:
    """Whatever the lines and the query."""
    check(data)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_every_match_passes_without_stringzilla(data: st.DataObject) -> None:
    """As above, in Python alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(literals, "HAS_STRINGZILLA", False)
        check(data)
