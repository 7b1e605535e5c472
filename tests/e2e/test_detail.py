"""An entry in detail: everything about it, where it stands, and the ways from it to others."""

from __future__ import annotations

import json
import logging
import re
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.e2e.conftest import search
from tests.e2e.logged import log
from tests.e2e.site import Site

HOLDS = "(msg) => logconsole.page.held.items.some((item) => item.msg === msg)"
TRACEBACK = """Traceback (most recent call last):
  File "{base}/shop/pay.py", line 12, in pay
    gateway.capture(order)
  File "/srv/.venv/lib/python3.12/site-packages/httpx/_client.py", line 9, in post
    raise mapped
  File "/srv/.venv/lib/python3.12/site-packages/httpx/_transport.py", line 9, in send
    raise mapped
httpx.ReadTimeout: timed out"""


@pytest.fixture
def unique() -> str:
    """A word that no other entry has."""
    return uuid4().hex


@pytest.fixture
def row(site: Site, page: Page, unique: str) -> Locator:
    """An error with a traceback and fields, between entries of another kind."""
    base = page.evaluate("logconsole.page.view.base")
    log(site, *(f"before {unique} {number}" for number in range(30)), service="cron")
    log(
        site,
        f"failed {unique}\nsecond line",
        level=logging.ERROR,
        order=f"A {unique}",
        exc_text=TRACEBACK.format(base=base),
        request_id=f"r-{unique}",
    )
    log(site, *(f"after {unique} {number}" for number in range(30)), service="cron")
    search(page, f'"failed {unique}"')
    found = page.locator(".lc-row")
    expect(found).to_have_count(1)
    return found


def test_it_shows_everything(page: Page, row: Locator, unique: str) -> None:
    """The whole message, the exception first, own frames open, library frames folded, fields, and the stored line."""
    row.click()
    detail = page.locator(".lc-detail")
    expect(detail.locator(".lc-message")).to_have_text(f"failed {unique}\nsecond line")
    expect(detail.locator(".lc-raised")).to_have_text("httpx.ReadTimeout: timed out")
    traceback = detail.locator(".lc-traceback")
    expect(traceback).to_contain_text("gateway.capture(order)")
    expect(traceback).not_to_contain_text("_transport.py")
    traceback.get_by_role("button", name="2 frames of libraries").click()
    expect(traceback).to_contain_text("_transport.py")
    expect(detail.locator(".lc-pair", has_text=f"A {unique}")).to_contain_text(f"A {unique}")
    detail.get_by_text("As JSON", exact=True).click()
    stored = json.loads(detail.locator(".lc-json").inner_text())
    assert (stored["msg"], stored["extra"]["order"]) == (f"failed {unique}\nsecond line", f"A {unique}")
    row.click()
    expect(detail).to_have_count(0)


def test_a_value_can_be_wanted_or_not(page: Page, row: Locator, unique: str) -> None:
    """The condition stands in the query, as it would be typed."""
    row.click()
    pair = page.locator(".lc-pair", has_text=f"A {unique}")
    pair.hover()
    pair.get_by_role("button", name="Only order").click()
    expect(page.locator("#lc-search")).to_have_value(f'"failed {unique}" order:"A {unique}"')
    row.click()
    pair.hover()
    pair.get_by_role("button", name="Without order").click()
    expect(page.locator("#lc-search")).to_have_value(f'"failed {unique}" -order:"A {unique}"')
    expect(page.locator(".lc-row")).to_have_count(0)


@pytest.mark.parametrize(
    ("chip", "condition"),
    [("This request", "request_id:r-"), ("This logger", "logger:shop.orders"), ("This process", "host:")],
)
def test_chips_ask_for_more_like_it(page: Page, row: Locator, chip: str, condition: str) -> None:
    """The same request, logger or process."""
    row.click()
    page.locator(".lc-detail").get_by_role("button", name=chip).click()
    expect(page.locator("#lc-search")).to_have_value(re.compile(re.escape(condition)))
    expect(page.locator(".lc-row")).to_have_count(1)


def test_it_is_seen_among_what_was_logged_around_it(page: Page, row: Locator, unique: str) -> None:
    """Without the filter, the entry marked, what is searched for still marked; back leads to the search."""
    row.click()
    page.locator(".lc-detail").get_by_role("button", name="Around").click()
    expect(page.locator(".lc-marked")).to_contain_text(f"failed {unique}")
    expect(page.locator(".lc-row", has_text=f"before {unique} 29")).to_be_visible()
    expect(page.locator(".lc-row", has_text=f"after {unique} 0")).to_be_visible()
    expect(page.locator(".lc-marked mark").first).to_have_text(f"failed {unique}")
    expect(page.locator("#lc-search")).to_have_value("")
    page.get_by_role("button", name="Back to the search").click()
    expect(page.locator("#lc-search")).to_have_value(f'"failed {unique}"')
    expect(page.locator(".lc-row")).to_have_count(1)


def test_around_loads_both_ways(site: Site, page: Page, unique: str) -> None:
    """What is before and behind comes when it is scrolled to."""
    log(site, *(f"{unique} number {number}" for number in range(1500)), service="cron")
    search(page, f'"{unique} number 750"')
    expect(page.locator(".lc-row")).to_have_count(1)
    page.locator(".lc-row").click()
    page.locator(".lc-detail").get_by_role("button", name="Around").click()
    expect(page.locator(".lc-marked")).to_contain_text("number 750")
    page.locator("#lc-list").focus()
    page.keyboard.press("Home")
    page.wait_for_function(HOLDS, arg=f"{unique} number 5")
    page.evaluate("document.querySelector('#lc-list').scrollTop = 1e9")
    page.wait_for_function(HOLDS, arg=f"{unique} number 1499")


def test_an_open_entry_is_in_the_url(page: Page, row: Locator, unique: str, context: BrowserContext) -> None:
    """Whoever opens the link sees the same entry, open."""
    row.click()
    page.wait_for_url("**at=*")
    other = context.new_page()
    other.goto(page.url)
    expect(other.locator(".lc-detail")).to_contain_text("ReadTimeout")
    expect(other.locator(".lc-marked")).to_contain_text(f"failed {unique}")
    row.click()
    page.wait_for_url(lambda url: "at=" not in url)


def test_a_link_to_an_entry_that_is_gone_says_so(site: Site, page: Page) -> None:
    """Retention took it: the page shows the newest instead."""
    page.goto(f"{site.page}?at=999999999999")
    expect(page.locator("#lc-banner")).to_contain_text("no longer kept")
    expect(page.locator("#lc-status")).to_have_attribute("data-state", "live")
    expect(page.locator(".lc-row").first).to_be_visible()
