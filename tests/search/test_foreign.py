"""What our own encoder would write otherwise is recognised."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logconsole.entry import Entry
from logconsole.search.foreign import has_foreign_escapes
from tests.records import record
from tests.search.strategies import own_lines


def is_foreign(text: str) -> bool:
    """Whether a line with this in it is told from ours."""
    block = f'{{"msg":"x"}}\n{text}\n'.encode()
    return has_foreign_escapes(bytearray(b"\\u00e9" + block), 6, 6 + len(block))


@pytest.mark.parametrize(
    "text",
    [
        *(r'"\u00e9"', r'"\/"', r'"\u0041"', r'"\u000a"', r'"\u001F"', r'"\\\u00e9"', r'"\ud83d\ude00"', r'"\\\/"'),
        *('{"a":5e2}', '{"a": 5E2}', "[1,-1e05]", '{"a":0.0000001}', '{"a":0.29999999999999998890}', '{"a":1e+16}'),
    ],
)
def test_foreign_spelling_is_found(text: str) -> None:
    """An escape that is not needed, a number in another form."""
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            r'"\\u00e9"',
            r'"C:\\users"',
            r'"a\\/b"',
            r'"\"\\\b\f\n\r\t\u0000\u001f\u000b"',
            '"\x7fé😀"',
            '"5e2"',
            '"a/b"',
        ),
        *(
            '"5e2"',
            '{"a":1e16}',
            '{"a":1e-7}',
            '{"a":0.30000000000000004}',
            '{"a":12345678901234567890}',
            '{"a":250.5}',
        ),
    ],
)
def test_own_spelling_is_not(text: str) -> None:
    """What our encoder writes, and what only resembles an escape."""
    assert not is_foreign(text)


@settings(max_examples=100, deadline=None)
@given(own_lines())
def test_no_line_of_ours_has_a_foreign_escape(line: bytes) -> None:
    """Of any entry; only a text may look like a number."""
    made = Entry.decode(line)
    texts = json.dumps([made.msg, made.extra])
    assert not has_foreign_escapes(line + b"\n", 0, len(line) + 1) or any(sign in texts for sign in ("e", "E", "."))


@settings(max_examples=100, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_of_ours_is_foreign(number: float) -> None:
    """However large or small."""
    made = record()
    vars(made).update(number=number)
    line = Entry.from_record(made).line + b"\n"
    assert not has_foreign_escapes(line, 0, len(line))
