"""A level is changed by a click, counts down on both pages, and shows in the log at once."""

from __future__ import annotations

import re
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.test_console import visit


def test_debug_for_a_while_is_seen_and_taken_back(site: Site, page: Page) -> None:
    """`django.template` is quiet at INFO; at DEBUG a page of the site makes it talk, on the console behind the link."""
    page.click("#lc-loggers")
    page.wait_for_url("**/loggers/")
    row = page.locator("tr", has=page.locator("th", has_text=re.compile(r"^django\.template$")))
    expect(row.locator("td.lc-levels-inherited")).to_have_text("INFO")
    row.get_by_role("button", name="DEBUG").click()
    banner = page.locator("p.lc-levels-changed")
    expect(banner).to_contain_text("django.template is at DEBUG in all processes, set by boss.")
    expect(banner.locator("time")).to_have_text(re.compile(r"^1[45]:\d\d$"))
    first = banner.locator("time").inner_text()
    expect(banner.locator("time")).not_to_have_text(first)

    page.goto(site.page)
    expect(page.locator("p.lc-levels-changed time")).to_have_text(re.compile(r"^1[45]:\d\d$"))
    page.wait_for_selector('#lc-status[data-state="live"]')
    page.fill("#lc-search", "logger:logconsole.audit django.template")
    expect(page.locator(".lc-row", has_text="boss changes levels").first).to_be_visible()
    visit(site, f"/no-such-page-{uuid4().hex}/")

    page.goto(f"{site.page}loggers/")
    page.get_by_role("button", name="Reset all").click()
    expect(page.locator("p.lc-levels-changed")).to_have_count(0)
    expect(row.locator("td.lc-levels-inherited")).to_have_text("INFO")
