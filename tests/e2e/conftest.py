"""A real browser against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.chromium import chromium
from tests.e2e.site import Site

TEST_SECONDS = 120  # with what falls to the first of a file: its site is migrated and started, its browser too
WAIT_MILLISECONDS = 20_000  # for anything to be seen, on a machine that has other things to do
expect.set_options(timeout=WAIT_MILLISECONDS)
LISTED = """(text) => { const {filter, feed, isStarted} = logconsole.page.stream;
    return filter.q === text.trim() && feed.isLive && isStarted; }"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser and a site take longer than other tests, most of all where both are shared with other work."""
    for item in items:
        if Path(__file__).parent in item.path.parents and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(TEST_SECONDS))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo site, running."""
    running = Site(tmp_path_factory.mktemp("site"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; it ends with the module."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    made.set_default_timeout(WAIT_MILLISECONDS)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Page:
    """The console, opened through the admin's login form by a superuser, live."""
    made = context.new_page()
    sign_in(made, site, "boss")
    made.wait_for_selector('#lc-status[data-state="live"]')
    return made


def sign_in(page: Page, site: Site, name: str, url: str = "") -> None:
    """Open the console and fill in the login form that stands before it."""
    page.goto(url or site.page)
    page.fill("[name=username]", name)
    page.fill("[name=password]", name)
    with page.expect_navigation():  # or what comes next would be asked of a page that is about to go
        page.press("[name=password]", "Enter")


def search(page: Page, text: str) -> None:
    """Type a query and wait until the list is that of it."""
    page.fill("#lc-search", text)
    page.wait_for_function(LISTED, arg=text)
