"""For everyone: no barrier that axe-core finds, in either theme; names, targets, motion, narrow screens."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import search, sign_in
from tests.e2e.logged import log
from tests.e2e.site import Site

BLANK = """[...document.querySelectorAll('.lc-tools > *')].filter((one) => one.checkVisibility())
    .filter((one) => !one.querySelector('svg') && one.textContent !== '?').map((one) => one.id)"""
PILED = """() => { const lines = ['.lc-top', '.lc-bar', '.lc-levelbar', '#lc-timeline', '.lc-box']
        .map((one) => document.querySelector(`#logconsole ${one}`));
    return lines.slice(1).flatMap((line, at) => [...lines[at].querySelectorAll('button, a, select, input, #lc-total')]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().bottom > line.getBoundingClientRect().top)
        .map((one) => one.id || one.textContent)); }"""
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SMALL = """[...document.querySelectorAll('#logconsole button')].filter((one) => one.checkVisibility())
    .map((one) => one.getBoundingClientRect())
    .filter((box) => box.width && (box.width < 24 || box.height < 24)).length"""
LOW = """[...document.querySelectorAll('#logconsole button:not(.lc-link, .lc-fold), #logconsole .lc-item, #lc-search')]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 36)
    .map((one) => one.id || one.className)"""
OURS = {"include": [["#logconsole"]]}
TRACEBACK = 'Traceback (most recent call last):\n  File "shop/pay.py", line 1, in pay\n    raise\nKeyError: 1'


def opened(page: Page) -> None:
    page.locator(".lc-row", has_text="axe ERROR").first.click()
    expect(page.locator(".lc-detail")).to_be_visible()


def with_error(page: Page) -> None:
    page.fill("#lc-search", "a )")
    expect(page.locator("#lc-search-error")).to_be_visible()


def with_suggestions(page: Page) -> None:
    page.locator("#lc-search").press_sequentially("log")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#lc-suggestions")).to_be_visible()


def with_menu(page: Page) -> None:
    page.click("#lc-range")


def with_facet(page: Page) -> None:
    page.click("#lc-logger")


def with_help(page: Page) -> None:
    page.keyboard.press("?")


def with_view(page: Page) -> None:
    page.keyboard.press("v")


def with_table(page: Page) -> None:
    page.click("#lc-table")


def held(page: Page) -> None:
    page.click("#lc-pause")
    page.locator("#lc-list").hover()
    page.mouse.wheel(0, -500)
    expect(page.locator("#lc-jump")).to_be_visible()


def without_match(page: Page) -> None:
    page.fill("#lc-search", "nothing-has-this-word")
    expect(page.locator("#lc-no-match")).to_be_visible()


def of_one_process(page: Page) -> None:
    page.select_option("#lc-store", "ring")
    expect(page.locator("#lc-banner")).to_be_visible()


def marked(page: Page) -> None:
    page.fill("#lc-search", "axe")
    expect(page.locator(".lc-row mark").first).to_be_visible()


NARROW: list[Callable[[Page], None]] = [opened, with_menu, held, marked]
STATES = [
    *NARROW,
    with_error,
    with_suggestions,
    with_facet,
    with_help,
    with_view,
    with_table,
    without_match,
    of_one_process,
]


@pytest.mark.timeout(300)  # many states, and axe-core takes its time for each
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(site: Site, browser: Browser, theme: Any, width: int) -> None:
    """In any state of the page: contrast, names, roles, order of headings, sizes of targets."""
    for level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        exc_text = TRACEBACK if level == "ERROR" else None
        log(
            site,
            *(f"axe {level} {number}" for number in range(8)),
            level=getattr(logging, level),
            exc_text=exc_text,
            order=5,
        )
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    sign_in(page, site, "boss")
    found = {}
    for state in STATES if width > 700 else NARROW:
        page.goto(site.page)
        page.wait_for_selector('#lc-status[data-state="live"]')
        page.wait_for_selector(".lc-row")
        state(page)
        page.wait_for_function("() => !document.querySelector('#lc-jump').inert")
        violations = Axe().run(page, OURS, RULES).response["violations"]
        found[state.__name__] = [(one["id"], node["html"][:200]) for one in violations for node in one["nodes"]]
    context.close()
    assert {name: nodes for name, nodes in found.items() if nodes} == {}


def test_a_reader_hears_numbers_not_lines(site: Site, page: Page) -> None:
    """The list is no live region; what came is told as a count, if that is wanted."""
    assert page.locator("#lc-list [aria-live], #lc-list[aria-live], [role=log]").count() == 0
    page.keyboard.press("v")
    page.get_by_role("radio", name="Errors").check()
    page.keyboard.press("Escape")
    log(site, "a line that nobody reads aloud")
    log(site, "another", level=logging.ERROR)
    expect(page.locator("#lc-announce")).to_have_text("2 new entries, 1 error")


def test_how_much_a_search_found_is_told(site: Site, page: Page) -> None:
    """As a number, once it is known; what arrives then is no news of the search."""
    unique = uuid4().hex
    log(site, unique, unique, unique)
    told = page.locator("#lc-announce")
    search(page, unique)
    expect(told).to_have_text("3 entries match")
    search(page, f"{unique} {unique}x")
    expect(told).to_have_text("0 entries match")


def test_times_are_local_or_utc_with_one_switch(site: Site, page: Page) -> None:
    """In the foot; it stays so in this browser."""
    unique = uuid4().hex
    log(site, unique)
    time = page.locator(".lc-row", has_text=unique).locator(".lc-time")
    server = time.inner_text()
    switch = page.locator("#lc-foot-right")
    expect(switch).to_have_text("Times in Europe/Berlin (server)")
    switch.click()
    switch.click()
    expect(switch).to_have_text("Times in UTC")
    assert time.inner_text()[:2] != server[:2] and time.inner_text()[2:] == server[2:]
    page.reload()
    expect(switch).to_have_text("Times in UTC")


def test_nothing_moves_for_those_who_do_not_want_it(browser: Browser, site: Site) -> None:
    """With reduced motion there is no animation."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, site, "boss")
    page.wait_for_selector("#lc-status")
    page.evaluate("document.querySelector('#lc-status').dataset.state = 'reconnecting'")
    assert page.evaluate("getComputedStyle(document.querySelector('.lc-pill-dot')).animationName") == "none"
    context.close()


