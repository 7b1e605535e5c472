"""The timeline above the rows: what it shows, zooming, going to a place, folding, reading it as a table."""

from __future__ import annotations

import logging
import re
from contextlib import closing
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from logconsole.entry import Entry
from tests.e2e.conftest import search
from tests.e2e.logged import log
from tests.e2e.site import Site

LAST = """() => { const {buckets, names} = logconsole.page.timeline;
    const places = Array.from({length: buckets.length}, (_, place) => place);
    return (places.findLast((place) => buckets.of(place, names).length) + 0.5) / buckets.length; }"""


@pytest.fixture
def unique(site: Site, page: Page) -> str:
    """A word that seven entries have, two of them errors; the page counts them."""
    word = uuid4().hex
    log(site, *(f"{word} {number}" for number in range(5)))
    log(site, f"{word} bad", f"{word} bad", level=logging.ERROR)
    search(page, word)
    expect(page.locator("#lc-total")).to_have_text("7 entries match")
    expect(page.locator("#lc-announce")).to_have_text("7 entries match")
    return word


def test_it_grows_with_what_arrives_and_says_so_in_words(site: Site, page: Page, unique: str) -> None:
    """The counts of chips and timeline are those of what matches."""
    timeline = page.locator("#lc-timeline")
    expect(timeline).to_have_attribute("aria-label", re.compile(r"7 entries, peak \d+ at .*, 2 errors"))
    log(site, f"{unique} more")
    expect(page.locator("#lc-total")).to_have_text("8 entries match")
    expect(page.locator('.lc-level[data-level="INFO"] .lc-count')).to_have_text("6")
    expect(timeline).to_have_attribute("aria-label", re.compile("8 entries"))


def test_a_stretch_that_is_dragged_over_becomes_the_range(page: Page, unique: str) -> None:
    """It is in the URL, and the page says that nothing new will come; back shows all again."""
    box = page.locator("#lc-timeline").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 20, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile("from=.*to="))
    expect(page.locator("#lc-range")).to_contain_text("–")
    expect(page.locator(".lc-tip")).to_be_hidden()
    expect(page.locator("#lc-status")).to_have_text("Fixed range")
    expect(page.locator("#lc-status")).to_have_attribute("title", re.compile("outside of the chosen time range"))
    page.go_back()
    page.wait_for_url(lambda url: "from=" not in url)
    expect(page.locator("#lc-status")).to_have_text("Live")
    expect(page.locator(".lc-row")).to_have_count(7)


def test_a_click_goes_to_the_place_and_with_shift_to_the_level(page: Page, unique: str) -> None:
    """A bar's part is its level."""
    page.click("#lc-pause")  # or time goes on, and the bars with it, before one is clicked
    box = page.locator("#lc-timeline").bounding_box()
    assert box
    x = box["x"] + box["width"] * page.evaluate(LAST)
    page.mouse.click(x, box["y"] + 50)
    expect(page.locator(".lc-active")).to_have_count(1)
    page.keyboard.down("Shift")
    page.mouse.click(x, box["y"] + 54)
    page.keyboard.up("Shift")
    page.wait_for_url(re.compile("level=info"))
    expect(page.locator(".lc-row")).to_have_count(5)


def test_it_can_be_folded_and_stays_so(page: Page, unique: str) -> None:
    """In this browser."""
    fold = page.locator("#lc-fold")
    fold.click()
    expect(page.locator("#lc-timeline")).to_be_hidden()
    expect(fold).to_have_attribute("aria-expanded", "false")
    page.reload()
    expect(page.locator("#lc-timeline")).to_be_hidden()
    fold.click()
    expect(page.locator("#lc-timeline")).to_be_visible()


def test_it_can_be_read_as_a_table(page: Page, unique: str) -> None:
    """A row for each span in which something was logged; its time leads there."""
    page.get_by_role("button", name="Timeline as a table").click()
    table = page.get_by_role("dialog").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["Time", "Info", "Error", "All together"])
    sums = [int(text) for text in table.locator("td:last-child").all_inner_texts()]
    assert sum(sums) == 7
    table.get_by_role("button").first.click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".lc-active")).to_have_count(1)


def test_it_is_walked_through_with_the_keyboard(page: Page, unique: str) -> None:
    """Each span is told; Enter zooms into it."""
    page.locator("#lc-timeline").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#lc-announce")).to_have_text(re.compile("–.*(No entries|Info|Error)"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("from=.*to="))


def test_a_stretch_is_chosen_with_the_keyboard(page: Page, unique: str) -> None:
    """Shift and the arrows take in one span more; all of it is told, and zoomed to."""
    told = page.locator("#lc-announce")
    page.click("#lc-pause")  # or time goes on, and spans with it
    expect(told).to_have_text("Paused")
    page.locator("#lc-timeline").focus()
    page.keyboard.press("ArrowLeft")
    expect(told).to_have_text(re.compile("–"))
    end = told.inner_text().split(" – ")[1].split(",")[0]
    many, step = page.evaluate("[logconsole.page.timeline.buckets.length, logconsole.page.timeline.buckets.step]")
    for _ in range(many - 1):
        page.keyboard.press("Shift+ArrowLeft")
    expect(told).to_have_text(re.compile(f" – {re.escape(end)}, 2 Error, 5 Info$"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("from=.*to="))
    length = page.evaluate("Date.parse(logconsole.page.state.to) - Date.parse(logconsole.page.state.from)")
    assert length == many * step


def test_a_moment_is_gone_to_without_leaving_the_rest_out(site: Site, page: Page) -> None:
    """The first entry from then on is marked in the middle; what is older is still there, and so is the search."""
    word = uuid4().hex
    with closing(site.store()) as store:
        for minute in range(10, 60):
            ts = f"2026-11-20T12:{minute}:00.000000Z"
            store.append(Entry(ts=ts, level="INFO", msg=f"{word} at {minute}", service="web", host="one", pid=1))
    search(page, word)
    expect(page.locator("#lc-total")).to_have_text("50 entries match")
    page.click("#lc-foot-right")  # server, this computer
    page.click("#lc-foot-right")  # UTC
    page.click("#lc-range")
    page.locator(".lc-own-range input").first.fill("2026-11-20T12:29:30")
    page.get_by_role("button", name="Go to the first").click()
    marked = page.locator(".lc-row.lc-marked")
    expect(marked).to_contain_text(f"{word} at 30")
    expect(marked).to_be_in_viewport()
    expect(page.locator(".lc-row", has_text=f"{word} at 28")).to_be_visible()
    expect(page.locator("#lc-search")).to_have_value(word)
    page.click("#lc-range")
    page.locator(".lc-own-range input").first.fill("2099-01-01T00:00:00")
    page.get_by_role("button", name="Go to the first").click()
    expect(page.locator("#lc-toast")).to_have_text("Nothing is kept from then on")
