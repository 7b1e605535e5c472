"""The search field: what is typed, what is offered, what is wrong, how far back it has looked."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.site import Site


def test_what_is_typed_before_the_scripts_run_is_searched_for(site: Site, page: Page, context: BrowserContext) -> None:
    """On a slow line the field is there before the page is alive: nothing typed is lost."""
    slow = context.new_page()
    waiting: list[Route] = []
    slow.route("**/console.js", lambda route: waiting.append(route))
    slow.goto(site.page, wait_until="commit")
    slow.fill("#lc-search", "level>=error early")
    slow.wait_for_function("() => globalThis.logconsole?.Display")
    for route in waiting:
        route.continue_()
    slow.wait_for_selector('#lc-status[data-state="live"]')
    expect(slow.locator("#lc-search")).to_have_value("level>=error early")
    expect(slow).to_have_url(f"{site.page}?q=level%3E%3Derror+early")
