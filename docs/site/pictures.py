"""Take the pictures of the page that README and documentation show: `make pictures`, or `pictures.py NAME...`.

A site of its own, with entries made for it, in a real browser; nothing is painted by hand.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image
from playwright.sync_api import Browser, Page

from docs.site.scenes import PHONE_SCENES, WIDE_SCENES, Scene, live
from docs.site.shop import busy, filled
from tests.chromium import chromium
from tests.e2e.conftest import sign_in
from tests.e2e.site import Site, running

IMAGES = ROOT / "docs" / "images"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 780}


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
            viewport=size,  # type: ignore[arg-type]  # Playwright wants its own typed dicts and literals
            color_scheme=scheme,  # type: ignore[arg-type]  # the same
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
        )
        context.add_cookies(self.cookies)  # type: ignore[arg-type]  # the same: what it gave out itself
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
        whole.quantize(256, Image.Quantize.MEDIANCUT, kmeans=4, dither=Image.Dither.NONE).save(path, optimize=True)
        page.unroute_all(behavior="ignoreErrors")
        context.close()


def burst(site: Site, page: Page) -> None:
    """Thousands of entries within moments."""
    busy(site)
    page.wait_for_function("() => logconsole.page.held.size >= 3_000")


def main() -> None:
    """Take them all, or those whose names are given."""
    wanted = set(sys.argv[1:])

    def is_wanted(name: str) -> bool:
        return not wanted or name in wanted

    with tempfile.TemporaryDirectory() as directory, chromium(ignore_default_args=["--hide-scrollbars"]) as browser:
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
        if is_wanted("busy"):  # the last: the others show a quiet day
            with running(place) as site:
                Camera(browser, site).take("busy", "light", lambda page: burst(site, page))


if __name__ == "__main__":
    main()
