"""At home in any admin: themes, languages, a strict policy, hashed files, a prefix, other admin sites."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import search, sign_in
from tests.e2e.logged import log
from tests.e2e.site import Site, running

MODULE = "tests.e2e.athome"
ROOM = 12  # pixels between the console and the window's edges
MARGINS = """() => { const box = document.querySelector('.lc-box').getBoundingClientRect();
    const place = document.querySelector('#logconsole').parentElement.getBoundingClientRect();
    return {window: [box.left, document.body.clientWidth - box.right],
        place: [box.left - place.left, place.right - box.right]}; }"""
COVERED = """() => { const foot = document.querySelector('#lc-foot-right').getBoundingClientRect();
    return document.elementFromPoint(foot.left + 5, foot.top + 5)?.id; }"""
LUMINANCE = """() => { const probe = document.createElement('canvas').getContext('2d');
    probe.fillStyle = getComputedStyle(document.querySelector('#logconsole')).backgroundColor;
    probe.fillRect(0, 0, 1, 1);
    return probe.getImageData(0, 0, 1, 1).data[0]; }"""


def watched(page: Page) -> list[str]:
    """What the page asks for and what its browser complains about, from now on."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.on("console", lambda message: message.type == "error" and seen.append(f"console: {message.text}"))
    return seen


def lives(page: Page, site: Site) -> None:
    """The console is live, and shows, finds and opens what is logged."""
    page.wait_for_selector('#lc-status[data-state="live"]')
    expect(page.locator(".lc-row").last).to_be_in_viewport()
    unique = uuid4().hex
    log(site, unique, order=5)
    search(page, unique)
    row = page.locator(".lc-row", has_text=unique)
    expect(row).to_have_count(1)
    row.click()
    expect(page.locator(".lc-detail")).to_be_visible()
    page.click("#lc-range")
    page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("theme", "scheme", "language"),
    [
        ("", "light", "en"),
        ("", "dark", "ar"),
        ("unfold", "light", "en"),
        ("unfold", "dark", "ar"),
        ("jazzmin", "light", "en"),
        ("jazzmin", "dark", "en"),
    ],
)
def test_in_a_theme(tmp_path: Path, browser: Browser, theme: str, scheme: str, language: str) -> None:
    """It takes the theme's colours as they are painted; nothing sticks out, nothing is closer to one side."""
    with running(tmp_path, module=MODULE, THEME=theme, LANGUAGE=language) as site:
        log(site, *(f"before {number}" for number in range(100)))
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
        )  # type: ignore[arg-type]
        page = context.new_page()
        errors = watched(page)
        sign_in(page, site, "boss")
        lives(page, site)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        room = page.evaluate(MARGINS)
        assert min(room["window"]) >= ROOM
        assert abs(room["place"][0] - room["place"][1]) < 1
        assert page.evaluate(COVERED) == "lc-foot-right"
        painted = "light" if page.evaluate(LUMINANCE) > 128 else "dark"
        assert page.get_attribute("#logconsole", "data-scheme") == painted
        assert painted == scheme or theme == "jazzmin"  # which has no scheme of its own
        assert [error for error in errors if error.startswith("error")] == []
        context.close()


def test_under_a_strict_policy_and_to_no_other_host(tmp_path: Path, browser: Browser) -> None:
    """Scripts, styles and connections of this host alone, nothing inline: the browser has nothing to complain about."""
    with running(tmp_path, module=MODULE, CSP="yes") as site:
        page = browser.new_page()
        sign_in(page, site, "boss")
        seen = watched(page)
        page.reload()
        lives(page, site)
        page.click("#lc-view")
        page.keyboard.press("Escape")
        assert page.evaluate("document.querySelector('#logconsole').getBoundingClientRect().height") > 400
        assert [one for one in seen if "Content Security Policy" in one or one.startswith("error")] == []
        hosts = {urlsplit(one).hostname for one in seen if one.startswith(("http", "ws"))}
        assert hosts == {"127.0.0.1"}
        page.close()


