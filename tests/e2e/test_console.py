"""The main path: what a site logs is seen live, searched, filtered, downloaded, and refused to others."""

from __future__ import annotations

import contextlib
import json
import shutil
import urllib.error
import urllib.request
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from logconsole.entry import Entry
from tests.e2e.conftest import sign_in
from tests.e2e.site import Site
from tests.records import record

SOCKET = """async ([url, first]) => await new Promise((resolve) => {
    const socket = new WebSocket(url)
    socket.onopen = () => first && socket.send(JSON.stringify(first))
    socket.onmessage = (event) => resolve(event.data)
    socket.onclose = (event) => resolve(event.code)
})"""


def visit(site: Site, path: str) -> int:
    """Request a page of the site as a visitor; the status."""
    with contextlib.suppress(urllib.error.HTTPError), urllib.request.urlopen(site.url + path) as answer:  # noqa: S310
        return int(answer.status)
    return 404


def entry(message: str, service: str = "worker", **values: object) -> Entry:
    """What another process of the host logs."""
    return Entry.from_record(record("%s", message, **values), service=service)


def test_request_appears_live_and_is_found_filtered_and_downloaded(site: Site, page: Page) -> None:
    """A path that does not exist shows up without a reload; search, level and download hold to it."""
    unique = f"/no-such-page-{uuid4().hex}/"
    assert visit(site, unique) == 404
    row = page.locator(".lc-row", has_text=unique).first
    expect(row).to_be_visible()
    visit(site, "/")
    expect(page.locator(".lc-row", has_text="GET / 200").first).to_be_visible()

    page.fill("#lc-search", unique.strip("/"))
    expect(page.locator(".lc-row", has_text="GET / 200")).to_have_count(0)
    expect(row).to_be_visible()
    assert all(unique in text for text in page.locator(".lc-row").all_inner_texts())

    with page.expect_download() as download:
        page.click("#lc-download")
        page.click('a[href*="format=jsonl"]')
    lines = download.value.path().read_text().splitlines()
    assert download.value.suggested_filename.endswith(".jsonl")
    assert lines and all(unique in json.loads(line)["msg"] for line in lines)

    page.click('button.lc-level[data-level="WARNING"]')
    expect(row).to_be_hidden()
    page.click('button.lc-level[data-level="WARNING"]')
    expect(row).to_be_visible()


def test_entries_of_another_process_arrive_live(site: Site, page: Page) -> None:
    """The page shows what a worker logs, and the service filter selects it."""
    store = site.store()
    unique = uuid4().hex
    for number in range(3):
        store.append(entry(f"job {number} {unique}"))
    store.close()
    expect(page.locator(".lc-row", has_text=unique)).to_have_count(3)
    page.fill("#lc-search", f"service:web {unique}")
    expect(page.locator(".lc-row", has_text=unique)).to_have_count(0)
    page.fill("#lc-search", f"service:worker {unique}")
    expect(page.locator(".lc-row", has_text=unique)).to_have_count(3)


def test_hostile_text_is_text(site: Site, page: Page) -> None:
    """Markup in a message is shown, not run; terminal escapes are made visible."""
    unique = uuid4().hex
    store = site.store()
    store.append(
        entry(
            f"<script>document.title='owned'</script> \x1b[31mred {unique} </script><img src=x onerror=alert(1)>",
            evil="<b>bold</b>",
            exc_text=f"Traceback\n<i>{unique}</i>",
        )
    )
    store.close()
    row = page.locator(".lc-row", has_text=unique).first
    expect(row).to_be_visible()
    expect(row).to_contain_text("<script>document.title='owned'</script>")
    assert "\x1b" not in row.inner_text()
    row.click()
    detail = page.locator(".lc-detail").first
    expect(detail).to_contain_text("<b>bold</b>")
    expect(detail).to_contain_text(f"<i>{unique}</i>")
    assert page.locator("#logconsole .lc-row script, #logconsole .lc-row img, .lc-detail i").count() == 0
    assert "owned" not in page.title()