def test_a_phone_shows_it_without_scrolling_sideways(browser: Browser, site: Site) -> None:
    """At 390 pixels, with a finger: rows of two lines, targets that can be hit, values with their buttons."""
    unique = uuid4().hex
    log(site, f"phone {unique}", order=5)
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    sign_in(page, site, "boss")
    page.wait_for_selector('#lc-status[data-state="live"]')
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    row = page.locator(".lc-row", has_text=unique)
    box = row.bounding_box()
    assert box and box["height"] == 50
    row.tap()
    expect(page.locator(".lc-detail")).to_contain_text("order5")
    expect(page.locator(".lc-pair-acts").first).to_have_css("opacity", "1")
    small = page.evaluate(SMALL)
    assert small == 0
    assert page.evaluate(LOW) == []
    page.locator("#lc-range").tap()
    expect(page.get_by_role("menuitemradio").first).to_be_visible()
    assert page.evaluate(LOW) == []
    context.close()


def test_a_phone_shows_every_control_where_none_covers_another(browser: Browser, site: Site) -> None:
    """With a filter too, whose words take a line of their own; levels are one line that can be pushed aside."""
    context = browser.new_context(viewport={"width": 390, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    sign_in(page, site, "boss", f"{site.page}?q=level%3E%3Derror")
    page.wait_for_selector('#lc-status[data-state="live"]')
    expect(page.locator("#lc-clear")).to_be_visible()
    expect(page.locator("#lc-total")).to_contain_text("match")
    assert page.evaluate(BLANK) == []
    assert page.evaluate(PILED) == []
    assert page.evaluate("new Set([...document.querySelectorAll('.lc-level')].map((one) => one.offsetTop)).size") == 1
    for control in ("#lc-store", "#lc-service", "#lc-logger", "#lc-range"):
        expect(page.locator(control)).to_be_in_viewport(ratio=1)
    context.close()


def test_a_second_tap_closes_what_the_first_one_opened(browser: Browser, site: Site) -> None:
    """However soon it comes: a finger selects no word by tapping twice."""
    unique = uuid4().hex
    log(site, *(f"{unique} {number}" for number in range(60)))
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    sign_in(page, site, "boss", f"{site.page}?q={unique}")
    page.locator(".lc-row", has_text=f"{unique} 59").wait_for()
    page.locator("#lc-list").evaluate("(list) => { list.scrollTop = 0; }")
    row = page.locator(".lc-row", has_text=re.compile(rf"{unique} 0$"))
    row.wait_for()
    page.evaluate("addEventListener('click', () => (window.taps = (window.taps ?? 0) + 1))")
    box = row.bounding_box()
    assert box
    for _ in range(2):
        page.touchscreen.tap(box["x"] + 100, box["y"] + 30)
    page.wait_for_function("() => window.taps === 2")
    expect(page.locator(".lc-detail")).to_have_count(0)
    page.touchscreen.tap(box["x"] + 100, box["y"] + 30)
    expect(page.locator(".lc-detail")).to_have_count(1)
    context.close()


def test_without_scripts_it_leads_to_a_table(browser: Browser, site: Site) -> None:
    """Nothing is offered that would do nothing."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, "boss")
    expect(page.locator("#lc-search")).to_be_hidden()
    page.get_by_role("link", name="plain table").click()
    expect(page.locator("#result_list tbody tr").first).to_be_visible()
    context.close()
