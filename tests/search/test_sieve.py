"""No line that matches is left out."""

from __future__ import annotations

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from logconsole.search import literals
from logconsole.search.sieve import Sieve, has_foreign_escapes
from tests.search.strategies import LINES, decoded, queries


def check(data: st.DataObject) -> None:
    """The lines that match, one by one decoded, are among those that the sieve lets through."""
    lines = data.draw(st.lists(LINES, min_size=1, max_size=4))
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
