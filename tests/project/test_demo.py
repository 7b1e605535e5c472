"""`manage.py demo` starts all of it, and leaves nothing behind however it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.core.management import CommandError, call_command

from logconsole.query import Query
from logconsole.stores.file import FileStore

ROOT = Path(__file__).parents[2]
LAST_LINE = "Ctrl-C stops everything."

pytestmark = [
    pytest.mark.timeout(90),
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are looked up in /proc"),
]


class Demo:
    """A running demo with its own database and log."""

    def __init__(self, directory: Path) -> None:
        self.log_dir = directory / "logs"
        self.url = f"http://127.0.0.1:{_free_port()}"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "LOG_DIR": str(self.log_dir),
            "PORT": self.url.rpartition(":")[2],
            "VAR_DIR": str(directory),
        }
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout
        self.output = self.process.stdout
        self.welcome = ""
        self.children: list[int] = []

    def wait_for_welcome(self) -> None:
        """Read what it says when it is up, and note who its children are."""
        self.welcome = "".join(iter(self._line, f"{LAST_LINE}\n"))
        pid = self.process.pid
        self.children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def _line(self) -> str:
        return self.output.readline() or pytest.fail("the demo ended before it said where it is")

    def rest(self) -> str:
        """What it says from now on, until the last of its processes has let go of the output."""
        return self.output.read()

    def running(self) -> list[int]:
        """Those of its children that are still there."""
        return [child for child in self.children if Path(f"/proc/{child}").exists()]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(tmp_path)
    try:
        demo.wait_for_welcome()
        yield demo
    finally:
        demo.process.kill()
        demo.process.wait()
        demo.output.close()


def test_demo_shows_both_services_and_stops_on_interrupt(demo: Demo) -> None:
    """It says where to look and as whom; site and worker log side by side; Ctrl-C ends it with 0."""
    assert f"{demo.url}/admin/logconsole/console/" in demo.welcome
    assert "demo, password demo" in demo.welcome
    assert httpx.get(demo.url, trust_env=False).status_code == 200
    assert len(demo.children) == 3
    for service in ("web", "worker"):
        assert asyncio.run(_first_of(service, demo.log_dir)) == service

    demo.process.send_signal(signal.SIGINT)

    assert demo.rest() == "\nStopped.\n"
    assert (demo.process.wait(), demo.running()) == (0, [])


def test_demo_says_which_child_ended_and_stops(demo: Demo) -> None:
    """A demo that is not whole any more is no demo."""
    os.kill(demo.children[1], signal.SIGKILL)

    assert "The worker ended by itself with -9" in demo.rest()
    assert (demo.process.wait(), demo.running()) == (1, [])


def test_children_end_with_a_demo_that_is_killed(demo: Demo) -> None:
    """Nobody can catch SIGKILL, and still no server is left on the port."""
    demo.process.kill()

    assert "Traceback" not in demo.rest()  # read to the end: no child holds the output any more


def test_port_in_use_is_told_in_plain_words() -> None:
    """The commonest mistake gets an answer that helps."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=rf"Port {port} cannot be used: .*PORT=8001 make run"):
            call_command("demo", port=port)


async def _first_of(service: str, directory: Path) -> str:
    store = FileStore(directory=directory)
    batches = store.follow(Query.parse(f"service:{service}"), None)
    while not (entries := (await asyncio.wait_for(anext(batches), 30)).entries):
        pass
    return entries[0].service


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
