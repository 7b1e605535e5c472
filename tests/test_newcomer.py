"""What the README tells a newcomer to do works as it stands there."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parent.parent
NAME = PASSWORD = "newcomer"
SERVERS = {
    "runserver": ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
    "daphne": ["-m", "daphne", "-b", "127.0.0.1", "-p", "{port}", "mysite.asgi:application"],
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project, changed by the blocks of the README only."""
    tmp_path = tmp_path_factory.mktemp("newcomer")
    run(tmp_path, "-m", "django", "startproject", "mysite", ".")
    steps = (ROOT / "README.md").read_text().partition("## Add it to your project")[2].partition("\n## ")[0]
    settings, asgi = re.findall(r"```python\n(.*?)```", steps, re.DOTALL)
    for name, block in (("settings", settings), ("asgi", asgi)):
        with (tmp_path / "mysite" / f"{name}.py").open("a") as file:
            file.write(block)
    run(tmp_path, "manage.py", "migrate", "--verbosity", "0")
    run(tmp_path, "manage.py", "createsuperuser", "--noinput", "--username", NAME, "--email", "n@example.org")
    return tmp_path


@pytest.mark.parametrize("server", SERVERS)
def test_new_project_with_the_steps_of_the_readme_has_a_live_log(project: Path, server: str) -> None:
    """The checks are silent, the page opens for staff, and the socket brings what the site logs."""
    assert "no issues" in run(project, "manage.py", "check", "--fail-level", "WARNING")
    with running(project, server) as url, httpx.Client(base_url=url, follow_redirects=True) as client:
        page = sign_in(client, "/admin/logconsole/console/")
        assert "logconsole-config" in page.text
        assert client.get("/static/logconsole/console.css").status_code == 200
        assert client.get("/no-such-page/").status_code == 404
        messages = [entry["msg"] for entry in first_batch(client, url)["entries"]]
        assert any(message.startswith("GET /no-such-page/ 404") for message in messages)
    tail = run(project, "manage.py", "tail_logs", "--no-follow", "--query", "no-such-page")
    assert "GET /no-such-page/ 404" in tail
    assert (project / "logs" / "current.jsonl").exists()


def run(directory: Path, *arguments: str) -> str:
    """Python, in the directory, to its end; what it wrote to stdout."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=directory, env=environment(), check=True, capture_output=True, text=True
    )
    return done.stdout


def environment() -> dict[str, str]:
    """As if the package were installed, and nothing of this suite's settings."""
    kept = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    return {**kept, "PYTHONPATH": str(ROOT), "DJANGO_SUPERUSER_PASSWORD": PASSWORD}


@contextmanager
def running(directory: Path, server: str) -> Iterator[str]:
    """The project under one of the servers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [part.format(port=port) for part in SERVERS[server]]
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=directory,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:  # until it listens
            client.get(f"http://127.0.0.1:{port}/admin/login/")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def sign_in(client: httpx.Client, path: str) -> httpx.Response:
    """Open a page through the login form of the admin."""
    form = client.get(path)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
    assert token
    values = {"csrfmiddlewaretoken": token[1], "username": NAME, "password": PASSWORD, "next": path}
    answer = client.post(str(form.url), data=values)
    assert answer.status_code == 200
    return answer


def first_batch(client: httpx.Client, url: str) -> dict[str, Any]:
    """What the socket of the page brings first."""
    page = "/admin/logconsole/console/"
    ticket = client.get(f"{page}ticket/").json()["ticket"]
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    with connect(
        url.replace("http", "ws", 1) + f"{page}ws/", origin=url, additional_headers={"Cookie": cookies}
    ) as live:  # type: ignore[arg-type]
        live.send(json.dumps({"type": "subscribe", "id": 1, "ticket": ticket, "q": "no-such-page", "after": None}))
        batch: dict[str, Any] = json.loads(live.recv(timeout=15))
    assert batch["type"] == "batch"
    return batch
