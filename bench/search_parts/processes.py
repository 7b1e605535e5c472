"""The processes that are asked, and what they told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Took:
    """One answer."""

    seconds: float
    hits: int
    mark: str = ""
    """The same for the same lines; empty where they were too many to compare."""
    note: str = ""
    peak: int = 0
    """Bytes."""
    grown: int = 0
    """Bytes, over what the process had before."""


class Process:
    """One of `bench/search_parts/` that serves."""

    def __init__(self, script: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, f"bench/search_parts/{script}.py", *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdin=-1, stdout=-1, stderr=-1)
        assert self.process.stdout is not None
        self.end = ""
        """What it said last."""
        self.is_there = self.process.stdout.readline() == "ready\n"

    def ask(self, *asked: Any) -> Took:
        """Wait for the answer. Raises `RuntimeError` with what the process said last where there is none."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        if self.end:
            raise RuntimeError(self.end)
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        told = self.process.stdout.readline()
        if not told:
            self.end = self.said() or "it ended"
            raise RuntimeError(self.end)
        return Took(**json.loads(told))

    def said(self) -> str:
        """The last line on stderr of a process that has ended."""
        return self.process.communicate()[1].strip().rpartition("\n")[2]


@contextmanager
def started(script: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Iterator[Process]:
    """A process for as long as it is asked."""
    process = Process(script, *arguments, environment=environment)
    try:
        yield process
    finally:
        process.process.kill()
        process.process.communicate()
