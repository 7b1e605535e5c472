"""The commands on a Redis store: nothing is special about it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from logconsole.stores.redis import RedisStore
from tests.management.processes import ROOT
from tests.records import entry
from tests.redisserver import RedisServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """With 30 entries, on disk too."""
    made = RedisServer(tmp_path / "redis", durable=True).start()
    fill(made, range(30))
    yield made
    made.kill()


def fill(server: RedisServer, numbers: range) -> None:
    """As another host does."""
    store = RedisStore(server.url)
    for number in numbers:
        store.append(entry(f"entry {number}"))
    store.close()


def command(server: RedisServer, *arguments: str) -> subprocess.Popen[str]:
    """`manage.py` with these arguments."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.management.redissettings", "REDIS_URL": server.url}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, **pipes)


def test_export_has_every_entry(server: RedisServer) -> None:
    """Oldest first, with a summary; the store is found by itself, as it sees further than this process."""
    with command(server, "export_logs", "--query", "entry") as process:
        out, err = process.communicate(timeout=25)
    assert [json.loads(line)["msg"] for line in out.splitlines()] == [f"entry {number}" for number in range(30)]
    assert (process.returncode, err.splitlines()[-1].split(",")[0]) == (0, "30 entries")


def test_tail_follows_over_a_restart(server: RedisServer) -> None:
    """The last entries, then every new one, although Redis was away meanwhile."""
    with command(server, "tail_logs", "--store", "redis", "-n", "5") as process:
        assert process.stdout is not None
        seen = [process.stdout.readline().rpartition(": ")[2] for _ in range(5)]
        server.kill()
        server.start()
        fill(server, range(30, 50))
        seen += [process.stdout.readline().rpartition(": ")[2] for _ in range(20)]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert seen == [f"entry {number}\n" for number in range(25, 50)]


@pytest.mark.parametrize("arguments", [("export_logs",), ("tail_logs", "--no-follow")])
def test_unreachable_server_is_an_error(server: RedisServer, arguments: tuple[str, ...]) -> None:
    """Not an empty answer."""
    server.kill()
    with command(server, *arguments) as process:
        out, err = process.communicate(timeout=25)
    assert (process.returncode, out) == (1, "")
    assert err.startswith("CommandError: Redis cannot be read: ") and "refused" in err
