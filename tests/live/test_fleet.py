"""Two hosts that share nothing but Redis: a console on each shows what both log."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.chromium import chromium
from tests.e2e.conftest import search
from tests.e2e.conftest import sign_in as sign_in_page
from tests.e2e.site import Site
from tests.live.viewer import Viewer, sign_in
from tests.redisserver import RedisServer

EACH = 400
pytestmark = pytest.mark.timeout(120)  # the first starts two hosts


class Host(Site):
    """A site in a name space of its own, where the host has another name."""

    def __init__(self, directory: Path, name: str, url: str) -> None:
        self.host = name
        super().__init__(directory, "daphne", module="tests.live", REDIS_URL=url)


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One server; what was written is there when it is started again."""
    server = RedisServer(tmp_path_factory.mktemp("redis"), durable=True).start()
    yield server
    server.kill()


@pytest.fixture(autouse=True)
def _left_running(redis_server: RedisServer) -> Iterator[None]:
    """Whatever becomes of a test that kills or stops it."""
    yield
    if redis_server.process is None:
        redis_server.start()
    else:
        redis_server.process.send_signal(signal.SIGCONT)


@pytest.fixture(scope="module")
def hosts(redis_server: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Host]]:
    """Two, each with a directory, a database and a daphne of its own."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "--uts", "true"], check=False).returncode:
        pytest.skip("a process may not have a host name of its own here")
    with ExitStack() as stack:
        made = []
        for name in ("north", "south"):
            made.append(Host(tmp_path_factory.mktemp(name), name, redis_server.url))
            stack.callback(made[-1].stop)
        yield made


def log_on(hosts: list[Host], text: str) -> None:
    """Both hosts log at the same time."""
    with ThreadPoolExecutor() as pool:
        asked = [
            pool.submit(
                httpx.get, f"{host.url}/log/", params={"text": f"{text} {host.host}", "count": EACH}, timeout=60
            )
            for host in hosts
        ]
        assert [one.result().status_code for one in asked] == [200, 200]


def in_order(hosts: list[Host], text: str, texts: list[str]) -> None:
    """Everything of both is there once, in the order of each."""
    for host in hosts:
        begin = f"{text} {host.host} "
        assert [one for one in texts if one.startswith(begin)] == [f"{begin}{number}" for number in range(EACH)]
    assert len(texts) == EACH * len(hosts)


async def test_both_hosts_are_seen_on_each(hosts: list[Host]) -> None:
    """By a socket on each, live, at the same time."""
    text = uuid4().hex
    async with AsyncExitStack() as stack:
        viewers = []
        for host in hosts:
            viewers.append(await stack.enter_async_context(Viewer(host, stack.enter_context(sign_in(host)))))
            await viewers[-1].subscribe(q=text, store="redis")
            await viewers[-1].live()
        log_on(hosts, text)
        for viewer in viewers:
            await viewer.has(EACH * 2)
            in_order(hosts, text, viewer.texts)
            assert viewer.missed == 0


async def test_restart_of_redis_is_waited_for(hosts: list[Host], redis_server: RedisServer) -> None:
    """Killed while both log, and started again: what was logged meanwhile comes then, by the socket that was open."""
    text = uuid4().hex
    with sign_in(hosts[0]) as visitor:
        async with Viewer(hosts[0], visitor) as viewer:
            await viewer.subscribe(q=text, store="redis")
            await viewer.live()
            redis_server.kill()
            log_on(hosts, text)
            message = await viewer.next()
            while "cannot be read" not in message.get("trouble", ""):
                message = await viewer.next()
            redis_server.start()
            await viewer.has(EACH * 2)
            in_order(hosts, text, viewer.texts)


def test_host_that_is_told_to_stop_while_redis_hangs_ends_and_says_so(
    hosts: list[Host], redis_server: RedisServer
) -> None:
    """By SIGTERM, as a supervisor does: it waits no longer than it may, and counts what it could not send."""
    assert redis_server.process is not None
    redis_server.process.send_signal(signal.SIGSTOP)
    try:
        httpx.get(f"{hosts[1].url}/log/", params={"text": uuid4().hex, "count": EACH}, timeout=60)
        hosts[1].stop()
        printed = "".join(hosts[1].printed)
    finally:
        redis_server.process.send_signal(signal.SIGCONT)
        hosts[1].start()
    told = re.findall(r"logconsole: Redis does not take entries: .*, ([\d,]+) are lost", printed)
    assert told and int(told[-1].replace(",", "")) >= EACH  # before, while it went on, they were held


def test_browser_on_each_host_shows_both(hosts: list[Host]) -> None:
    """Live, in the order of each; every row names its host, and host and service select."""
    text = uuid4().hex
    with chromium() as browser:
        pages = [_console(browser.new_page(viewport={"width": 1440, "height": 900}), host, text) for host in hosts]
        log_on(hosts, text)
        for page in pages:
            page.wait_for_function(f"logconsole.page.held.items.length === {EACH * 2}")
            in_order(hosts, text, page.evaluate("logconsole.page.held.items.map(({msg}) => msg)"))
            for host in hosts:
                search(page, f"{text} host:{host.host} service:web")
                rows = page.locator(".lc-row", has_text=f"web@{host.host}")
                expect(rows.filter(has_text=f"{text} {host.host} {EACH - 1}")).to_be_visible()
                others = page.locator(".lc-row:visible").filter(has_not_text=f"web@{host.host}")
                expect(others).to_have_count(0)


def _console(page: Page, host: Host, text: str) -> Page:
    page.set_default_timeout(60_000)
    sign_in_page(page, host, "boss")
    page.wait_for_selector('#lc-status[data-state="live"]')
    search(page, text)
    return page


def test_page_that_is_opened_while_redis_is_away_says_so_and_comes_back(
    hosts: list[Host], redis_server: RedisServer
) -> None:
    """Without being loaded again."""
    text = uuid4().hex
    with chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(60_000)
        redis_server.kill()
        sign_in_page(page, hosts[0], "boss")
        expect(page.locator("#logconsole")).to_contain_text("Redis cannot be read", timeout=60_000)
        redis_server.start()
        page.wait_for_selector('#lc-status[data-state="live"]')
        search(page, text)
        log_on(hosts, text)
        page.wait_for_function(f"logconsole.page.held.items.length === {EACH * 2}")