def test_open_page_survives_a_restart_of_the_server(site: Site, page: Page) -> None:
    """While the server is away the page says so; then it shows what was logged meanwhile, once, and the history."""
    before, meanwhile = f"before {uuid4().hex}", f"meanwhile {uuid4().hex}"
    store = site.store()
    store.append(entry(before))
    expect(page.locator(".lc-row", has_text=before)).to_have_count(1)
    site.stop()
    expect(page.locator("#lc-status")).to_have_attribute("data-state", "reconnecting")
    store.append(entry(meanwhile))
    store.close()
    site.start()
    expect(page.locator("#lc-status")).to_have_attribute("data-state", "live", timeout=40_000)
    expect(page.locator(".lc-row", has_text=meanwhile)).to_have_count(1)
    expect(page.locator(".lc-row", has_text=before)).to_have_count(1)


def test_trouble_of_the_store_is_shown_until_it_is_over(site: Site, page: Page) -> None:
    """While the directory cannot be written the page says so; then it shows what was held meanwhile."""
    expect(page.locator("#lc-banner")).to_be_hidden()
    shutil.rmtree(site.log_dir)
    site.log_dir.write_text("in the way")
    held = f"/held-{uuid4().hex}/"
    visit(site, held)
    expect(page.locator("#lc-banner")).to_contain_text("could not be written since")
    site.log_dir.unlink()
    visit(site, f"/after-{uuid4().hex}/")
    expect(page.locator(".lc-row", has_text=held).first).to_be_visible()
    expect(page.locator("#lc-banner")).to_be_hidden()


@pytest.mark.parametrize(("name", "status", "code"), [(None, 401, 4401), ("guest", 403, 4403)])
def test_who_may_not_look_is_refused_everywhere(
    site: Site, browser: Browser, name: str | None, status: int, code: int
) -> None:
    """Anonymous visitors and users who are not staff get neither page, entries, download nor socket."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.url}/")
    if name:
        sign_in_elsewhere(page, site, name)
    answer = page.request.get(site.page, max_redirects=0)
    assert (answer.status, "/login/" in answer.headers.get("location", "")) in [(302, True), (403, False)]
    for path in ("entries/", "timeline/", "download/?format=text", "ticket/"):
        assert page.request.get(site.page + path, max_redirects=0).status == status
    socket = site.page.replace("http://", "ws://") + "ws/"
    assert page.evaluate(SOCKET, [socket, {"type": "subscribe", "id": 1, "ticket": "x"}]) == code
    context.close()


def test_socket_of_another_origin_is_refused(site: Site, page: Page) -> None:
    """A page of another site cannot open the socket with the user's cookies."""
    other = page.context.new_page()
    other.goto(site.url.replace("127.0.0.1", "localhost"))
    socket = site.page.replace("http://", "ws://") + "ws/"
    assert other.evaluate(SOCKET, [socket, None]) == 1006


def sign_in_elsewhere(page: Page, site: Site, name: str) -> None:
    """Give the browser the session of a user who may not enter the admin."""
    session = site.manage(
        "shell",
        "--verbosity",
        "0",
        "-c",
        "from django.contrib.auth.models import User\n"
        "from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY\n"
        "from django.contrib.sessions.backends.db import SessionStore\n"
        f"user = User.objects.get(username={name!r})\n"
        "session = SessionStore()\n"
        "session[SESSION_KEY] = str(user.pk)\n"
        "session[BACKEND_SESSION_KEY] = 'django.contrib.auth.backends.ModelBackend'\n"
        "session[HASH_SESSION_KEY] = user.get_session_auth_hash()\n"
        "session.create()\n"
        "print(session.session_key)",
    )
    page.context.add_cookies([{"name": "sessionid", "value": session.split()[-1], "url": site.url}])


def test_staff_without_any_permission_may_look(site: Site, browser: Browser) -> None:
    """By default every active staff user whom the admin lets in sees the log."""
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, site, "clerk")
    expect(page.locator("#lc-status")).to_have_attribute("data-state", "live")
    context.close()
