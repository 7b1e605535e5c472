"""The demo site under a real daphne, on a free port, with data of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
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


class Site:
    """A running site; `stop` and `start` keep its port and its data."""

    def __init__(self, directory: Path) -> None:
        self.log_dir = directory / "logs"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "project.settings",
            "VAR_DIR": str(directory),
            "LOG_DIR": str(self.log_dir),
            "CONSOLE_LEVEL": "INFO",
        }
        self.port = 0
        self.manage("migrate", "--verbosity", "0")
        self.manage("shell", "--verbosity", "0", "-c", USERS)
        self.start()

    def manage(self, *arguments: str) -> str:
        """Run a management command to its end; what it wrote to stdout."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True)
        return done.stdout

    def start(self) -> None:
        """Start daphne and wait until it listens."""
        endpoint = f"tcp:port={self.port}:interface=127.0.0.1"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "daphne", "-e", endpoint, "project.asgi:application"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        ports: Queue[int] = Queue()
        self.printed: list[str] = []
        self.reader = threading.Thread(target=self._read, args=(ports,), daemon=True)
        self.reader.start()
        self.port = ports.get(timeout=20)

    def stop(self) -> None:
        """Stop daphne as a supervisor would."""
        self.process.terminate()
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
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            for line in lines:
                self.printed.append(line)
                if found := re.search(r"Listening on TCP address 127\.0\.0\.1:(\d+)", line):
                    ports.put(int(found[1]))
