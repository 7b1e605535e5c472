"""The menu of downloads: what is filtered, in the form that is chosen."""

from __future__ import annotations

import csv
import gzip
import io
import json
import logging
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.logged import log
from tests.e2e.site import Site

FORMS = {".log": "text", ".jsonl": "jsonl", ".csv": "csv"}


@pytest.fixture
def word(site: Site, page: Page) -> str:
    """Three errors and a warning that match, among others; the page shows those of the last hour, errors alone."""
    unique = uuid4().hex
    log(site, *(f"{unique} bad {number}" for number in range(3)), level=logging.ERROR)
    log(site, f"{unique} odd", level=logging.WARNING)
    log(site, "another matter", level=logging.ERROR)
    page.goto(f"{site.page}?q={unique}&level=error&range=1h")
    expect(page.locator("#lc-total")).to_have_text("3 of 4 entries")
    return unique


def messages(form: str, text: str) -> list[str]:
    """What a file of this form holds."""
    if form == "jsonl":
        return [json.loads(line)["msg"] for line in text.splitlines()]
    if form == "csv":
        return [row["msg"] for row in csv.DictReader(io.StringIO(text))]
    return [line.split(": ", 1)[1] for line in text.splitlines()]


@pytest.mark.parametrize("extension", [*FORMS, *(f"{plain}.gz" for plain in FORMS)])
def test_a_download_holds_what_is_filtered(page: Page, word: str, extension: str) -> None:
    """Query, levels and range go along; the number of entries stands above."""
    page.click("#lc-download")
    expect(page.locator(".lc-menu-title")).to_have_text("3 matching entries")
    with page.expect_download() as download:
        page.get_by_role("menuitem").filter(has=page.get_by_text(extension, exact=True)).click()
    expect(page.get_by_role("menu")).to_have_count(0)
    form = FORMS[extension.removesuffix(".gz")]
    asked = parse_qs(urlsplit(download.value.url).query)
    packed = {"gzip": ["1"]} if extension.endswith(".gz") else {}
    assert asked == {"q": [word], "level": ["ERROR"], "since": ["1h"], "store": ["file"], "format": [form], **packed}
    assert download.value.suggested_filename.endswith(extension)
    data = Path(download.value.path()).read_bytes()
    text = (gzip.decompress(data) if packed else data).decode()
    assert messages(form, text) == [f"{word} bad {number}" for number in range(3)]
