"""The page on paper: the rows of the screen, whole, black on white, without what cannot be pressed there."""

from __future__ import annotations

import logging
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import search, sign_in
from tests.e2e.logged import log
from tests.e2e.site import Site

CONTROLS = ["#lc-pause", "#lc-search", "#lc-service", "#lc-levels", "#lc-table", "#lc-fold", "#lc-jump", ".lc-actions"]
AROUND = ["#header", ".breadcrumbs", "#nav-sidebar"]
CUT = """[...document.querySelectorAll('.lc-row:not(.lc-gap), .lc-row .lc-text, .lc-detail, .lc-detail pre')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
    .map((one) => one.className)"""
WIDTHS = "['#logconsole', '#lc-timeline svg'].map((one) => document.querySelector(one).getBoundingClientRect().width)"
OVERLAPPING = """() => { const boxes = [...document.querySelectorAll('.lc-row, .lc-detail')]
        .map((one) => one.getBoundingClientRect());
    return boxes.filter((box, at) => at && box.top < boxes[at - 1].bottom - 1).length; }"""


def color(page: Page, selector: str, name: str) -> str:
    """As it is painted."""
    return str(page.locator(selector).first.evaluate("(one, name) => getComputedStyle(one)[name]", name))


def test_it_can_be_printed_from_the_dark(site: Site, browser: Browser) -> None:
    """Long messages are not cut, an open entry is there in full."""
    unique = uuid4().hex
    log(site, *(f"{unique} {number}" for number in range(5)), f"{unique} " + "long words " * 60)
    log(site, f"{unique} bad", level=logging.ERROR, exc_text="Traceback\n" + "x" * 300 + "\nKeyError: 1\n" * 60)
    context = browser.new_context(viewport={"width": 1100, "height": 900}, color_scheme="dark")
    page = context.new_page()
    sign_in(page, site, "boss")
    page.wait_for_selector('#lc-status[data-state="live"]')
    search(page, unique)
    expect(page.locator(".lc-row")).to_have_count(7)
    page.locator(".lc-row").last.click()
    expect(page.locator(".lc-detail")).to_be_visible()
    assert color(page, "#logconsole", "backgroundColor") == "rgb(18, 18, 18)"
    page.emulate_media(media="print")
    for control in CONTROLS + AROUND:
        expect(page.locator(control)).to_be_hidden()
    assert color(page, "#logconsole", "backgroundColor") == "rgb(255, 255, 255)"
    assert color(page, ".lc-row .lc-msg", "color") == "rgb(0, 0, 0)"
    assert page.evaluate(WIDTHS) == [1100, 1100]
    assert page.evaluate(CUT) == []
    assert page.evaluate(OVERLAPPING) == 0
    page.emulate_media(media="screen")
    expect(page.locator("#lc-search")).to_be_visible()
    context.close()
