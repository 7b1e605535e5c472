"""Texts that act where they are shown, on the page, in Chromium."""

from __future__ import annotations

import unicodedata

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.hostiletexts import MARK, TEXTS, entry

ELEMENTS = "[...new Set([...document.querySelectorAll('#logconsole *, body > *')].map((one) => one.localName))]"
ACTS = r"""[...document.querySelectorAll('#logconsole *')].filter((one) => [...one.attributes].some(
    ({name, value}) => name.startsWith('on') || (/^(href|src|action|formaction|data|style)$/.test(name)
        && /javascript:|expression|url\(/i.test(value)))).length"""
IS_WITHIN = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
TURNS = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}


@pytest.fixture
def trouble(page: Page) -> list[str]:
    """What goes wrong in the browser."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("dialog", lambda dialog: found.append(dialog.message))
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("request", lambda sent: found.append(sent.url) if "evil.example" in sent.url else None)
    return found


def acting(text: str) -> set[str]:
    """The characters of it that would act."""
    found = {one for one in text if unicodedata.category(one) in ("Cc", "Zl", "Zp") and one not in "\n\t"}
    return found | {one for one in text if unicodedata.bidirectional(one) in TURNS}


def opened(page: Page, number: int) -> None:
    """Find the entry, and open it."""
    page.fill("#lc-search", f"hostile pid:{number}")
    row = page.locator(".lc-row", has_text=f"hostile {number}:")
    expect(row).to_have_count(1)
    expect(page.locator(".lc-row:visible", has_text="hostile")).to_have_count(1)
    row.click()
    expect(page.locator(".lc-detail")).to_have_count(1)


@pytest.mark.timeout(200)  # many pages of text
def test_hostile_texts_are_only_text(page: Page, site: Site, trouble: list[str]) -> None:
    """In every place of an entry, closed and open: nothing runs, nothing is added, nothing moves the page."""
    store = site.store()
    for number, name in enumerate(["empty", *TEXTS], 100):
        store.append(entry(name, number))
    store.close()
    opened(page, 100)
    usual = set(page.evaluate(ELEMENTS))
    wrong: dict[str, object] = {}
    for number, name in enumerate(TEXTS, 101):
        opened(page, number)
        found = {
            "acting": acting(page.locator("#logconsole").inner_text()),
            "added": set(page.evaluate(ELEMENTS)) - usual - {"mark"},
            "attributes": page.evaluate(ACTS),
            "ran": page.evaluate(f"window.{MARK} || Object.prototype.polluted || null"),
            "too wide": not page.evaluate(IS_WITHIN),
            "trouble": trouble[:],
        }
        trouble.clear()
        wrong |= {f"{name}: {what}": value for what, value in found.items() if value}
    assert "\n".join(f"{what}: {value}" for what, value in wrong.items()) == ""


def test_the_socket_has_no_query(page: Page, site: Site) -> None:
    """Neither ticket nor search stand in an address: those are kept by proxies and told to other sites."""
    addresses: list[str] = []
    page.on("websocket", lambda socket: addresses.append(socket.url))
    page.reload()
    page.wait_for_selector('#lc-status[data-state="live"]')
    page.fill("#lc-search", "something")
    page.wait_for_selector('#lc-status[data-state="live"]')
    assert addresses == [site.page.replace("http", "ws", 1) + "ws/"]
