"""Counts of a store that takes longer than one answer: they are said to be part, and become whole by themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Response, Route, expect

from tests.e2e.conftest import sign_in
from tests.e2e.logged import log
from tests.e2e.site import Site, running

WORD, MANY = "counted", 20_000
COUNT_MILLISECONDS = 60_000  # many questions, one after the other, on a machine that has other things to do
IS_WHOLE = "() => logconsole.page.counts.buckets?.scanned === 1"
HIDE = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => true})"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose store answers soon, with what it has."""
    directory: Path = tmp_path_factory.mktemp("site")
    store = {"BACKEND": "tests.live.slow.SlowFileStore", "OPTIONS": {"directory": str(directory / "logs")}}
    with running(directory, module="tests.live", LOGCONSOLE=json.dumps({"STORES": {"file": store}})) as made:
        log(made, *(f"{WORD} {number}" for number in range(MANY)))
        yield made


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Page:
    """Signed in; on a clock that the test may move on."""
    made = context.new_page()
    made.clock.install()
    sign_in(made, site, "boss", f"{site.url}/admin/")
    return made


def answers(page: Page) -> list[Response]:
    """What the page is told about its counts, from now on."""
    told: list[Response] = []
    page.on("response", lambda answer: told.append(answer) if "/timeline/" in answer.url else None)
    return told


def test_a_count_says_that_it_is_under_way_and_goes_on_until_it_is_whole(site: Site, page: Page) -> None:
    """Nothing, a share, all: in words, and to the eye."""
    waiting: list[Route] = []
    page.route("**/timeline/?*", lambda route: waiting.append(route))
    with page.expect_request("**/timeline/?*"):
        page.goto(f"{site.page}?q={WORD}")
    console, total = page.locator("#logconsole"), page.locator("#lc-total")
    expect(total).to_have_text("Counting…")
    expect(console).to_have_attribute("data-counting", "")
    expect(page.locator(".lc-row").last).to_contain_text(f"{WORD} {MANY - 1}")
    with page.expect_request("**/timeline/?*"):
        waiting.pop().continue_()
    expect(total).to_have_text(re.compile(r"^[\d,]+ entries in \d+% of the log, counting…$"))
    expect(page.locator("#lc-timeline")).to_have_attribute("aria-label", re.compile(r"\d+% of the log counted"))
    expect(page.locator('.lc-level[data-level="INFO"] .lc-count')).to_have_text(re.compile(r"\+$"))
    expect(console).to_have_attribute("data-counting", "")
    page.unroute("**/timeline/?*")
    expect(total).to_have_text("20,000 entries match", timeout=COUNT_MILLISECONDS)
    expect(console).not_to_have_attribute("data-counting", "")


def test_a_count_that_is_whole_is_not_asked_for_again_at_once(site: Site, page: Page) -> None:
    """Each answer is further than the one before; after the last one a minute is quiet."""
    told = answers(page)
    page.goto(f"{site.page}?q={WORD}%20-nothing")
    page.wait_for_function(IS_WHOLE, timeout=COUNT_MILLISECONDS)
    shares = [answer.json()["scanned"] for answer in told]
    assert len(shares) > 2 and shares == sorted(shares) and shares[-1] == 1
    page.clock.fast_forward(50_000)
    with page.expect_response("**/timeline/?*"):
        page.fill("#lc-search", "other")
    assert len(told) == len(shares) + 1


def test_nobody_looks_and_nothing_is_counted(site: Site, page: Page) -> None:
    """A hidden page goes on when it is looked at again."""
    waiting: list[Route] = []
    page.route("**/timeline/?*", lambda route: waiting.append(route))
    with page.expect_request("**/timeline/?*"):
        page.goto(f"{site.page}?q={WORD}%20-hidden")
    expect(page.locator("#lc-total")).to_have_text("Counting…")
    page.evaluate(HIDE)
    asked = page.evaluate("logconsole.page.counts.round")
    with page.expect_response("**/timeline/?*"):
        waiting.pop().continue_()
    expect(page.locator("#lc-total")).to_contain_text("counting…")
    page.clock.fast_forward(30_000)
    assert page.evaluate("logconsole.page.counts.round") == asked
    page.unroute("**/timeline/?*")
    page.evaluate("delete document.hidden")
    page.wait_for_function(IS_WHOLE, timeout=COUNT_MILLISECONDS)


def test_the_download_tells_what_a_part_makes_for_the_whole(site: Site, page: Page) -> None:
    """About so many, while not all is counted; then the number."""
    told = answers(page)
    waiting: list[Route] = []
    page.route("**/timeline/?*", lambda route: waiting.append(route))
    with page.expect_request("**/timeline/?*"):
        page.goto(f"{site.page}?q={WORD}%20-estimated")
    expect(page.locator("#lc-total")).to_have_text("Counting…")
    page.click("#lc-download")
    expect(page.locator(".lc-menu-title")).to_have_text("Matching entries")
    page.keyboard.press("Escape")
    with page.expect_request("**/timeline/?*"):
        waiting.pop().continue_()
    expect(page.locator("#lc-total")).to_contain_text("counting…")
    part = told[0].json()
    about = round(sum(map(sum, part["levels"].values())) / part["scanned"])
    page.click("#lc-download")
    expect(page.locator(".lc-menu-title")).to_have_text(f"about {about:,} matching entries")
    page.keyboard.press("Escape")
    page.unroute("**/timeline/?*")
    page.wait_for_function(IS_WHOLE, timeout=COUNT_MILLISECONDS)
    page.click("#lc-download")
    expect(page.locator(".lc-menu-title")).to_have_text("20,000 matching entries")
