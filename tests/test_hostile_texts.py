"""Texts that act where they are shown do not, in any form that leaves a store."""

from __future__ import annotations

import csv
import html.parser
import json
import re
from pathlib import Path
from typing import Any

import pytest

from logconsole import conf
from logconsole.cli.colours import painted
from logconsole.entry import Entry
from logconsole.formats import COLUMNS, FORMATS, as_csv, as_jsonl, as_text, as_visible_jsonl, parts
from tests.hostiletexts import TEXTS, entry
from tests.test_formats import is_harmful
from tests.web import client_of, configure, page, staff

ENTRIES = {name: entry(name, number) for number, name in enumerate(TEXTS)}
each = pytest.mark.parametrize("made", ENTRIES.values(), ids=ENTRIES.keys())


@each
def test_text_and_terminal_act_on_nothing_and_forge_no_line(made: Entry) -> None:
    """Each line but the first is indented; colours are all that a terminal is told."""
    text = as_text(made)
    assert not [found for found in text if is_harmful(found)]
    first, *further = text.removesuffix("\n").splitlines()
    assert first.startswith(parts(made).time)
    assert all(line.startswith("    ") for line in further)
    assert re.sub("\x1b\\[[0-9;]*m", "", painted(made)) == text


@each
def test_json_lines_are_one_line_and_harmless_on_a_terminal(made: Entry) -> None:
    """And still the entry."""
    assert as_jsonl(made).count("\n") == 1
    assert len(as_visible_jsonl(made).splitlines()) == 1
    assert not [found for found in as_visible_jsonl(made) if is_harmful(found)]
    assert Entry.decode(as_visible_jsonl(made).encode()).extra == made.extra


@each
def test_csv_is_one_row_without_a_formula(made: Entry) -> None:
    """In the columns that it has."""
    header, *rows = csv.reader((FORMATS["csv"].header + as_csv(made)).splitlines(keepends=True), strict=True)
    (row,) = rows
    assert (tuple(header), len(row)) == (COLUMNS, len(COLUMNS))
    for cell in row:
        assert cell.lstrip("\ufeff\u200b\u2060\u00ad \t\n")[:1] not in set("=+-@＝＋－＠") or cell[:1] == "'"
        assert not [found for found in cell if is_harmful(found)]


class Found(html.parser.HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, frozenset[str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, frozenset(name for name, _ in attributes)))


@pytest.mark.django_db
def test_the_table_without_javascript_has_the_elements_of_any_table(settings: Any, tmp_path: Path) -> None:
    """Text is text, also in the search field, the message about an error and the links."""
    configure(settings, tmp_path)
    client = client_of(staff())
    conf.get_store("file").append(Entry(ts="2026-11-23T07:35:40.123456Z", level="INFO", msg="harmless"))
    usual = set(Found(page(client, plain=1).content.decode()).elements)
    for made in ENTRIES.values():
        conf.get_store("file").append(made)
    response = page(client, plain=1)
    text = response.content.decode()
    assert text.count("<tr><td>") == len(ENTRIES) + 1
    assert set(Found(text).elements) == usual
    assert not [found for found in text if is_harmful(found)]
    for sent in TEXTS.values():
        answer = page(client, plain=1, q=sent, store=sent[:50]).content.decode()
        assert {name for name, _ in Found(answer).elements} <= {name for name, _ in usual} | {"p"}
        assert not [names for _, names in Found(answer).elements if any(name.startswith("on") for name in names)]


@pytest.mark.django_db
def test_what_the_page_is_told_stays_in_its_script(settings: Any, tmp_path: Path) -> None:
    """The configuration is JSON that no text of it can leave."""
    alias = "</script><script>alert(1)//"
    settings.LOGCONSOLE = {"STORES": {alias: {"BACKEND": "logconsole.stores.ring.RingStore"}}}
    text = page(client_of(staff())).content.decode()
    config = text.partition('<script id="logconsole-config" type="application/json">')[2].partition("</script>")[0]
    assert json.loads(config)["stores"][0]["alias"] == alias
    assert alias not in text
