"""Exactly once: a viewer through lost connections, changed filters, killed servers and rotations.

    python bench/chaos.py [--entries 50000] [--disturbances 200] [--seed 0]

On daphne and on uvicorn. Every entry must come once, in order.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

from tests.e2e.site import running
from tests.live.chaos import OPTIONS, chaos
from tests.live.viewer import sign_in

COLUMNS = ["entries", "lost", "duplicated", "disordered", "missed", "disturbances", "restarts", "rotations"]


def main() -> None:
    """Read the options, and print a row for each server."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--disturbances", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print("| server | " + " | ".join(COLUMNS) + " | seconds |")
    print("|---|" + "---|" * (len(COLUMNS) + 1))
    for server in ("daphne", "uvicorn"):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as directory:
            found = vars(run(server, Path(directory), options.entries, options.disturbances, options.seed))
        row = [f"{found[name]:,}" for name in COLUMNS]
        print(f"| {server} | " + " | ".join(row) + f" | {time.monotonic() - began:.0f} |", flush=True)


def run(server: str, directory: Path, entries: int, disturbances: int, seed: int) -> object:
    """What came of it."""
    with running(directory, server, module="tests.live", FILE_OPTIONS=OPTIONS) as site, sign_in(site) as visitor:
        return asyncio.run(chaos(site, visitor, entries, disturbances, seed))


if __name__ == "__main__":
    main()
