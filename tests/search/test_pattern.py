"""What is known of a regular expression, and of the raw lines in which it occurs."""

from __future__ import annotations

import json

import pytest

from logconsole.search.pattern import Unknown, parsed
from logconsole.search.rawpattern import raw_pattern
from logconsole.search.required import required


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("Timeout", [("timeout",)]),
        ("time.?out", [("time",), ("out",)]),
        ("(foo|bar)+baz", [("bar", "foo"), ("baz",)]),
        ("(?i:Foo)bar", [("foobar",)]),
        ("^foo\\b bar$", [("foo bar",)]),
        ("(?P<name>ab){2}c", [("ababc",)]),
        ("a{3}b{2,}", [("aaa",), ("b",)]),
        (r"\Qa.b\E.c\.d", [("a.b",), ("c.d",)]),
        (r"\x41\x{e9}\n[[:alpha:]]x", [("aé\n",), ("x",)]),
        (r"straße\d", [("strasse",)]),
        ("foo|b?", []),
        ("(foo)?", []),
        (r"\pN[^a]\w*", []),
        ("", []),
    ],
)
def test_texts_that_must_occur(pattern: str, texts: list[tuple[str, ...]]) -> None:
    """What every match has, folded."""
    assert required(parsed(pattern)) == texts


@pytest.mark.parametrize("pattern", [r"\1", r"a\Cb", r"\07", "(?x)a", "(?=a)", "(" * 60 + ")" * 60, "a)"])
def test_what_is_not_understood_is_unknown(pattern: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(Unknown):
        parsed(pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"\b[a-z]{4}\d{2}$", "x abcd42"),
        (r"a.b", 'a"b'),
        (r"a\sb", "a\nb"),
        (r"a[\s,]b", "a\tb"),
        (r"a[^x]b", "a\\b"),
        (r"a[^]x]b", "a\x1fb"),
        (r"a\Wb", 'a"b'),
        (r'a["]b', 'a"b'),
        (r"a[!-~]b", "a\\b"),
        (r"a\nb", "a\nb"),
        (r"\d{12}x", "0123456789123x"),
        (r"(?s)a.b", "a\nb"),
        (r"a[\x00-\x1f]b", "a\rb"),
        (r"a\SB", "A\\b"),
    ],
)
def test_pattern_is_found_in_the_raw_line(pattern: str, text: str) -> None:
    """Through the escapes of JSON, and not elsewhere."""
    raw = raw_pattern(parsed(pattern))
    assert raw
    line = json.dumps(text, ensure_ascii=False).encode()
    assert raw.find(line, 0, len(line)) >= 0
    assert raw.find(b'"nothing here"', 0, 14) == -1


@pytest.mark.parametrize("pattern", ["a*", "^$", "", "x|", r"\b"])
def test_pattern_that_is_everywhere_is_not_looked_for(pattern: str) -> None:
    """Every line would be found."""
    assert raw_pattern(parsed(pattern)) is None
