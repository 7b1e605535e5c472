"""The commands as real processes, with a pipe or a terminal around them."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent.parent
WITHOUT = ROOT / "tests" / "cli" / "without"
TWINS = ("tail", "export")
Process = subprocess.Popen


def environment(directory: Path, **values: str) -> dict[str, str]:
    """The environment of a command that reads this directory; one of `TWINS` cannot import Django in it."""
    own = {"DJANGO_SETTINGS_MODULE": "tests.management.settings", "LOGCONSOLE_DIRECTORY": str(directory)}
    plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "PYTHONUNBUFFERED")}
    return plain | {"TERM": "xterm"} | own | values


def command(directory: Path, name: str, *arguments: str) -> list[str]:
    """`manage.py` or `python -m logconsole` with these arguments, by this interpreter."""
    if name in TWINS:
        return ["env", f"PYTHONPATH={WITHOUT}", sys.executable, "-m", "logconsole", name, str(directory), *arguments]
    return [sys.executable, "manage.py", name, *arguments]


@contextlib.contextmanager
def started(directory: Path, *arguments: str, **values: str) -> Iterator[Process[str]]:
    """The command while it runs; ended with the block, whatever happens."""
    with subprocess.Popen(
        command(directory, *arguments),
        cwd=ROOT,
        env=environment(directory, **values),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="surrogateescape",
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ran(
    directory: Path, *arguments: str, stdout: IO[bytes] | int = subprocess.PIPE, **values: str
) -> tuple[int, bytes, str]:
    """Exit code, stdout and stderr of the command once it has ended."""
    done = subprocess.run(
        command(directory, *arguments),
        cwd=ROOT,
        env=environment(directory, **values),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )
    return done.returncode, done.stdout or b"", done.stderr.decode()


def on_terminal(directory: Path, *arguments: str, **values: str) -> str:
    """What a terminal gets of the command, stdout and stderr alike."""
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(
            command(directory, *arguments), cwd=ROOT, env=environment(directory, **values), stdout=theirs, stderr=theirs
        ) as process:
            os.close(theirs)
            shown = b"".join(_read(ours))
        assert process.returncode == 0, shown
    finally:
        os.close(ours)
    return shown.decode().replace("\r\n", "\n")


def snapshot(directory: Path) -> dict[str, tuple[int, ...]]:
    """Everything about a directory that writing into it, or locking in it, would change."""
    found = {".": directory.stat()} | {path.name: path.lstat() for path in directory.iterdir()}
    return {name: (made.st_mtime_ns, made.st_ctime_ns, made.st_size, made.st_ino) for name, made in found.items()}


def _read(terminal: int) -> Iterator[bytes]:
    with contextlib.suppress(OSError):  # how Linux tells that the other side is closed
        while piece := os.read(terminal, 65_536):
            yield piece
