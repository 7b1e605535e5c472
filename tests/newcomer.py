"""A project as a newcomer has it: made by Django's own command, changed by what the README says, run by itself."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import connect

ROOT = Path(__file__).resolve().parent.parent
PAGE = "/admin/logconsole/console/"
NAME = PASSWORD = "newcomer"
EMAIL = "newcomer@example.org"
SERVERS = {
    "runserver": ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
    "daphne": ["-m", "daphne", "-b", "127.0.0.1", "-p", "{port}", "{name}.asgi:application"],
    "gunicorn": ["-m", "gunicorn", "--bind", "127.0.0.1:{port}", "{name}.wsgi:application"],
}


def readme_blocks() -> list[str]:
    """What the README has a newcomer write into `settings.py` and `asgi.py`, as it stands there."""
    steps = (ROOT / "README.md").read_text("utf-8").partition("## Add it to your project")[2].partition("\n## ")[0]
    return re.findall(r"```python\n(.*?)```", steps, re.DOTALL)


@dataclass(frozen=True)
class Newcomer:
    """A project in a directory, and the Python that runs it."""

    directory: Path
    name: str = "mysite"
    python: str = sys.executable
    path: str = str(ROOT)
    """Where the package is, for a Python that has not installed it."""
    module: str = ""
    """The settings, where they are not in `settings.py`."""

    def start(self) -> Newcomer:
        """Make the project."""
        self.run("-m", "django", "startproject", self.name, ".")
        return self

    def follow_readme(self) -> Newcomer:
        """Append what the README says to the settings and to `asgi.py`."""
        settings, asgi = readme_blocks()
        self.append(self.settings, settings.replace("mysite", self.name))
        self.append(self.directory / self.name / "asgi.py", asgi)
        return self

    def settle(self) -> Newcomer:
        """Make the tables and a user who may do everything."""
        self.manage("migrate", "--verbosity", "0")
        self.manage("createsuperuser", "--noinput", "--username", NAME, "--email", EMAIL)
        return self

    @property
    def settings(self) -> Path:
        """The settings module."""
        return self.directory / self.name / "settings.py"

    def append(self, path: Path, text: str) -> None:
        """Write something at the end of a file."""
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{text}")

    def manage(self, *arguments: str) -> str:
        """What a management command writes to stdout."""
        return self.run("manage.py", *arguments)

    def run(self, *arguments: str) -> str:
        """Python, in the directory, to its end; what it wrote to stdout."""
        command = [self.python, *arguments]
        done = subprocess.run(command, cwd=self.directory, env=self.environment(), capture_output=True, text=True)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def environment(self) -> dict[str, str]:
        """Nothing of this suite's settings."""
        kept = {key: value for key, value in os.environ.items() if key not in ("DJANGO_SETTINGS_MODULE", "PYTHONPATH")}
        path = {"PYTHONPATH": self.path} if self.path else {}
        settings = {"DJANGO_SETTINGS_MODULE": self.module or f"{self.name}.settings"}
        return {**kept, **path, **settings, "DJANGO_SUPERUSER_PASSWORD": PASSWORD}

    @contextmanager
    def serving(self, server: str) -> Iterator[str]:
        """The project under one of the servers, at this address."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        arguments = [part.format(port=port, name=self.name) for part in SERVERS[server]]
        process = subprocess.Popen(
            [self.python, *arguments],
            cwd=self.directory,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with httpx.Client(transport=httpx.HTTPTransport(retries=8), timeout=20) as client:  # until it listens
                client.get(f"http://127.0.0.1:{port}/admin/login/")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def sign_in(client: httpx.Client, path: str = PAGE, name: str = NAME) -> httpx.Response:
    """Open a page through the login form of the admin."""
    form = client.get(path)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
    assert token, form.text
    values = {"csrfmiddlewaretoken": token[1], "username": name, "password": PASSWORD, "next": path}
    answer = client.post(str(form.url), data=values)
    assert answer.status_code == 200
    return answer


def first_batch(client: httpx.Client, url: str, query: str, page: str = PAGE) -> dict[str, Any]:
    """What the socket of the page brings first."""
    ticket = client.get(f"{page}ticket/").json()["ticket"]
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    address = url.replace("http", "ws", 1) + f"{page}ws/"
    with connect(address, origin=url, additional_headers={"Cookie": cookies}) as live:  # type: ignore[arg-type]
        live.send(json.dumps({"type": "subscribe", "id": 1, "ticket": ticket, "q": query, "after": None}))
        batch: dict[str, Any] = json.loads(live.recv(timeout=15))
    assert batch["type"] == "batch"
    return batch


def assert_has_a_live_log(project: Newcomer, server: str, login: str = NAME) -> None:
    """The page opens for staff, has its static files, and the socket brings what the site logs."""
    with project.serving(server) as url, httpx.Client(base_url=url, follow_redirects=True, timeout=20) as client:
        assert "logconsole-config" in sign_in(client, name=login).text
        assert client.get("/static/logconsole/console.css").status_code == 200
        assert client.get("/no-such-page/").status_code == 404
        messages = [entry["msg"] for entry in first_batch(client, url, "no-such-page")["entries"]]
    assert any(message.startswith("GET /no-such-page/ 404") for message in messages)
