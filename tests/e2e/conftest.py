"""A real browser against a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.chromium import chromium
from tests.e2e.site import Site


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
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Page:
    """The console, opened through the admin's login form by a superuser, live."""
    made = context.new_page()
    sign_in(made, site, "boss")
    made.wait_for_selector('#lc-status[data-state="live"]')
    return made


def sign_in(page: Page, site: Site, name: str) -> None:
    """Open the console and fill in the login form that stands before it."""
    page.goto(site.page)
    page.fill("#id_username", name)
    page.fill("#id_password", name)
    page.click("input[type=submit]")
