"""A page of lines is sifted without losing one that matches."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from logconsole.query import Query
from logconsole.stores.sifting import FEW, Sifting
from tests.records import entry
from tests.search.strategies import LINES, decoded, queries

OTHERS = [entry(f"other {number}").line for number in range(FEW)]


def matching(query: Query, lines: Sequence[bytes | None]) -> list[bytes]:
    """The lines that match."""
    return [line for line in lines if line is not None and (made := decoded(line)) and query.matches(made)]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_every_match_stays_in_its_place(data: st.DataObject) -> None:
    """Whatever the lines and the query; the others are left as they are or left out."""
    lines = [*OTHERS, *data.draw(st.lists(LINES, max_size=3))]
    query = data.draw(queries(lines[FEW:] or lines[:1]))
    sifted = Sifting(query)(lines)
    assert len(sifted) == len(lines)
    assert all(line is None or line == given for line, given in zip(sifted, lines, strict=True))
    assert matching(query, sifted) == matching(query, lines)


def test_lines_that_cannot_match_are_left_out() -> None:
    """Of many, one has the word."""
    lines = [*OTHERS, entry("needle").line]
    assert Sifting(Query.parse("needle"))(lines) == [*[None] * FEW, lines[-1]]


def test_line_with_a_newline_of_its_own_spoils_nothing() -> None:
    """What somebody else put into the stream may hold anything."""
    lines = [entry("needle").line.replace(b',"msg"', b',\n"msg"'), *OTHERS]
    assert Sifting(Query.parse("needle"))(lines)[0] == lines[0]
