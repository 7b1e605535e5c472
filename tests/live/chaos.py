"""One viewer through everything that goes wrong while entries pour in, and what it has in the end."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from uuid import uuid4

import httpx

from logconsole.entry import Entry
from logconsole.stores.file import FileStore
from logconsole.stores.segments import segments
from tests.e2e.site import ROOT, Site
from tests.live.viewer import Viewer
from tests.records import record

OPTIONS = '{"segment_bytes": 30000, "retain_bytes": 10000000000, "retain_segments": 1000000}'
"""FILE_OPTIONS of the site: a segment ends after some hundred entries, and none is dropped."""
KINDS = ["lost connection"] * 6 + ["other filter"] * 2 + ["killed server"]


@dataclass
class Outcome:
    """What came of so many entries."""

    entries: int = 0
    lost: int = 0
    duplicated: int = 0
    disordered: int = 0
    missed: int = 0
    """How often it was told that entries are gone; none is."""
    disturbances: int = 0
    restarts: int = 0
    rotations: int = 0


async def chaos(site: Site, visitor: httpx.Client, entries: int, disturbances: int, seed: int = 0) -> Outcome:
    """Half of the entries are written by this process, half by another, while the viewer is disturbed."""
    chance, text = random.Random(seed), uuid4().hex
    outcome = Outcome(entries=entries)
    store = FileStore(site.log_dir, segment_bytes=30_000, retain_bytes=10**10, retain_segments=10**6)
    at = sorted(chance.sample(range(1, entries - 500), disturbances))  # a frame may bring the last 500
    viewer = Viewer(site, visitor)
    await viewer.open()
    await viewer.subscribe(q=f"service:{text}")
    await viewer.live()
    written, half = 0, entries // 2
    worker = [sys.executable, "-m", "tests.writer_process", str(site.log_dir), text, str(entries - half)]
    with subprocess.Popen(worker, cwd=ROOT) as process:
        while len(viewer.texts) < entries and viewer.missed < 3:
            for _ in range(min(chance.randrange(1, 200), half - written)):  # so that there is something to come
                store.append(Entry.from_record(record("own %d", written), service=text))
                written += 1
            while at and at[0] <= len(viewer.texts):
                at.pop(0)
                await disturb(viewer, chance.choice(KINDS), text, outcome)
            await viewer.next()
    assert process.returncode == 0
    await viewer.socket.close()
    store.close()
    return judged(viewer, outcome, half, site)


async def disturb(viewer: Viewer, kind: str, text: str, outcome: Outcome) -> None:
    """Whatever happens, the viewer goes on at its cursor."""
    outcome.disturbances += 1
    if kind != "other filter":
        viewer.socket.transport.abort()
        await viewer.socket.wait_closed()
        if kind == "killed server":
            outcome.restarts += 1
            viewer.site.kill()
            viewer.site.start()
        await viewer.open()
    await viewer.subscribe(q=f"service:{text} -{uuid4().hex}")


def judged(viewer: Viewer, outcome: Outcome, half: int, site: Site) -> Outcome:
    """Each writer's entries once and in their order."""
    for name, count in (("own", half), ("entry", outcome.entries - half)):
        numbers = [int(message.split()[1]) for message in viewer.texts if message.startswith(name)]
        outcome.lost += len(set(range(count)) - set(numbers))
        outcome.duplicated += len(numbers) - len(set(numbers))
        outcome.disordered += sum(after < before for before, after in pairwise(numbers))
    outcome.missed = viewer.missed
    outcome.rotations = len(segments(str(site.log_dir))) - 1
    return outcome
