"""Processes that live and die with the one that starts them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import NamedTuple

from django.conf import settings

GRACE_SECONDS = 10.0


class Child(NamedTuple):
    """A process of ours."""

    name: str
    process: subprocess.Popen[bytes]


class Children:
    """Some processes, each in a session of its own: Ctrl-C reaches only us, and we stop them in order."""

    def __init__(self) -> None:
        self._children: list[Child] = []

    def start(self, name: str, *arguments: str, **environment: str) -> None:
        """Run a Python module, held by a pipe: it ends with us even if we are killed."""
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and modules
            [sys.executable, "-m", "project.lifeline", *arguments],
            cwd=settings.BASE_DIR,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._children.append(Child(name, process))

    def ended(self) -> Child | None:
        """One that has ended, if any has."""
        return next((child for child in self._children if child.process.poll() is not None), None)

    def stop(self) -> None:
        """End all of them, last started first; who does not listen is killed."""
        deadline = time.monotonic() + GRACE_SECONDS
        for child in reversed(self._children):
            child.process.terminate()
        for child in self._children:
            _wait(child.process, deadline - time.monotonic())


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(max(seconds, 0))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin:
        process.stdin.close()
