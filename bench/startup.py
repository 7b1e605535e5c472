"""How soon the commands have the last entries of a large log on the screen, beside a command that does nothing.

    python bench/startup.py [--megabytes 1000] [--rounds 15] [--directory DIR]

The targets take turns, so that a slow moment hits all of them; a ratio is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from logconsole.stores.segments import path_of
from tests.records import entry

ROOT = Path(__file__).resolve().parent.parent
SEGMENT = 33_000_000  # bytes
NOTHING = """
from django.core.management.base import BaseCommand

class Command(BaseCommand):
    requires_system_checks = []

    def handle(self, *args, **options):
        pass
"""
SITES = {
    "the demo site": """
from project.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "empty"]
""",
    "a site with nothing else, and without LOGGING": """
import os

SECRET_KEY = "only here"
INSTALLED_APPS = ["logconsole", "empty"]
LOGGING_CONFIG = None
FILE = {"BACKEND": "logconsole.stores.file.FileStore", "OPTIONS": {"directory": os.environ["LOG_DIR"]}}
LOGCONSOLE = {"STORES": {"file": FILE}}
""",
}
LAST = ["-n", "50", "--no-follow"]


def fill(directory: Path, megabytes: int) -> None:
    """Segments of that size in all, with entries as a shop logs them."""
    directory.mkdir(parents=True, exist_ok=True)
    made = (entry("paid order %d", n, level=40 if n % 17 == 0 else 20, note="x" * (n % 300)) for n in range(10_000))
    lines = b"".join(one.line + b"\n" for one in made)
    segment, base = lines * (SEGMENT // len(lines)), 0
    while base < megabytes * 1_000_000:
        Path(path_of(str(directory), base)).write_bytes(segment)
        base += len(segment)


def site(directory: Path, settings: str) -> None:
    """A site with these settings, and a command that does nothing."""
    commands = directory / "empty" / "management" / "commands"
    commands.mkdir(parents=True, exist_ok=True)
    for package in (commands, commands.parent, commands.parent.parent):
        (package / "__init__.py").touch()
    (commands / "nothing.py").write_text(NOTHING)
    (directory / "empty" / "settings.py").write_text(settings)


def targets(directory: Path) -> dict[str, list[str]]:
    """Their command lines."""
    python = sys.executable
    newest = max(directory.glob("0*.jsonl"))
    return {
        "tail -n 50": ["tail", "-n", "50", str(newest)],
        "python -c pass": [python, "-c", "pass"],
        "python -m logconsole tail": [python, "-m", "logconsole", "tail", str(directory), *LAST],
        "manage.py nothing": [python, "-m", "django", "nothing"],
        "manage.py tail_logs": [python, "-m", "django", "tail_logs", *LAST],
        "manage.py tail_logs --level error": [python, "-m", "django", "tail_logs", *LAST, "--level", "error"],
        "manage.py tail_logs -C 3 --level error": [
            *[python, "-m", "django", "tail_logs", *LAST],
            *["--level", "error", "-C", "3"],
        ],
    }


def took(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds from its start to its end, and of a processor."""
    begin = time.perf_counter()
    with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime


@contextmanager
def place(given: str | None) -> Iterator[Path]:
    """A directory for the log, removed afterwards unless it was named."""
    if given:
        yield Path(given)
        return
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--directory", help="keep the log there, and use it if it is there")
    options = parser.parse_args()
    with place(options.directory) as directory, tempfile.TemporaryDirectory() as other:
        logs = directory / "logs"
        if not logs.exists():
            fill(logs, options.megabytes)
        environment = os.environ | {
            "PYTHONPATH": f"{other}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "empty.settings",
            "VAR_DIR": other,
            "LOG_DIR": str(logs),
        }
        for name, settings in SITES.items():
            site(Path(other), settings)
            print(f"\n{name}\n")
            table(targets(logs), environment, options.rounds)


def table(commands: dict[str, list[str]], environment: dict[str, str], rounds: int) -> None:
    """One line for each target; the processor's time says more where others want it too."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(took(command, environment))
    print("| target | least ms | least CPU ms | x nothing | CPU x nothing |\n|---|---|---|---|---|")
    floor = times["manage.py nothing"]
    for name, mine in times.items():
        wall, used = (min(column) * 1000 for column in zip(*mine, strict=True))
        ratios = [statistics.median(one[n] / other[n] for one, other in zip(mine, floor, strict=True)) for n in (0, 1)]
        print(f"| {name} | {wall:.0f} | {used:.0f} | {ratios[0]:.2f} | {ratios[1]:.2f} |")


if __name__ == "__main__":
    main()
