"""Functions of the tests, run in processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PRIVATE_MOUNTS = ("unshare", "--mount"), ("unshare", "--mount", "--map-root-user")


def command(function: Callable[..., object], *arguments: object, before: Sequence[str] = ()) -> list[str]:
    """What runs a function of a module with these arguments, as text."""
    code = f"import sys; from {function.__module__} import {function.__name__} as run; run(*sys.argv[1:])"
    return [*before, sys.executable, "-c", code, *map(str, arguments)]


@contextlib.contextmanager
def started(function: Callable[..., object], *arguments: object, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """The process while it runs, with a pipe in both directions; it ends with the block, whatever happens."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(
        command(function, *arguments), cwd=ROOT, start_new_session=True, **{**pipes, **options}
    ) as process:
        try:
            yield process
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)


def ran(
    function: Callable[..., object], *arguments: object, before: Sequence[str] = (), **options: Any
) -> subprocess.CompletedProcess[str]:
    """The process once it has ended."""
    made = command(function, *arguments, before=before)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(made, cwd=ROOT, start_new_session=True, **{**pipes, **options}) as process:
        try:
            out, err = process.communicate(timeout=60)
        finally:
            with contextlib.suppress(ProcessLookupError):  # its children too, should they hang
                os.killpg(process.pid, signal.SIGKILL)
    return subprocess.CompletedProcess(made, process.returncode, out, err)


def ended_well(function: Callable[..., object], *arguments: object) -> None:
    """The process ends, and has nothing to say on stderr."""
    done = ran(function, *arguments)
    assert (done.returncode, done.stderr) == (0, "")


def told(function: Callable[..., object], *arguments: object, before: Sequence[str] = (), **options: Any) -> Any:
    """What the function printed as JSON in its last line; `stderr` is added. It has to end well."""
    done = ran(function, *arguments, before=before, **options)
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout.splitlines()[-1]), "stderr": done.stderr}


def mounting() -> Sequence[str] | None:
    """What a process is started with so that it may mount file systems that no other sees; None if it may not."""
    for before in PRIVATE_MOUNTS:
        mount = [*before, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/tmp"]  # seen by itself only
        try:
            if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
                return before
        except FileNotFoundError:
            return None
    return None
