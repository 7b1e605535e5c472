"""One entry for each request, whichever server it is and whatever becomes of it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from logconsole.entry import Entry
from logconsole.query import Query
from logconsole.stores.file import FileStore
from tests.e2e.site import ROOT, free_port

pytestmark = pytest.mark.timeout(120)  # the first starts the site
SITE = "tests.live.counted_servers"
SERVERS = {
    "daphne": ["-m", "daphne", "-b", "127.0.0.1", "-p", "{port}", f"{SITE}:asgi"],
    "uvicorn": ["-m", "uvicorn", "--host", "127.0.0.1", "--port", "{port}", f"{SITE}:asgi"],
    "gunicorn": ["-m", "gunicorn", "-b", "127.0.0.1:{port}", "--access-logfile", "-", f"{SITE}:wsgi"],
    "runserver": ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
    "runserver of Django": ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
}
WITHOUT = {"runserver of Django": "daphne"}


class Counted:
    """The small site on one of the servers."""

    def __init__(self, directory: Path, server: str) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.store = FileStore(directory / "logs")
        with (directory / "printed").open("wb") as printed:
            self.process = subprocess.Popen(
                [sys.executable, *(part.format(port=port) for part in SERVERS[server])],
                cwd=ROOT,
                env={
                    **os.environ,
                    "DJANGO_SETTINGS_MODULE": "tests.live.counted",
                    "SITE_DIRECTORY": str(directory),
                    "WITHOUT": WITHOUT.get(server, ""),
                },
                stdout=printed,
                stderr=printed,
            )
        self.client = httpx.Client(base_url=self.url, transport=httpx.HTTPTransport(retries=8), timeout=60)
        try:
            self.client.get("/status/204/")  # once it listens
        except httpx.HTTPError:
            self.stop()
            raise

    def stop(self) -> None:
        """It is over."""
        self.client.close()
        self.process.terminate()
        self.process.wait(20)

    async def entry_of(self, request: str) -> Entry:
        """The entry of the middleware about that request, once there is one."""
        async for batch in self.store.follow(Query(), ""):
            for entry in batch.entries:
                if entry.logger == "logconsole.access" and entry.request_id == request:
                    return entry
        raise AssertionError

    async def is_through(self) -> None:
        """Whatever was logged of earlier requests is kept."""
        identity = os.urandom(8).hex()
        await asyncio.to_thread(self.client.get, "/status/204/", headers={"X-Request-ID": identity})
        await self.entry_of(identity)

    def about(self, text: str) -> list[Entry]:
        """All that was kept and has this in it."""
        return list(self.store.scan(Query.parse(text)))


@pytest.fixture(scope="module", params=SERVERS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    """Each server in turn."""
    made = Counted(tmp_path_factory.mktemp("counted"), request.param)
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("method", "path", "status", "level", "size"),
    [
        ("GET", "/ok/{}/?token=secret", 200, "INFO", 4),
        ("POST", "/ok/{}/", 200, "INFO", 4),
        ("HEAD", "/ok/{}/", 200, "INFO", None),
        ("GET", "/ok/{}", 301, "INFO", 0),
        ("GET", "/nowhere/{}/", 404, "WARNING", ...),
        ("GET", "/status/302/?{}", 302, "INFO", 0),
        ("GET", "/status/401/?{}", 401, "WARNING", 0),
        ("GET", "/failing/?{}", 500, "ERROR", ...),
        ("GET", "/streaming/3/?{}", 200, "INFO", 3 * 4096),
    ],
)
async def test_a_request_is_one_entry(
    site: Counted, method: str, path: str, status: int, level: str, size: Any
) -> None:
    """What the server and Django say about it stays out; of an error they have the traceback."""
    identity = os.urandom(8).hex()
    number = int(identity[:8], 16)
    asked = path.format(number)
    answer = await asyncio.to_thread(site.client.request, method, asked, headers={"X-Request-ID": identity})
    assert (answer.status_code, answer.headers["X-Request-ID"]) == (status, identity)
    entry = await site.entry_of(identity)
    extra = entry.extra or {}
    assert (entry.level, extra["status"]) == (level, status)
    assert (extra["method"], extra["path"]) == (method, asked.split("?")[0])
    assert size is ... or extra.get("bytes") == size
    assert "aborted" not in extra
    await site.is_through()
    loggers = Counter(made.logger for made in site.about(f"request_id:{identity} OR {number}"))
    for name in ("logconsole.stdout", "logconsole.stderr"):  # what the view prints
        assert loggers.pop(name, 0) == (asked.startswith("/ok") and status == 200)
    assert loggers.pop("django.request", 0) == (status == 500)
    loggers.pop("gunicorn.http.wsgi", 0)  # that Django gives a body to HEAD; said once
    assert loggers == {"logconsole.access": 1}


async def test_what_a_view_prints_is_one_entry(site: Counted) -> None:
    """And belongs to the request."""
    identity = os.urandom(8).hex()
    await asyncio.to_thread(site.client.get, f"/ok/{int(identity, 16) % 10**9}/", headers={"X-Request-ID": identity})
    await site.entry_of(identity)
    path = f"/ok/{int(identity, 16) % 10**9}/"
    found = [(made.logger, made.msg) for made in site.about(f"request_id:{identity}")]
    assert found[:2] == [("logconsole.stdout", f"printed at {path}"), ("logconsole.stderr", f"written at {path}")]
    assert len(found) == 3


async def test_a_client_that_leaves_is_an_aborted_entry(site: Counted) -> None:
    """With what was sent until then."""
    identity = os.urandom(8).hex()
    with httpx.stream("GET", f"{site.url}/streaming/1000000/", headers={"X-Request-ID": identity}) as answer:
        next(answer.iter_raw())
    entry = await site.entry_of(identity)
    extra = entry.extra or {}
    assert (extra["status"], extra["aborted"]) == (200, True)
    assert 0 < extra["bytes"] < 1000000 * 4096
    assert entry.msg.endswith("ms aborted")
