"""A text is found in raw bytes wherever Python finds it, folded."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logconsole.search import literals
from logconsole.search.literals import Caseless, Exact, Folded, caseless

EVERY = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
LONGER = "".join(character for character in EVERY if len(character.casefold()) > 1)
TEXTS = st.text(
    st.sampled_from(f"kKsSiß x0'{LONGER}") | st.characters(min_codepoint=32, codec="utf-8", exclude_characters='"\\'),
    min_size=1,
)
CASED = [character for character in EVERY if character.casefold() != character]


@pytest.fixture(params=[True, False], ids=["stringzilla", "python"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With StringZilla, and as if it were not installed."""
    monkeypatch.setattr(literals, "HAS_STRINGZILLA", request.param)


def found(text: str, needle: str) -> bool:
    """Whether the needle is found in the text, in the middle of a block, and nowhere else."""
    block = b"one\n" + text.encode() + b"\nthree\n"
    start, end = 4, len(block) - 6
    find = caseless(needle).finder(bytearray(block), start, end)
    at = find(start)
    assert at == -1 or (start <= at < end and find(end) == -1)
    return at >= 0


def test_stringzilla_is_there_and_right() -> None:
    """The version installed passes the test at import."""
    assert literals.HAS_STRINGZILLA


@pytest.mark.usefixtures("engine")
def test_each_character_with_case_is_found_by_what_it_is_folded_to() -> None:
    """Each one alone, between others, and a part of it where it becomes several."""
    for character in CASED:
        folded = character.casefold()
        assert found(f"x{character}y", folded), character
        assert found(f"x{character}y", f"x{folded}y"), character
        assert all(found(f"x{character}y", part) for part in folded), character
        assert found(f"x{character}y", f"x{folded[0]}")
        assert found(f"x{character}y", f"{folded[-1]}y")


def test_no_character_is_folded_to_one_that_is_looked_for_as_it_is() -> None:
    """What is called plain has no other case."""
    targets = "".join(character.casefold() for character in CASED)
    assert not [target for target in set(targets) if literals._UNCASED.fullmatch(target)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12:30 -", Exact),
        ("漢字", Exact),
        ("timeout", Caseless),
        ("größe", Caseless),
        ("журнал", Caseless),
        ("đường phố", Caseless),
        ("σοφία", Caseless),
        ("ợ", Folded),
    ],
)
def test_the_fastest_search_that_is_right_is_taken(text: str, kind: type) -> None:
    """Bytes as they are, StringZilla where it is right, else Python."""
    assert type(caseless(text)) is kind


def test_python_finds_it_where_stringzilla_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folded copy of the block."""
    monkeypatch.setattr(literals, "HAS_STRINGZILLA", False)
    assert type(caseless("timeout")) is Folded


@pytest.mark.usefixtures("engine")
@settings(max_examples=100, deadline=None)
@given(st.data())
def test_every_part_of_a_folded_text_is_found(data: st.DataObject) -> None:
    """Also one that begins or ends inside of what one character becomes."""
    text = data.draw(
        st.text(st.sampled_from(CASED) | st.sampled_from("kKsSiß x0'") | st.characters(codec="utf-8"), min_size=1)
    )
    text = text.replace("\n", " ").translate(dict.fromkeys([*range(32), 34, 92], "_"))
    folded = text.casefold()
    start = data.draw(st.integers(0, len(folded) - 1))
    end = data.draw(st.integers(start + 1, len(folded)))
    assert found(text, folded[start:end])


def test_bytes_that_are_no_text_hide_nothing() -> None:
    """A torn character before the text does not swallow its beginning."""
    for torn in (b"\xe2\x82", b"\xff", b"\xc3", b"\xf0\x9f\x98", b"\x80", b"\xed\xa0\x80"):
        block = torn + b'{"ts":"Stra\xc3\x9fe"}\n'
        assert caseless("strasse").find(block, 0, len(block)) >= 0


def test_unicode_of_this_python_is_known() -> None:
    """What StringZilla folds is at least what this Python folds."""
    import stringzilla

    folded = "".join(CASED).casefold()
    assert stringzilla.utf8_uncased_fold("".join(CASED).encode()) == stringzilla.utf8_uncased_fold(folded.encode())
