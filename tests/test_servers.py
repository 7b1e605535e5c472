"""Servers that fork and reload lose nothing of what is logged, by whichever of their processes."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from logconsole.query import Query
from logconsole.stores.file import FileStore

ROOT = Path(__file__).parents[1]
ALL = Query()
Process = subprocess.Popen[bytes]
SITE = """
from tests.management.settings import *
DEBUG = True
ROOT_URLCONF = __name__
urlpatterns = []
"""


@contextmanager
def server(
    directory: Path, *arguments: str, files: tuple[int, ...] = (), **values: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A server while it runs; it ends with the block, and so do its children."""
    environment = os.environ | {"LOGCONSOLE_DIRECTORY": str(directory), "HOME": str(directory.parent)} | values
    with (directory.parent / "output").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            pass_fds=files,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answer(port: int, path: str) -> int:
    """The process that answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        return int(connection.getresponse().read())
    finally:
        connection.close()


@pytest.mark.parametrize("preload", [True, False], ids=["preload", "each"])
def test_all_workers_of_a_prefork_server_are_heard(tmp_path: Path, preload: bool) -> None:
    """gunicorn: what was logged before the fork, by each request in each worker, and when they end."""
    store = FileStore(tmp_path / "logs")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        options = ["--workers", "3", "--bind", f"fd://{listener.fileno()}", *["--preload"] * preload]
        command = ["-m", "gunicorn", *options, "tests.prefork:application"]
        with server(tmp_path / "logs", *command, files=(listener.fileno(),)) as master:
            answered: list[int] = []
            while len(set(answered)) < 3 or len(answered) < 60:
                answered.append(answer(listener.getsockname()[1], f"/{len(answered)}"))
            master.terminate()
            assert master.wait() == 0, (tmp_path / "output").read_text()

    found = [made for made in store.scan(ALL) if made.logger == "prefork"]
    requests = {made.msg: made.extra for made in found if made.msg.startswith("request")}
    assert requests == {f"request /{number}": {"answered_by": process} for number, process in enumerate(answered)}
    loaded, ended = ({made.pid for made in found if made.msg.startswith(word)} for word in ("loaded", "end of"))
    assert loaded == ({master.pid} if preload else set(answered))
    assert ended >= set(answered)
    assert len(found) == len(requests) + len(loaded) + len(ended)
    assert store.unreadable == 0


async def test_autoreload_loses_nothing(tmp_path: Path) -> None:
    """runserver: what its old process logged until its end, and then the new one."""
    store, site = FileStore(tmp_path / "logs"), tmp_path / "site_of_test.py"
    site.write_text(SITE)
    batches = store.follow(ALL, "")
    seen: deque[tuple[str, int | None]] = deque()

    async def until(text: str) -> int | None:
        """The process that logs this next."""
        while True:
            while seen:
                message, pid = seen.popleft()
                if text in message:
                    return pid
            seen.extend((made.msg, made.pid) for made in (await anext(batches)).entries)

    path = os.pathsep.join([str(tmp_path), *sys.path])
    values = {"DJANGO_SETTINGS_MODULE": site.stem, "PYTHONPATH": path}
    with server(tmp_path / "logs", "manage.py", "runserver", "127.0.0.1:0", "--skip-checks", **values):
        first = await until("Watching for file changes")
        reloading = asyncio.ensure_future(until("changed, reloading."))
        times = iter(range(2_000_000_000, 2_000_000_030))
        while not (await asyncio.wait({reloading}, timeout=1))[0]:  # once the reloader has had its first look
            moment = next(times)
            await asyncio.to_thread(os.utime, site, (moment, moment))
        assert await reloading == first
        assert await until("Watching for file changes") != first
    await batches.aclose()
