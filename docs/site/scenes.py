"""What each picture of the page shows: a state, and the way into it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route

from tests.e2e.conftest import search
from tests.e2e.test_search import NOTHING_YET, part

TROUBLE = "1,204 entries could not be written since 10:31: No space left on device"
GAP = """() => { const {held, stream} = logconsole.page, ts = new Date().toISOString();
    const entries = held.items.slice(-8).map((one) => ({...one, ts, cursor: `${one.cursor}0`}));
    const [before, after] = [entries[0].cursor, entries.at(-1).cursor];
    const batch = {entries, before, after, more: false, missed: true, scanned: 1};
    stream.feed.onBatch(batch, {isStart: false, isLive: true}, () => {}); }"""


def live(page: Page) -> None:
    """As it is most of the day."""


def detail(page: Page) -> None:
    """An error, open."""
    search(page, "level>=error")
    page.locator(".lc-row").nth(-3).click()
    page.locator(".lc-detail").wait_for()


def around(page: Page) -> None:
    """The same among what was logged around it."""
    detail(page)
    page.get_by_role("button", name="Around").click()
    page.locator(".lc-marked").wait_for()


def suggestions(page: Page) -> None:
    """What may be meant."""
    search(page, "Job")
    page.fill("#lc-search", "")
    page.locator("#lc-search").press_sequentially("logger:sh")
    page.keyboard.press("ArrowDown")


def wrong(page: Page) -> None:
    """A query that cannot be read."""
    page.fill("#lc-search", 'order (failed OR "timed out"')
    page.locator("#lc-search-error").wait_for()


def found(page: Page) -> None:
    """What is looked for, marked."""
    search(page, "order -GET")
    page.locator(".lc-row mark").first.wait_for()


def nothing(page: Page) -> None:
    """No match."""
    search(page, "level>=critical disk")
    page.locator("#lc-no-match").wait_for()


def held(page: Page) -> None:
    """Somebody reads while more comes."""
    page.click("#lc-pause")
    page.locator("#lc-list").hover()
    page.mouse.wheel(0, -900)
    page.evaluate(
        "logconsole.page.follow.arrived([...Array(133).fill({level: 'INFO'}), ...Array(4).fill({level: 'ERROR'})])"
    )


def reconnecting(page: Page) -> None:
    """The server is away."""
    page.context.set_offline(False)
    page.evaluate("""() => { const {status} = logconsole.page; status.show('reconnecting', {until: Date.now() + 4000});
        status.lostAt = Date.now() - 5000; status.show('reconnecting', {until: Date.now() + 4000}); }""")


def signed_out(page: Page) -> None:
    """The session has ended."""
    page.evaluate("logconsole.page.stream.feed.stop('signed-out')")


def one_process(page: Page) -> None:
    """A store that sees one process."""
    page.select_option("#lc-store", "ring")
    page.locator("#lc-banner").wait_for()


def table(page: Page) -> None:
    """The timeline, read."""
    page.click("#lc-table")


def keys(page: Page) -> None:
    """The help."""
    page.keyboard.press("?")


def ranges(page: Page) -> None:
    """The choice of a time range."""
    page.click("#lc-range")


def loading(page: Page) -> None:
    """Before the first answer, on a slow line."""
    page.route("**/ticket/", lambda route: None)
    page.reload()
    page.locator("#lc-loading").wait_for()


def downloads(page: Page) -> None:
    """What may be taken away."""
    page.click("#lc-download")


def searching(page: Page) -> None:
    """A search over much history; the server answers in parts, here held back."""
    page.route("**/timeline/?*", lambda route: None)
    page.fill("#lc-search", "disk full")
    page.locator("#lc-no-match").wait_for()
    began = datetime.now(timezone.utc).replace(hour=8, minute=12, second=0).isoformat().replace("+00:00", "Z")

    def answer(route: Route) -> None:
        asked = parse_qs(urlsplit(route.request.url).query)
        if "after" in asked:
            route.fulfill(json=part(entries=[{"ts": began, "cursor": "7"}]))
        elif asked.get("before") == ["100"]:
            route.fulfill(json=part(before="90", more=True, scanned=0.34))

    page.route("**/entries/?*", answer)
    page.evaluate(NOTHING_YET)
    page.locator("#lc-stop").wait_for()


def missed(page: Page) -> None:
    """What retention took before the page could read it."""
    page.evaluate(GAP)


def forbidden(page: Page) -> None:
    """A permission was taken away."""
    page.evaluate("logconsole.page.stream.feed.stop('forbidden')")


def too_many(page: Page) -> None:
    """The server has as many readers as it allows."""
    page.evaluate("logconsole.page.status.show('too-many', {until: Date.now() + 21_000})")


def trouble(page: Page) -> None:
    """The store cannot keep what is logged."""
    more = json.dumps({"scope": "host", "store": "file", "trouble": TROUBLE})
    page.evaluate(f"logconsole.page.status.show('live', {more})")


def zoomed(page: Page) -> None:
    """A stretch of the timeline that has ended."""
    box = page.locator("#lc-timeline").bounding_box()
    assert box
    page.mouse.move(box["x"] + 300, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 420, box["y"] + 30, steps=4)
    page.mouse.up()
    page.wait_for_url("**from=*")


def printed(page: Page) -> None:
    """On paper."""
    found(page)
    page.emulate_media(media="print")


def plain(page: Page) -> None:
    """Without JavaScript."""
    page.goto(f"{page.url.split('?')[0]}?plain=1")


def loggers(page: Page) -> None:
    """The levels of all loggers."""
    page.click("#lc-loggers")
    page.wait_for_url("**/loggers/")


Scene = Callable[[Page], None]
WIDE_SCENES: list[tuple[str, str, Scene]] = [
    ("console", "light", live),
    ("console", "dark", live),
    ("detail", "light", detail),
    ("detail", "dark", detail),
    ("around", "light", around),
    ("suggestions", "light", suggestions),
    ("query-error", "light", wrong),
    ("found", "dark", found),
    ("no-match", "dark", nothing),
    ("held", "light", held),
    ("reconnecting", "dark", reconnecting),
    ("signed-out", "light", signed_out),
    ("one-process", "light", one_process),
    ("timeline-table", "dark", table),
    ("help", "light", keys),
    ("ranges", "light", ranges),
    ("loading", "light", loading),
    ("downloads", "dark", downloads),
    ("searching", "light", searching),
    ("missed", "dark", missed),
    ("forbidden", "light", forbidden),
    ("too-many", "dark", too_many),
    ("trouble", "light", trouble),
    ("zoomed", "dark", zoomed),
    ("printed", "light", printed),
    ("plain", "light", plain),
    ("loggers", "light", loggers),
]
PHONE_SCENES: list[tuple[str, str, Scene]] = [
    ("phone", "light", live),
    ("phone", "dark", live),
    ("phone-detail", "light", detail),
]
