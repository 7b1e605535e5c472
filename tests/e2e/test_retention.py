"""What retention took: a page that was away, and a link from before, say so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from logconsole.stores.file import FileStore
from tests.e2e.conftest import search, sign_in
from tests.e2e.site import Site, running
from tests.records import entry

SMALL = {"segment_bytes": 4_000, "retain_segments": 3}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that keeps little."""
    options = json.dumps(SMALL)
    with running(tmp_path_factory.mktemp("site"), module="tests.live", FILE_OPTIONS=options) as made:
        yield made


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Page:
    """The console, on a clock that the test may move on."""
    made = context.new_page()
    made.clock.install()
    sign_in(made, site, "boss")
    made.wait_for_selector('#lc-status[data-state="live"]')
    return made


def keep(site: Site, *texts: str) -> None:
    """What another process of the host logs, with the same retention."""
    store = FileStore(site.log_dir, **SMALL)  # type: ignore[arg-type]
    for text in texts:
        store.append(entry(text))
    store.close()


def test_what_was_dropped_while_the_page_was_away_is_told_in_its_place(site: Site, page: Page) -> None:
    """Between the last entry from before and the first one that is still kept, with both times."""
    word = uuid4().hex
    before, meanwhile = f"{word} before", f"{word} meanwhile"
    search(page, word)
    keep(site, before)
    expect(page.locator(".lc-row").last).to_contain_text(before)
    site.kill()
    expect(page.locator("#lc-status")).to_contain_text("Reconnecting in")
    keep(site, *(f"{meanwhile} {number}" for number in range(200)))
    site.start()
    page.clock.fast_forward(40_000)
    expect(page.locator("#lc-status")).to_have_attribute("data-state", "live")
    gap = page.locator(".lc-gap")
    expect(page.locator(".lc-row").last).to_contain_text(f"{meanwhile} 199")
    items = page.evaluate("logconsole.page.held.items.map(({msg, ts, gap}) => gap ?? {msg, ts})")
    place = next(number for number, item in enumerate(items) if "msg" not in item)
    assert items[place - 1]["msg"] == before
    assert items[place + 1]["msg"].startswith(meanwhile)
    assert items[place] == {"from": items[place - 1]["ts"], "to": items[place + 1]["ts"]}
    page.evaluate("(place) => logconsole.page.list.go(logconsole.page.held.first + place, {center: true})", place)
    expect(gap).to_have_count(1)
    expect(gap).to_be_in_viewport()
    expect(gap).to_contain_text("are gone: the store had dropped them before this page could read them")
    expect(page.locator(f".lc-row:has-text('{before}') + .lc-gap")).to_have_count(1)


def test_a_link_to_an_entry_that_retention_took_says_so(site: Site, page: Page) -> None:
    """The page shows the newest instead, live, and forgets the place."""
    word = uuid4().hex
    linked, later = f"{word} linked", f"{word} later"
    search(page, word)
    keep(site, linked)
    page.locator(".lc-row", has_text=linked).click()
    page.wait_for_url("**&at=*")
    link = page.url
    keep(site, *(f"{later} {number}" for number in range(200)))
    page.goto(link)
    expect(page.locator("#lc-banner")).to_contain_text("no longer kept")
    expect(page.locator(".lc-row").last).to_contain_text(f"{later} 199")
    expect(page.locator(".lc-marked")).to_have_count(0)
    keep(site, f"{later} live")
    expect(page.locator(".lc-row").last).to_contain_text(f"{later} live")