def test_with_hashed_static_files(tmp_path: Path, browser: Browser) -> None:
    """Each script is asked for by its hash, and no other."""
    with running(tmp_path, module=MODULE, MANIFEST="yes") as site:
        pass
    site.manage("collectstatic", "--no-input", "--verbosity", "0")
    with running(tmp_path, module=MODULE, MANIFEST="yes") as site:
        page = browser.new_page()
        seen = watched(page)
        sign_in(page, site, "boss")
        lives(page, site)
        ours = [urlsplit(one).path for one in seen if "/static/logconsole/" in one]
        assert ours and all(len(Path(path).suffixes) == 2 for path in ours)
        page.close()


def test_below_a_prefix(tmp_path: Path, browser: Browser) -> None:
    """The socket, the entries and the links follow the page wherever it is."""
    with running(tmp_path, "daphne", "--root-path=/shop/below", module=MODULE) as site:
        page = browser.new_page()
        seen = watched(page)
        sign_in(page, site, "boss", f"{site.url}/shop/below/admin/logconsole/console/")
        lives(page, site)
        assert [one for one in seen if "/logconsole/console/" in one and "/shop/below/" not in one] == []
        page.close()


def test_on_an_admin_site_of_its_own(tmp_path: Path, browser: Browser) -> None:
    """Beside the default one, with that site's rule of who may enter; each page stays on its site."""
    with running(tmp_path, module=MODULE) as site:
        page = browser.new_page()
        seen = watched(page)
        sign_in(page, site, "clerk")
        page.wait_for_selector('#lc-status[data-state="live"]')
        page.goto(f"{site.url}/ops/logconsole/console/")
        assert "/ops/login/" in page.url
        page.context.clear_cookies()
        seen.clear()
        sign_in(page, site, "boss", f"{site.url}/ops/logconsole/console/")
        lives(page, site)
        expect(page.locator("#site-name")).to_have_text("Operations")
        assert [one for one in seen if "/admin/logconsole" in one] == []
        page.close()


def test_on_two_admin_sites_at_once(tmp_path: Path, browser: Browser) -> None:
    """One reader, a page on each: both live, both see it, each asks its own site alone."""
    with running(tmp_path, module=MODULE) as site:
        context = browser.new_context()
        pages = {name: context.new_page() for name in ("admin", "ops")}
        sign_in(pages["admin"], site, "boss")
        seen = {name: watched(page) for name, page in pages.items()}
        for name, page in pages.items():
            page.goto(f"{site.url}/{name}/logconsole/console/")
            page.wait_for_selector('#lc-status[data-state="live"]')
        unique = uuid4().hex
        log(site, unique)
        for name, other in [("admin", "ops"), ("ops", "admin")]:
            page = pages[name]
            expect(page.locator(".lc-row", has_text=unique)).to_have_count(1)
            search(page, unique)
            page.click("#lc-download")
            link = page.get_by_role("menuitem").first
            assert f"/{name}/logconsole/console/download/?" in link.evaluate("(one) => one.href")
            assert [one for one in seen[name] if f"/{other}/logconsole/" in one] == []
        context.close()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["Live-Protokoll", "Anhalten", "Herunterladen", "Zeiten in"]),
        ("fr", ["Journal en direct", "Pause", "Télécharger", "Heures en"]),
        ("es", ["Registro en directo", "Pausar", "Descargar", "Horas en"]),
        ("ar", []),
    ],
)
def test_in_another_language(tmp_path: Path, browser: Browser, language: str, words: list[str]) -> None:
    """German, French and Spanish throughout; where text runs from right to left, so does the page."""
    with running(tmp_path, module=MODULE, LANGUAGE=language) as site:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, site, "boss")
        lives(page, site)
        text = page.locator("#logconsole").inner_text()
        assert [word for word in words if word not in text] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("getComputedStyle(document.querySelector('#logconsole')).direction") == (
            "rtl" if language == "ar" else "ltr"
        )
        assert page.evaluate("getComputedStyle(document.querySelector('.lc-time')).direction") == "ltr"
        page.close()
