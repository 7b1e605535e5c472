"""The search field: what is typed, what is offered, what is wrong, how far back it has looked."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.conftest import search
from tests.e2e.logged import log
from tests.e2e.site import Site

NOTHING_YET = """() => {
    const batch = {entries: [], before: "100", after: "100", more: true, missed: false, scanned: 0.1};
    logconsole.page.stream.feed.onBatch(batch, {isStart: true, isLive: false}, () => {});
}"""


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


def test_values_that_are_known_are_offered_and_taken_with_the_keyboard(site: Site, page: Page) -> None:
    """A field's name, then its values: what is taken stands in the query and is searched for."""
    unique = uuid4().hex
    log(site, f"one {unique}", f"two {unique}", order=f"A-{unique[:6]}")
    expect(page.locator(".lc-row", has_text=unique)).to_have_count(2)
    field = page.locator("#lc-search")
    field.press_sequentially("ord")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_have_text("order:")
    field.press("Tab")
    expect(field).to_have_value("order:")
    field.press_sequentially(f"A-{unique[:6]}"[:4])
    expect(options.first).to_contain_text(f"order:A-{unique[:6]}")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "lc-suggestion-0")
    field.press("Enter")
    expect(field).to_have_value(f"order:A-{unique[:6]} ")
    expect(page.locator(".lc-row")).to_have_count(2)
    expect(page).to_have_url(re.compile("q=order:A-"))


def test_values_that_the_page_does_not_hold_are_offered(site: Site, page: Page) -> None:
    """The store is asked, and says how many there are."""
    service = f"s{uuid4().hex[:8]}"
    log(site, "long ago", "long ago", service=service)
    log(site, *(f"later {number}" for number in range(700)))
    page.reload()
    page.locator(".lc-row", has_text="later 699").wait_for()
    assert not page.evaluate("(one) => logconsole.page.held.items.some(({service}) => service === one)", service)
    page.click("#lc-service")
    option = page.get_by_role("option", name=service)
    expect(option.locator(".lc-hint")).to_have_text("2")
    page.keyboard.press("Escape")
    page.locator("#lc-search").press_sequentially(f"service:{service[:6]}")
    expect(page.locator("#lc-suggestions .lc-option").first).to_contain_text(service)


def test_what_was_searched_for_is_offered_again_until_forgotten(page: Page) -> None:
    """In an empty field; it is kept in the browser alone."""
    field = page.locator("#lc-search")
    for query in ("first", "second"):
        field.fill(query)
        field.press("Enter")
    field.press("Escape")
    expect(field).to_have_value("")
    field.press("ArrowDown")
    options = page.locator("#lc-suggestions").get_by_role("option")
    expect(options).to_have_text(["second", "first", "Forget these queries"])
    options.first.click()
    expect(field).to_have_value("second")
    field.fill("")
    field.press("ArrowDown")
    options.last.click()
    expect(page.locator("#lc-suggestions")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('logconsole.queries.v1')") == "[]"


def test_an_error_says_where_it_is_and_the_last_query_stays_in_force(site: Site, page: Page) -> None:
    """Below the field, the character marked; a click goes there."""
    unique = uuid4().hex
    log(site, unique)
    field = page.locator("#lc-search")
    field.fill(unique)
    expect(page.locator(".lc-row")).to_have_count(1)
    field.fill(f"  {unique} )x")
    error = page.locator("#lc-search-error")
    expect(error).to_contain_text("there is no ( for this )")
    expect(error.locator("mark")).to_have_text(")")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".lc-row")).to_have_count(1)
    error.get_by_role("button").click()
    assert page.evaluate("document.activeElement.selectionStart") == 2 + len(unique) + 1
    field.fill(unique)
    expect(error).to_be_hidden()


def test_choices_write_the_query_and_follow_it(site: Site, page: Page) -> None:
    """What is chosen stands in the field; what is typed there is shown as chosen."""
    log(site, "from the worker")
    expect(page.locator(".lc-row", has_text="from the worker").first).to_be_visible()
    page.click("#lc-service")
    page.get_by_role("option", name="worker").click()
    field = page.locator("#lc-search")
    expect(field).to_have_value("service:worker")
    expect(page.locator("#lc-service .lc-value")).to_have_text("worker")
    page.keyboard.press("Escape")
    field.fill("(service:worker OR service:web) x")
    expect(page.locator("#lc-service .lc-value")).to_have_text("worker +1")
    field.fill("x")
    expect(page.locator("#lc-service .lc-value")).to_have_text("All")


def test_a_long_search_says_how_far_back_it_is_and_can_be_stopped(page: Page) -> None:
    """It goes on from there when asked; the server answers in parts, here made small."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        asked.append(query.get("before", [""])[0])
        if "after" in query:
            return route.fulfill(json=part(entries=[{"ts": "2026-01-02T08:12:00.000000Z", "cursor": "7"}]))
        if len(asked) > 3:
            return held.append(route)  # the reader sees it searching
        return route.fulfill(json=part(before=str(100 - len(asked)), more=True, scanned=0.34))

    held: list[Route] = []
    page.route("**/entries/?*", answer)
    page.evaluate(NOTHING_YET)
    strip = page.locator("#lc-older")
    expect(strip).to_contain_text("Searched back to Jan 2 09:12:00, 34% of the log")
    strip.get_by_role("button", name="Stop searching").click()
    expect(strip.get_by_role("button", name="Search on")).to_be_visible()
    count = len(asked)
    strip.get_by_role("button", name="Search on").click()
    expect(strip.get_by_role("button", name="Stop searching")).to_be_visible()
    page.wait_for_function("() => logconsole.page.stream.history.busy === 'older'")
    assert len(asked) > count


def part(entries: object = (), before: str = "1", *, more: bool = False, scanned: float = 1.0) -> dict[str, object]:
    """A batch as the server writes it."""
    return {
        "entries": list(entries),
        "after": before,
        "before": before,
        "more": more,
        "missed": False,
        "scanned": scanned,
    }  # type: ignore[call-overload]


def test_where_nothing_matches_the_reader_is_told_how_much_is_hidden(site: Site, page: Page) -> None:
    """By the filters, of all that is kept; and no more when something does match."""
    word = uuid4().hex
    log(site, f"{word} here")
    page.fill("#lc-search", f"{word} nowhere")
    expect(page.locator("#lc-concealed")).to_have_text(re.compile(r"^[\d,]+ entr(y is|ies are) hidden\. $"))
    expect(page.locator("#lc-no-match")).to_contain_text("hidden. The page keeps listening")
    search(page, word)
    expect(page.locator("#lc-no-match")).to_be_hidden()
    expect(page.locator("#lc-concealed")).to_be_empty()
