"""Selecting over several rows: what is copied are whole entries, those without a row too."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import search
from tests.e2e.logged import log
from tests.e2e.site import Site

MANY = 400
COPIES = "addEventListener('copy', (event) => { window.copied = event.clipboardData.getData('text/plain'); })"
LINE = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} INFO worker shop\.orders: "


@pytest.fixture
def unique(site: Site, page: Page) -> str:
    """Many entries of one word; the list shows the first of them."""
    word = uuid4().hex
    log(site, *(f"{word} {number}" for number in range(MANY)))
    page.evaluate(COPIES)
    search(page, word)
    page.locator(".lc-row", has_text=f"{word} {MANY - 1}").wait_for()
    page.locator("#lc-list").evaluate("(list) => { list.scrollTop = 0; }")
    row(page, word, 0).wait_for()
    return word


def row(page: Page, word: str, number: int) -> Locator:
    """Its text alone, so that 1 is not 10."""
    return page.locator(".lc-row .lc-text").filter(has_text=re.compile(rf"^{word} {number}$"))


def copied(page: Page) -> list[str]:
    """The lines that the browser's Copy takes, without time and logger."""
    page.evaluate("window.copied = ''")
    page.keyboard.press("Control+c")
    page.wait_for_function("() => window.copied")
    lines = page.evaluate("window.copied").split("\n")
    assert all(re.match(LINE, line) for line in lines)
    return [re.sub(LINE, "", line) for line in lines]


def test_a_selection_that_was_scrolled_is_copied_whole(page: Page, unique: str) -> None:
    """From a row that has left the screen to one far below, and what lies between."""
    start = row(page, unique, 2).bounding_box()
    assert start
    page.mouse.move(start["x"] + 5, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 12)
    page.mouse.wheel(0, 6_000)
    page.wait_for_function("() => document.querySelector('#lc-list').scrollTop > 5_900")
    page.mouse.move(start["x"] + 60, start["y"] + 110, steps=3)
    page.mouse.up()
    numbers = [int(line.removeprefix(f"{unique} ")) for line in copied(page)]
    assert numbers == list(range(2, numbers[-1] + 1)) and numbers[-1] > 200
    assert page.locator(".lc-row").count() < 100


def test_rows_are_selected_with_the_keyboard(page: Page, unique: str) -> None:
    """Shift and the arrows, down and up again; moving on without Shift ends it."""
    page.locator("#lc-list").focus()
    page.keyboard.press("g")
    expect(page.locator(".lc-active")).to_contain_text(f"{unique} 0")
    for number in (1, 2, 3):
        page.keyboard.press("Shift+ArrowDown")
        expect(page.locator(".lc-active .lc-text")).to_have_text(f"{unique} {number}")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.locator(".lc-active .lc-text")).to_have_text(f"{unique} 2")
    assert copied(page) == [f"{unique} {number}" for number in range(3)]
    page.keyboard.press("j")
    page.wait_for_function("() => getSelection().isCollapsed")
