"""The page itself in Chromium, following at 1,000 entries/s: its long tasks, its memory, its frames."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import httpx

from bench import tables
from tests.chromium import chromium
from tests.e2e.conftest import sign_in
from tests.e2e.site import running

HEAD = (
    "entries/s",
    "seconds",
    "frames/s",
    "longest task ms",
    "at second",
    "tasks > 50 ms",
    "heap MB at start",
    "at end",
)
FILL_SECONDS = 21  # it then holds 20,000 entries
WATCH = """() => {
  window.bench = {frames: 0, tasks: [], began: performance.now()};
  const note = task => bench.tasks.push([task.duration, task.startTime - bench.began]);
  new PerformanceObserver(list => list.getEntries().forEach(note)).observe({type: "longtask"});
  const frame = () => { bench.frames += 1; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}"""
READ = "() => ({...bench, seconds: (performance.now() - bench.began) / 1000})"


def table(directory: Path, seconds: int, rate: int = 1_000) -> None:
    """Print it."""
    print(f"\n## The page, in Chromium\n\n{tables.head(HEAD)}")
    found = followed(directory, seconds, rate)
    longest, at = max(found["tasks"], default=[0, 0])
    cells = [f"{rate:,}", f"{found['seconds']:.0f}", f"{found['frames'] / found['seconds']:.0f}"]
    cells += [
        f"{longest:.0f}",
        f"{at / 1000:.1f}",
        str(len(found["tasks"])),
        *(f"{size / 1e6:.1f}" for size in found["heap"]),
    ]
    print(tables.row(cells), flush=True)


def followed(directory: Path, seconds: int, rate: int) -> dict[str, Any]:
    """What the page says of itself."""
    shutil.rmtree(directory / "logs", ignore_errors=True)
    with running(directory, module="bench.livesite", HANDLERS="ring jsonl") as site, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, site, "boss")
        page.wait_for_selector('#lc-status[data-state="live"]')
        devtools = page.context.new_cdp_session(page)
        fill = min(FILL_SECONDS, seconds)
        load(site.url, rate, fill)
        page.wait_for_timeout(fill * 1000)
        httpx.get(f"{site.url}/made/", timeout=20)
        heap = [size(devtools)]
        page.evaluate(WATCH)
        load(site.url, rate, seconds)
        page.wait_for_timeout(seconds * 1000)
        found: dict[str, Any] = page.evaluate(READ)
        last = min(httpx.get(f"{site.url}/made/", timeout=20).json()["writers"].values()) - 1
        page.get_by_text(f"order {last} placed", exact=False).first.wait_for(timeout=10_000)
        return {**found, "heap": [*heap, size(devtools)]}


def load(url: str, rate: int, seconds: int) -> None:
    """The server's threads begin to log."""
    httpx.get(f"{url}/load/", params={"rate": rate, "seconds": seconds, "threads": 2}).raise_for_status()


def size(devtools: Any) -> int:
    """Bytes of the page's heap that are in use, after its rubbish was taken out."""
    devtools.send("HeapProfiler.collectGarbage")
    return int(devtools.send("Runtime.getHeapUsage")["usedSize"])
