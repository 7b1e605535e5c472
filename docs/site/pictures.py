"""Take the pictures of the page that README and documentation show: `make pictures`.

A site of its own, with entries made for it, in a real browser; nothing is painted by hand.
"""

from __future__ import annotations

import itertools
import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import msgspec
from PIL import Image
from playwright.sync_api import Browser, Page

from logconsole.entry import Entry
from tests.chromium import chromium
from tests.e2e.conftest import search, sign_in
from tests.e2e.site import Site, running
from tests.records import record

IMAGES = ROOT / "docs" / "images"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 780}
TRACEBACK = """Traceback (most recent call last):
  File "shop/payments.py", line 48, in charge
    answer = gateway.capture(order.reference, order.total)
  File "/srv/.venv/lib/python3.13/site-packages/httpx/_client.py", line 1014, in send
    response = self._send_handling_auth(request)
  File "/srv/.venv/lib/python3.13/site-packages/httpx/_transports/default.py", line 101, in handle_request
    raise mapped_exc(message) from exc
httpx.ReadTimeout: The read operation timed out

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "shop/views.py", line 81, in checkout
    payments.charge(order)
  File "shop/payments.py", line 52, in charge
    raise PaymentError(order, "provider unreachable") from error
shop.payments.PaymentError: Order S204117: provider unreachable"""
SCENES = [
    ("INFO", "web", "logconsole.access", "GET /products/espresso-machine/ 200 31.4ms", {"bytes": 1033}),
    ("DEBUG", "web", "shop.cart", "Added Espresso machine", {"product": "espresso-machine", "pieces": 2}),
    ("INFO", "web", "logconsole.access", "POST /cart/add/espresso-machine/ 302 9.5ms", {"bytes": 0}),
    ("DEBUG", "web", "shop.search", "Search for 'walnut': 14 hits", {"duration_ms": 14.8}),
    ("INFO", "web", "logconsole.access", "GET /search/ 200 20.7ms", {"bytes": 881}),
    ("INFO", "worker", "shop.worker", "Job 442: pictures scaled to 640 pixels in 0.3 ms", {"attempt": 1}),
    ("INFO", "web", "shop.orders", "Order S204118 placed: 108.90 EUR", {"lines": 2}),
    ("INFO", "web", "logconsole.access", "GET /cart/ 200 4.9ms", {"bytes": 1518}),
    ("WARNING", "web", "logconsole.access", "GET /api/orders/28/ 404 26.0ms", {"route": "api/orders/<int:pk>/"}),
    ("DEBUG", "worker", "shop.worker", "Job 443: send_invoice begins", {"attempt": 1}),
    ("INFO", "cron", "shop.reports", "Stock counted: 318 products, 4 to be ordered", {"low": 4}),
    ("INFO", "web", "logconsole.access", "GET /products/ 200 8.8ms", {"bytes": 1333}),
    ("ERROR", "web", "shop.checkout", "Payment of order S204117 failed", {"order": "S204117", "attempt": 3}),
    ("INFO", "web", "logconsole.access", "GET /products/sencha-100-g/ 200 13.1ms", {"bytes": 1022}),
    ("WARNING", "worker", "shop.mail", "The mail server answers slowly: 4.2 s", {"duration_ms": 4210}),
]  # fmt: skip


def history() -> Iterator[Entry]:
    """Half an hour of a shop, busier now and then."""
    now = datetime.now(timezone.utc)
    scenes = itertools.cycle(SCENES)
    moment = now - timedelta(minutes=30)
    while moment < now:
        level, service, logger, message, extra = next(scenes)
        moment += timedelta(seconds=0.7 + 1.1 * ((moment.minute * 7) % 5) / 4)
        exc = TRACEBACK if level == "ERROR" else None
        made = record("%s", message, level=getattr(logging, level), exc_text=exc, **extra)
        entry = Entry.from_record(made, service=service, base_dir=str(ROOT))
        ts = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
        yield msgspec.structs.replace(
            entry, ts=ts, logger=logger, host="app-1", pid=4121, request_id="7f3c" if service == "web" else ""
        )


def filled(site: Site) -> None:
    """The site's store holds the half hour and nothing else."""
    store = site.store()
    for entry in history():
        store.append(entry)
    store.close()


# ---- the scenes


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
]
PHONE_SCENES: list[tuple[str, str, Scene]] = [
    ("phone", "light", live),
    ("phone", "dark", live),
    ("phone-detail", "light", detail),
]


class Camera:
    """A browser that has signed in to a site, once."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.browser, self.site = browser, site
        page = browser.new_page()
        sign_in(page, site, "boss")
        page.wait_for_selector("#lc-list")
        self.cookies = page.context.cookies()
        page.close()

    def take(self, name: str, scheme: str, scene: Scene = live, *, phone: bool = False) -> None:
        """One picture."""
        size = PHONE if phone else WIDE
        context = self.browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            color_scheme=scheme,  # type: ignore[arg-type]
            has_touch=phone,
            reduced_motion="reduce",
        )
        context.add_cookies(self.cookies)  # type: ignore[arg-type]
        page = context.new_page()
        page.route("**/favicon.ico", lambda route: route.fulfill(body=""))
        page.goto(self.site.page)
        page.wait_for_selector("#lc-status[data-state=live], #lc-status[data-state=polling]")
        page.wait_for_function("() => logconsole.page.counts.buckets")
        scene(page)
        page.wait_for_timeout(700)  # the timeline is drawn four times a second, and the pill takes its time
        path = IMAGES / f"{name}-{scheme}.png"
        page.screenshot(path=path)
        whole = Image.open(path).convert("RGB")
        whole.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
        context.close()


def main() -> None:
    """Take them all, or those whose names are given."""
    wanted = set(sys.argv[1:])

    def is_wanted(name: str) -> bool:
        return not wanted or name in wanted

    with tempfile.TemporaryDirectory() as directory, chromium() as browser:
        place = Path(directory)
        if is_wanted("empty"):
            (place / "empty").mkdir()
            with running(place / "empty", module="tests.live", HANDLERS="console") as site:
                Camera(browser, site).take("empty", "light")
        with running(place) as site:
            camera = Camera(browser, site)
            filled(site)
            for name, scheme, scene in filter(lambda one: is_wanted(one[0]), WIDE_SCENES):
                camera.take(name, scheme, scene)
            for name, scheme, scene in filter(lambda one: is_wanted(one[0]), PHONE_SCENES):
                camera.take(name, scheme, scene, phone=True)
        if is_wanted("polling"):
            with running(place, "wsgi") as site:
                Camera(browser, site).take("polling", "light")
        for theme in filter(is_wanted, ("unfold", "jazzmin")):
            with running(place, module="tests.e2e.athome", THEME=theme) as site:
                Camera(browser, site).take(theme, "light")
        for name, language in filter(lambda one: is_wanted(one[0]), [("german", "de"), ("arabic", "ar")]):
            with running(place, module="tests.e2e.athome", LANGUAGE=language) as site:
                Camera(browser, site).take(name, "light")


if __name__ == "__main__":
    main()
