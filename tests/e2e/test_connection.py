"""What the page does and says when there is no socket, when it is refused, and when it is closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from logconsole.stores.file import FileStore
from tests.e2e.proxy import Refusal, proxy
from tests.e2e.site import Site, running
from tests.records import entry

ANSWERED = "() => ['live', 'too-many'].includes(document.querySelector('#lc-status').dataset.state)"
QUICK = '{"RECHECK_SECONDS": 0.2, "MAX_CLIENTS": 1}'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that takes one socket, and looks again and again at who holds it."""
    with running(tmp_path_factory.mktemp("site"), module="tests.live", LOGCONSOLE=QUICK) as made:
        yield made


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page on a clock that the test may move on."""
    made = context.new_page()
    made.clock.install()
    return made


def sign_in(page: Page, url: str, name: str = "boss") -> None:
    """Open the console through the login form."""
    page.goto(url)
    page.fill("#id_username", name)
    page.fill("#id_password", name)
    with page.expect_navigation():
        page.click("input[type=submit]")


def keep(site: Site, text: str) -> None:
    """What another process logs."""
    store = FileStore(site.log_dir)
    store.append(entry(text))
    store.close()


def has(page: Page, *texts: str) -> None:
    """Each of them is shown, once."""
    for text in texts:
        expect(page.locator(".lc-row", has_text=text)).to_have_count(1)


@pytest.mark.parametrize("server", ["wsgi", "runserver"])
def test_without_an_asgi_server_the_page_polls(server: str, tmp_path: Path, page: Page) -> None:
    """By itself; it says so and why, shows what is logged, and a filter holds."""
    with running(tmp_path, server, module="tests.live", WITHOUT="daphne") as site:
        sign_in(page, site.page)
        expect(page.locator("#lc-status")).to_have_attribute("data-state", "polling")
        expect(page.locator("#lc-status")).to_contain_text("every 3 s")
        expect(page.locator("#lc-banner")).to_contain_text("does not accept WebSockets")
        first, second = uuid4().hex, uuid4().hex
        keep(site, first)
        page.clock.fast_forward(3_000)
        has(page, first)
        page.fill("#lc-search", second)
        expect(page.locator(".lc-row")).to_have_count(0)
        keep(site, f"other than {first}")
        keep(site, f"only {second}")
        page.clock.fast_forward(3_000)
        has(page, second)
        expect(page.locator(".lc-row")).to_have_count(1)
        page.goto("about:blank")


@pytest.mark.parametrize("refusal", ["answers", "swallows"])
def test_behind_a_proxy_that_lets_no_socket_through_the_page_polls_until_it_does(
    site: Site, page: Page, refusal: Refusal
) -> None:
    """Then it goes back to the socket by itself, with every entry once."""
    before, between, after = (uuid4().hex for _ in range(3))
    with proxy(site.port, refusal) as made:
        sign_in(page, made.page)
        assert made.is_refused.wait(10)
        if refusal == "swallows":
            page.clock.fast_forward(11_000)
        expect(page.locator("#lc-status")).to_have_attribute("data-state", "polling")
        keep(site, before)
        page.clock.fast_forward(3_000)
        has(page, before)
        made.upgrades = "passes"
        keep(site, between)
        page.clock.fast_forward(61_000)
        expect(page.locator("#lc-status")).to_have_attribute("data-state", "live")
        expect(page.locator("#lc-banner")).to_be_hidden()
        keep(site, after)
        has(page, before, between, after)
        page.goto("about:blank")


def test_too_many_readers_is_said_in_words_and_passes(site: Site, page: Page, context: BrowserContext) -> None:
    """The second page waits for a place, with a countdown, and takes it."""
    sign_in(page, site.page)
    expect(page.locator("#lc-status")).to_have_attribute("data-state", "live")
    second = context.new_page()
    second.clock.install()
    second.goto(site.page)
    expect(second.locator("#lc-status")).to_have_attribute("data-state", "too-many")
    expect(second.locator("#lc-banner")).to_contain_text("as many open log pages as it allows")
    expect(second.locator("#lc-banner")).to_contain_text("Trying again in")
    page.goto("about:blank")
    while second.get_attribute("#lc-status", "data-state") != "live":  # the server sees that one has gone
        with second.expect_response("**/ticket/"):
            second.clock.fast_forward(31_000)
        second.wait_for_function(ANSWERED)
    second.goto("about:blank")


def test_a_logout_is_told_and_the_way_back_keeps_the_filter(site: Site, page: Page, context: BrowserContext) -> None:
    """In another tab; what is on the page stays readable."""
    text = uuid4().hex
    sign_in(page, site.page)
    expect(page.locator("#lc-status")).to_have_attribute("data-state", "live")
    keep(site, text)
    page.fill("#lc-search", text)
    expect(page).to_have_url(re.compile(text))
    has(page, text)
    other = context.new_page()
    other.goto(f"{site.url}/admin/")
    other.click("#logout-form button")
    expect(page.locator("#lc-banner")).to_contain_text("Your session has ended")
    has(page, text)
    page.click("#lc-banner a")
    page.fill("#id_username", "boss")
    page.fill("#id_password", "boss")
    page.click("input[type=submit]")
    expect(page.locator("#lc-status")).to_have_attribute("data-state", "live")
    expect(page.locator("#lc-search")).to_have_value(text)
    has(page, text)
    page.goto("about:blank")


LOST = {
    "is_staff": ("user.is_staff = False", "no longer have permission", 0),
    "password": ("user.set_password('other')", "session has ended", 1),
    "deactivated": ("user.is_active = False", "session has ended", 1),
    "session": ("Session.objects.update(expire_date='2000-01-01 00:00Z')", "session has ended", 1),
}


@pytest.mark.parametrize("loss", LOST)
def test_what_is_lost_in_another_process_is_told(site: Site, page: Page, loss: str) -> None:
    """Within RECHECK_SECONDS; who may not look any more keeps nothing, and can come back to the same filter."""
    change, words, rows = LOST[loss]
    text, name = uuid4().hex, f"clerk-{loss}"
    user = f"from django.contrib.auth.models import User\nname = {name!r}\n"
    shell = ("shell", "--verbosity", "0", "-c")
    site.manage(*shell, f"{user}User.objects.create_user(name, password=name, is_staff=True)")
    sign_in(page, site.page, name)
    expect(page.locator("#lc-status")).to_have_attribute("data-state", "live")
    keep(site, text)
    page.fill("#lc-search", text)
    has(page, text)
    sessions = "from django.contrib.sessions.models import Session\n"
    site.manage(*shell, f"{user}{sessions}user = User.objects.get(username=name)\n{change}\nuser.save()")
    expect(page.locator("#lc-banner")).to_contain_text(words)
    expect(page.locator(".lc-row")).to_have_count(rows)
    if not rows:
        expect(page.locator(".lc-count").filter(has_text=re.compile(r"\d"))).to_have_count(0)
        expect(page.locator("#lc-timeline")).to_have_attribute("aria-label", "Timeline")
    assert text in page.url
    with page.expect_navigation():
        page.click("#lc-banner .lc-link")
    assert text in page.url and "/login/" in page.url


def test_a_killed_server_is_waited_for_with_a_countdown(site: Site, page: Page) -> None:
    """Entries stay readable; what was logged meanwhile comes once, when it is back."""
    before, meanwhile, after = (uuid4().hex for _ in range(3))
    sign_in(page, site.page)
    keep(site, before)
    has(page, before)
    site.kill()
    expect(page.locator("#lc-status")).to_contain_text("Reconnecting in")
    keep(site, meanwhile)
    page.clock.fast_forward(2_500)
    expect(page.locator("#lc-banner")).to_contain_text("live connection was lost")
    has(page, before)
    site.start()
    page.clock.fast_forward(40_000)
    expect(page.locator("#lc-status")).to_have_attribute("data-state", "live")
    keep(site, after)
    has(page, before, meanwhile, after)
    page.goto("about:blank")
