"""Following that never fights the reader: what holds it, what tells of news, what brings it back."""

from __future__ import annotations

import logging
import re
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import search
from tests.e2e.logged import log
from tests.e2e.site import Site

FOLLOWING = "() => logconsole.page.follow.pinned"
EARLIER = "(first) => logconsole.page.held.first < first || !logconsole.page.held.moreBefore"
RESTS = """() => { const {list} = logconsole.page;
    return list.wanted === undefined && [...list.details.elements.values()].every((one) => !one.isNew); }"""
TOP = "document.querySelector('#lc-list').scrollTop"


@pytest.fixture
def filled(site: Site, page: Page) -> str:
    """More entries than the list shows, found by a word of their own that the page searches for."""
    unique = uuid4().hex
    log(site, *(f"{unique} number {number}" for number in range(120)))
    search(page, unique)
    page.locator(".lc-row", has_text="number 119").wait_for()
    expect(page.locator("#lc-announce")).to_have_text("120 entries match")
    return unique


def scroll_up(page: Page) -> None:
    """With the wheel, far enough that the end is out of sight."""
    page.locator("#lc-list").hover()
    page.mouse.wheel(0, -1500)
    page.wait_for_function("() => !logconsole.page.follow.pinned")


def test_scrolling_up_holds_and_the_pill_says_what_came_and_jumps(site: Site, page: Page, filled: str) -> None:
    """What is read does not move; the end is one click away."""
    scroll_up(page)
    before = page.evaluate(TOP)
    log(site, f"{filled} later", f"{filled} later")
    log(site, f"{filled} bad", level=logging.ERROR)
    pill = page.locator("#lc-jump")
    expect(pill).to_have_text("3 new, 1 error")
    assert page.evaluate(TOP) == before
    pill.click()
    expect(page.locator(".lc-row", has_text="bad")).to_be_in_viewport()
    expect(pill).to_be_hidden()


def test_scrolling_to_the_end_follows_again(site: Site, page: Page, filled: str) -> None:
    """Without any button."""
    scroll_up(page)
    page.mouse.wheel(0, 100_000)
    page.wait_for_function(FOLLOWING)
    log(site, f"{filled} last")
    expect(page.locator(".lc-row", has_text="last")).to_be_in_viewport()


def test_opening_a_row_holds(site: Site, page: Page, filled: str) -> None:
    """The detail stays where it was opened."""
    page.locator(".lc-row", has_text="number 119").click()
    page.wait_for_function(RESTS)  # it was moved so far that more of the detail is seen
    top = page.evaluate(TOP)
    log(site, *(f"{filled} more" for _ in range(30)))
    expect(page.locator("#lc-jump")).to_have_text("30 new")
    assert page.evaluate(TOP) == top


def test_selecting_text_holds(site: Site, page: Page, filled: str) -> None:
    """The selection stays."""
    page.locator(".lc-row", has_text="number 118").locator(".lc-text mark").dblclick()
    log(site, *(f"{filled} more" for _ in range(30)))
    expect(page.locator("#lc-jump")).to_have_text("30 new")
    assert filled in page.evaluate("getSelection().toString()")


def test_space_holds_and_goes_on(site: Site, page: Page, filled: str) -> None:
    """The button says so; what came meanwhile is shown, and its number told."""
    page.locator("#lc-list").focus()
    page.keyboard.press("Space")
    expect(page.locator("#lc-pause")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#lc-status")).to_have_text("Paused")
    log(site, f"{filled} meanwhile")
    expect(page.locator("#lc-jump")).to_have_text("1 new")
    expect(page.locator(".lc-row", has_text="meanwhile")).to_have_count(0)
    page.keyboard.press("Space")
    expect(page.locator(".lc-row", has_text="meanwhile")).to_be_in_viewport()
    expect(page.locator("#lc-announce")).to_have_text("Resumed, 1 new entry")


def test_what_came_during_a_pause_is_a_line_that_loads_it(site: Site, page: Page, filled: str) -> None:
    """At the end of what is held; the pause goes on."""
    page.click("#lc-pause")
    log(site, f"{filled} meanwhile", f"{filled} meanwhile")
    line = page.get_by_role("button", name="Load 2 newer entries")
    expect(line).to_be_visible()
    line.click()
    expect(page.locator(".lc-row", has_text="meanwhile")).to_have_count(2)
    expect(page.locator("#lc-pause")).to_have_attribute("aria-pressed", "true")
    log(site, f"{filled} after")
    expect(page.get_by_role("button", name="Load 1 newer entry")).to_be_visible()


def test_what_the_page_let_go_comes_back_when_scrolled_to(site: Site, page: Page, filled: str) -> None:
    """A window too small for what arrives lets the oldest go and asks the store again."""
    page.evaluate("logconsole.page.held.limit = 1000")
    log(site, *(f"{filled} number {number}" for number in range(120, 2600)))
    page.locator(".lc-row", has_text="number 2599").wait_for()
    page.wait_for_function("() => logconsole.page.held.size === 1000")
    page.locator("#lc-list").focus()
    first = page.locator(".lc-row", has_text=re.compile(r"number 0$"))
    while page.evaluate("logconsole.page.held.moreBefore"):
        number = page.evaluate("logconsole.page.held.first")
        page.keyboard.press("Home")
        page.wait_for_function(EARLIER, arg=number)
    page.keyboard.press("Home")
    expect(first).to_be_visible()
    assert page.evaluate("logconsole.page.held.size") <= 1500
    page.keyboard.press("End")
    expect(page.locator(".lc-row", has_text="number 2599")).to_be_in_viewport()


def test_a_hidden_tab_says_how_much_came(site: Site, page: Page, filled: str) -> None:
    """In its title, with the errors; looking at it takes that away."""
    title = page.title()
    page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, get: () => true})")
    log(site, f"{filled} a")
    log(site, f"{filled} b", level=logging.ERROR)
    expect(page).to_have_title(f"(2 new, 1 error) {title}")
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title(title)


def test_a_pause_and_a_filter_are_in_the_url(site: Site, page: Page, filled: str, context: BrowserContext) -> None:
    """Whoever opens it sees the same and is held as well."""
    page.click("#lc-pause")
    expect(page).to_have_url(f"{site.page}?q={filled}&follow=0")
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator("#lc-pause")).to_have_attribute("aria-pressed", "true")
    expect(other.locator(".lc-row", has_text="number 119")).to_be_in_viewport()
    log(site, f"{filled} meanwhile")
    expect(other.locator("#lc-jump")).to_have_text("1 new")
    other.click("#lc-pause")
    expect(other).to_have_url(f"{site.page}?q={filled}")
