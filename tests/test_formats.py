"""Entries as text, JSON Lines and CSV, however hostile their texts are."""

from __future__ import annotations

import csv
import json
import re
import unicodedata

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from logconsole.cli.colours import painted
from logconsole.entry import Entry
from logconsole.formats import COLUMNS, FORMATS, as_csv, as_jsonl, as_text, as_visible_jsonl, parts
from tests.records import entry

texts = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    ["", "\n", "a\nb", "\r\n", "\x1b[2J", "=1+1", "\t@x", '"', '",=1', "\u202eabc", "\u2028", "\x9b31m", "\x85"]
)
entries = st.builds(
    Entry,
    ts=st.just("2026-11-23T07:35:40.123456Z") | texts,
    level=st.sampled_from(["INFO", "CRITICAL"]) | texts,
    levelno=st.none() | st.integers(0, 60),
    msg=texts,
    logger=texts,
    pid=st.none() | st.integers(0, 2**22),
    exc=texts,
    stack=texts,
    extra=st.none() | st.dictionaries(texts, texts | st.integers(-9, 9), max_size=3),
)
UNSEEN = st.characters(categories=["Cf", "Mn", "Zs"]) | st.sampled_from("\u115f\u1160\u3164\uffa0")
HARMFUL = {"\u2028", "\u2029", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


def is_harmful(character: str) -> bool:
    """Whether a terminal would act on it, or show text in another order because of it."""
    return (unicodedata.category(character) == "Cc" and character not in "\n\t") or character in HARMFUL


def test_text_is_one_line() -> None:
    """Time in milliseconds, level in seven columns, logger, message."""
    made = Entry(ts="2026-11-23T07:35:40.123456Z", level="INFO", msg="Not Found: /x", logger="django.request")
    assert as_text(made) == "2026-11-23T07:35:40.123Z INFO    django.request: Not Found: /x\n"


def test_text_indents_further_lines() -> None:
    """The lines of a message, then the traceback, then the stack, all indented."""
    made = Entry(ts="2026-11-23T07:35:40.123456Z", level="ERROR", msg="a\nb\n", logger="x", exc="T:\n  F", stack="S")
    assert as_text(made).splitlines()[1:] == ["    b", "    ", "    T:", "      F", "    S"]


@pytest.mark.parametrize("ts", ["2026-11-23T08:35:40.123456+01:00", "2026-11-23 07:35:40.123456Z"])
def test_text_writes_any_time_in_one_form(ts: str) -> None:
    """Another writer's time zone and precision do not show."""
    assert as_text(Entry(ts=ts, level="INFO", msg="x")).startswith("2026-11-23T07:35:40.123Z INFO ")


@given(entries)
def test_text_begins_no_line_but_the_first(made: Entry) -> None:
    """No text of an entry, level and time included, can make a line that looks like another entry."""
    first, *further = as_text(made).removesuffix("\n").splitlines()
    assert as_text(made).endswith("\n")
    assert first.startswith(parts(made).time)
    assert all(line.startswith("    ") for line in further)


@given(entries)
def test_no_format_for_people_carries_controls(made: Entry) -> None:
    """Neither text nor CSV, nor JSON Lines on a terminal, holds what a terminal acts on."""
    assert not [found for found in as_text(made) if is_harmful(found)]
    assert not [found for found in as_csv(made).removesuffix("\r\n") if is_harmful(found)]
    assert not [found for found in as_visible_jsonl(made) if is_harmful(found)]


@given(entries)
def test_colours_change_nothing_else(made: Entry) -> None:
    """Without the colours, what stands on the terminal is the text form."""
    assert re.sub("\x1b\\[[0-9;]*m", "", painted(made)) == as_text(made)


@pytest.mark.parametrize(
    ("level", "colour"),
    [(10, "2"), (20, "32"), (25, "32"), (30, "33"), (40, "1;31"), (50, "1;97;41")],
)
def test_level_has_its_colour(level: int, colour: str) -> None:
    """A level of one's own has the colour of the one below it."""
    assert f"\x1b[{colour}m{entry(level=level).level}\x1b[0m" in painted(entry(level=level))


@given(entries)
def test_jsonl_is_the_stored_line(made: Entry) -> None:
    """What is read back from JSON Lines is the entry, and on a terminal it is no other."""
    for form in (as_jsonl, as_visible_jsonl):
        line = form(made)
        assert line.count("\n") == 1
        assert Entry.decode(line.encode().rstrip(b"\n")) == Entry.decode(made.line)


def test_jsonl_ends_lines_of_another_writer_as_ours() -> None:
    """A carriage return before the newline is not passed on."""
    made = Entry.decode(b'{"ts":"t","level":"INFO","msg":"x"}\r')
    assert as_jsonl(made) == '{"ts":"t","level":"INFO","msg":"x"}\n'


def rows(text: str) -> list[list[str]]:
    """The text as a CSV reader sees it."""
    return list(csv.reader(iter(text.splitlines(keepends=True)), strict=True))


def test_csv_has_a_column_for_every_key() -> None:
    """The header names the keys of an entry in their order, the cursor left out."""
    assert tuple(FORMATS["csv"].header.removesuffix("\r\n").split(",")) == COLUMNS
    assert (COLUMNS[0], "cursor" in COLUMNS) == ("ts", False)


@given(st.lists(entries, max_size=4))
def test_csv_has_one_row_for_each_entry(made: list[Entry]) -> None:
    """Whatever the texts hold, a reader finds the entries, and their cells apart from what was escaped."""
    text = FORMATS["csv"].header + "".join(map(as_csv, made))
    header, *found = rows(text)
    assert len(found) == len(made)
    for row, one in zip(found, made, strict=True):
        cells = dict(zip(header, row, strict=True))
        assert cells["pid"] == ("" if one.pid is None else str(one.pid))
        if one.msg.isprintable():
            assert cells["msg"].removeprefix("'") == one.msg.removeprefix("'")


@given(entries)
def test_csv_cell_is_no_formula(made: Entry) -> None:
    """No cell begins with what a spreadsheet runs, spaces in front of it or not."""
    (row,) = rows(as_csv(made))
    assert not [cell for cell in row if cell.lstrip()[:1] in set("=+-@＝＋－＠") or cell[:1] in set("\t\r\n")]


@pytest.mark.parametrize("hidden", ["\ufeff", "\u200b", "\u2060", "\u00ad "])
def test_csv_cell_is_no_formula_behind_what_nobody_sees(hidden: str) -> None:
    """Some spreadsheets drop invisible characters before they look."""
    (row,) = rows(as_csv(entry("%s", hidden + "=1+1")))
    assert "'" + hidden + "=1+1" in row


@given(st.text(UNSEEN, max_size=5), st.sampled_from("=+-@＝＋－＠"))
def test_csv_cell_is_no_formula_behind_any_unseen_text(unseen: str, sign: str) -> None:
    """Spaces, marks, fillers, whatever the order; direction marks are written out, which is no formula."""
    (row,) = rows(as_csv(entry("%s", unseen + sign + "1")))
    assert row[COLUMNS.index("msg")].startswith(("'", "\\u"))


def test_csv_asks_unicode_what_is_unseen() -> None:
    """Every format character there is, not a list of some."""
    unseen = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Cf"]
    assert all(row[COLUMNS.index("msg")][0] in "'\\" for one in unseen for row in rows(as_csv(entry("%s", one + "=1"))))


@pytest.mark.parametrize("text", ["x=1", "\ufeffx", "über =1", "中=1", "(=1", "\u2060", " ", ""])
def test_csv_leaves_other_cells_as_they_are(text: str) -> None:
    """A byte order mark alone is no reason for a quote, nor is a sign further on."""
    (row,) = rows(as_csv(entry("%s", text)))
    assert row[COLUMNS.index("msg")] == text


def test_csv_keeps_zero_and_leaves_out_nothing() -> None:
    """The number 0 is a value, no number is an empty cell."""
    made = Entry(ts="t", level="NOTHING", levelno=0, msg="x")
    (row,) = rows(as_csv(made))
    assert (row[COLUMNS.index("levelno")], row[COLUMNS.index("pid")]) == ("0", "")


def test_csv_holds_extra_as_json() -> None:
    """One cell, whatever its depth."""
    made = entry("x", basket={"items": [1, "zwölf"]})
    (row,) = rows(as_csv(made))
    assert json.loads(row[COLUMNS.index("extra")]) == {"basket": {"items": [1, "zwölf"]}}


def test_columns_follow_the_values_of_an_entry() -> None:
    """The cursor is the last field, so that all before it are the columns."""
    made = entry("x")
    assert dict(zip(COLUMNS, msgspec.structs.astuple(made), strict=False))["msg"] == "x"
    assert Entry.__struct_fields__[-1] == "cursor"
