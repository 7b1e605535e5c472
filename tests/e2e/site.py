"""The demo site under a real server, on a free port, with data of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

from logconsole.stores.file import FileStore

ROOT = Path(__file__).resolve().parent.parent.parent
USERS = """
from django.contrib.auth.models import User
User.objects.create_superuser("boss", password="boss")
User.objects.create_user("clerk", password="clerk", is_staff=True)
User.objects.create_user("guest", password="guest")
"""


SERVERS = {
    "daphne": ["-m", "daphne", "-e", "tcp:port={port}:interface=127.0.0.1"],
    "uvicorn": ["-m", "uvicorn", "--host", "127.0.0.1", "--port", "{port}"],
    "wsgi": ["-m", "tests.live.wsgi", "{port}"],
    "runserver": ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
}
LISTENS = re.compile(
    r"(?:Listening on TCP address |running on http://|development server at http://)127\.0\.0\.1:(\d+)"
)


class Site:
    """A running site; `stop` and `start` keep its port and its data.

    Two sites can have one directory: what the first one made there is not made again.
    """

    host: str = ""
    """The name of its host, where it is to have one of its own."""

    def __init__(
        self, directory: Path, server: str = "daphne", *options: str, module: str = "project", **environment: str
    ) -> None:
        self.log_dir = directory / "logs"
        self.server, self.options, self.module = server, options, module
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": f"{module}.settings",
            "VAR_DIR": str(directory),
            "LOG_DIR": str(self.log_dir),
            "CONSOLE_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
            **environment,
        }
        self.port = 0
        if not (directory / "demo.sqlite3").exists():
            self.manage("migrate", "--verbosity", "0")
            self.manage("shell", "--verbosity", "0", "-c", USERS)
        self.start()

    def manage(self, *arguments: str) -> str:
        """Run a management command to its end; what it wrote to stdout."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout

    def start(self) -> None:
        """Start the server and wait until it listens."""
        if not self.port and self.server == "runserver":
            self.port = free_port()
        command = [part.format(port=self.port) for part in SERVERS[self.server]]
        if self.server in ("daphne", "uvicorn"):
            command += [*self.options, f"{self.module}.asgi:application"]
        self.process = subprocess.Popen(
            [*self._before(), sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        ports: Queue[int] = Queue()
        self.printed: list[str] = []
        self.reader = threading.Thread(target=self._read, args=(ports,), daemon=True)
        self.reader.start()
        self.port = ports.get(timeout=60)

    def _before(self) -> list[str]:
        return ["unshare", "--uts", "sh", "-c", 'hostname "$0"; exec "$@"', self.host] if self.host else []

    def stop(self) -> None:
        """Stop the server as a supervisor would."""
        self.process.terminate()
        self.ended()

    def kill(self) -> None:
        """The server is gone, without any chance to say so."""
        self.process.kill()
        self.ended()

    def ended(self) -> None:
        """Wait until it has stopped."""
        self.process.wait(20)
        self.reader.join(20)

    @property
    def url(self) -> str:
        """Where the site answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def page(self) -> str:
        """The console."""
        return f"{self.url}/admin/logconsole/console/"

    def store(self) -> FileStore:
        """The directory of the site, as another process of the host opens it."""
        return FileStore(self.log_dir)

    def _read(self, ports: Queue[int]) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.printed.append(line)
                if found := LISTENS.search(line):
                    ports.put(int(found[1]))


@contextmanager
def running(
    directory: Path, server: str = "daphne", *options: str, module: str = "project", **more: str
) -> Iterator[Site]:
    """A site for as long as it is wanted."""
    site = Site(directory, server, *options, module=module, **more)
    try:
        yield site
    finally:
        site.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
