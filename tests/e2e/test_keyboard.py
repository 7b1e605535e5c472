"""The keyboard alone: every key of the help does what it says, and typing in a field is typing."""

from __future__ import annotations

import logging
import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import search
from tests.e2e.logged import log
from tests.e2e.site import Site
from tests.page.test_sources import PACKAGE

CLIPBOARD = "() => window.copied.at(-1) ?? ''"
COPIES = """() => { window.copied = [];
    Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => copied.push(text)}}); }"""


@pytest.fixture
def unique(site: Site, page: Page) -> str:
    """Six entries, the second and the fifth of them errors of one request; the list has the focus."""
    word = uuid4().hex
    for number in range(6):
        level = logging.ERROR if number in (1, 4) else logging.INFO
        log(site, f"{word} {number}", level=level, request_id=f"r-{word}" if level == logging.ERROR else "")
    page.evaluate(COPIES)
    search(page, word)
    expect(page.locator(".lc-row")).to_have_count(6)
    page.locator("#lc-list").focus()
    return word


def active(page: Page, unique: str, number: int) -> None:
    """That entry is the active one."""
    expect(page.locator(".lc-active .lc-text")).to_have_text(f"{unique} {number}")


def test_moving(page: Page, unique: str) -> None:
    """j and k, e and E, n and p, g and G."""
    for key, number in [
        ("g", 0),
        ("j", 1),
        ("j", 2),
        ("k", 1),
        ("e", 4),
        ("E", 1),
        ("n", 2),
        ("p", 1),
        ("ArrowDown", 2),
    ]:
        page.keyboard.press(key)
        active(page, unique, number)
    page.keyboard.press("e")
    page.keyboard.press("e")
    active(page, unique, 4)
    expect(page.locator("#lc-toast")).to_have_text("None further is held")
    page.keyboard.press("G")
    page.wait_for_function("() => logconsole.page.follow.pinned")


def test_opening_and_closing(page: Page, unique: str) -> None:
    """Enter opens and closes, Escape closes; the arrows of the side too."""
    page.keyboard.press("g")
    for opening, closing in [("Enter", "Enter"), ("Enter", "Escape"), ("ArrowRight", "ArrowLeft")]:
        page.keyboard.press(opening)
        expect(page.locator(".lc-detail")).to_have_count(1)
        page.keyboard.press(closing)
        expect(page.locator(".lc-detail")).to_have_count(0)


def test_copying(page: Page, unique: str) -> None:
    """The entry as text, as JSON, and a link to it; a word on the screen says so."""
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.locator("#lc-toast")).to_have_text("Copied")
    assert re.fullmatch(rf"\d{{4}}-.* INFO worker shop.orders: {unique} 0", page.evaluate(CLIPBOARD))
    page.keyboard.press("Shift+C")
    assert page.evaluate(CLIPBOARD).startswith('{"ts":')
    page.keyboard.press("y")
    assert re.search(r"\?q=.*&at=\d+$", page.evaluate(CLIPBOARD))


def test_filtering(page: Page, unique: str) -> None:
    """The request of an entry, levels, nothing."""
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.keyboard.press("r")
    expect(page.locator("#lc-search")).to_have_value(f"{unique} request_id:r-{unique}")
    expect(page.locator(".lc-row")).to_have_count(2)
    page.keyboard.press("x")
    expect(page.locator("#lc-search")).to_have_value("")
    page.keyboard.press("4")
    page.wait_for_url(re.compile("level=error,critical"))


def test_searching_and_leaving_the_field(page: Page, unique: str) -> None:
    """In the field keys are letters; Escape empties it, then leaves it."""
    page.keyboard.press("/")
    expect(page.locator("#lc-search")).to_be_focused()
    page.keyboard.type("jkx?")
    expect(page.locator("#lc-search")).to_have_value("jkx?")
    page.keyboard.press("Escape")
    expect(page.locator("#lc-search")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator("#lc-list")).to_be_focused()


def test_the_browser_keeps_its_keys(page: Page, unique: str) -> None:
    """Ctrl-F and the like are not taken."""
    page.evaluate("addEventListener('keydown', (event) => { window.taken = event.defaultPrevented; })")
    for key in ("Control+f", "Control+g", "Alt+1", "Meta+k"):
        page.keyboard.press(key)
        assert page.evaluate("window.taken") is False


def test_help_and_what_can_be_switched_off(page: Page, unique: str) -> None:
    """? shows them all, an example searches; without single keys they do nothing."""
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Next, previous error")
    page.get_by_role("button", name="has:exc").click()
    expect(page.locator("#lc-search")).to_have_value("has:exc")
    page.locator("#lc-list").focus()
    page.keyboard.press("v")
    page.get_by_label("Single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.locator("#lc-list").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_every_key_of_the_help_is_a_key(page: Page, unique: str) -> None:
    """What is listed is handled, and what is handled is listed."""
    source = (PACKAGE / "static" / "logconsole" / "keys.js").read_text(encoding="utf-8")
    handled = {quoted or bare for quoted, bare in re.findall(r'(?:"(.)"|\b(\w)): acts\.', source)}
    page.keyboard.press("?")
    listed = set(page.locator(".lc-help section:last-child kbd").all_inner_texts())
    assert len(handled) == 21
    assert {key.replace(" ", "Space") for key in handled} <= listed
    assert {key for key in listed if re.fullmatch(r"[A-Za-z/?]", key)} <= handled
