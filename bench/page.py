"""The page in Chromium: how it scrolls and follows while it holds 100,000 entries and more arrive.

    python bench/page.py [--quick]

Each row is a stretch of time on one page that is never reloaded. A task is a piece of work of the page's main thread.
Server, writers and browser share the machine's processors and are not pinned to any, so a task also waits for others:
its length is what the reader feels here, the processor's time is what the page itself asks for. Both are counted.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Page

from bench.livepage import load, size
from tests.chromium import chromium
from tests.e2e.conftest import sign_in
from tests.e2e.site import running

HEAD = (
    "the page | entries/s | seconds | held | frame p50 | p99 ms | longest task ms | its processor ms | > 50 ms"
    " | most processor ms | > 50 ms of processor | heap MB"
)
LONG = 50  # milliseconds
STRETCHES = (("follows", 200, 30), ("follows", 1_000, 60), ("scrolls", 0, 15), ("scrolls", 1_000, 20))
HELD = 100_000
FILL_RATE = 5_000
CATEGORIES = ["toplevel", "devtools.timeline"]
TASKS = ("RunTask", "ThreadControllerImpl::RunTask")
WATCH = """() => {
  window.bench = {frames: [], on: true};
  let before = performance.now();
  const frame = (now) => { bench.frames.push(now - before); before = now; if (bench.on) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}"""
SCROLL = """() => {
  const list = document.querySelector("#lc-list");
  let step = 0;
  const frame = () => {
    step += 1;
    list.scrollTop += step % 120 ? (step % 240 < 120 ? -300 : 300) : (Math.random() - 0.5) * list.scrollHeight;
    if (bench.on) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
READ = "() => { bench.on = false; return {frames: bench.frames, held: logconsole.page.held.size}; }"


def stretch(page: Page, url: str, what: str, rate: int, seconds: int, directory: Path) -> None:
    """One row: so many seconds of following or scrolling."""
    devtools = page.context.new_cdp_session(page)
    page.evaluate(WATCH)
    if what == "scrolls":
        page.evaluate(SCROLL)
    browser: Any = page.context.browser
    browser.start_tracing(page=page, path=directory / "trace.json", categories=CATEGORIES)
    if rate:
        load(url, rate, seconds)
    page.wait_for_timeout(seconds * 1000)
    found = page.evaluate(READ)
    browser.stop_tracing()
    frames = sorted(found["frames"])
    tasks = sorted(main_tasks(directory / "trace.json"))
    wall, cpu = tasks[-1]
    work = [processor for _, processor in tasks]
    cells = [what, f"{rate:,}", f"{seconds}", f"{found['held']:,}"]
    cells += [f"{frames[len(frames) * part // 100]:.1f}" for part in (50, 99)]
    cells += [f"{wall:.0f}", f"{cpu:.0f}", str(sum(length > LONG for length, _ in tasks))]
    cells += [f"{max(work):.0f}", str(sum(processor > LONG for processor in work)), f"{size(devtools) / 1e6:.0f}"]
    print(f"| {' | '.join(cells)} |", flush=True)


def main_tasks(trace: Path) -> list[tuple[float, float]]:
    """(length, time of the processor) in milliseconds of each task of the page's main thread."""
    events = json.loads(trace.read_bytes())["traceEvents"]
    threads = {(one["pid"], one["tid"]) for one in events if one.get("args", {}).get("name") == "CrRendererMain"}
    return [
        (one["dur"] / 1000, one.get("tdur", 0) / 1000)
        for one in events
        if one["name"] in TASKS and one.get("ph") == "X" and (one["pid"], one["tid"]) in threads
    ]


def fill(page: Page, url: str) -> None:
    """Let the page come to hold as much as it ever does."""
    load(url, FILL_RATE, HELD // FILL_RATE + 5)
    page.wait_for_function(f"() => logconsole.page.held.size >= {HELD}", timeout=120_000)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="shorter rows")
    quick = parser.parse_args().quick
    print(f"\n| {HEAD} |\n|{'---|' * len(HEAD.split('|'))}")
    with (
        tempfile.TemporaryDirectory() as name,
        running(Path(name), module="bench.livesite", HANDLERS="ring jsonl") as site,
        chromium() as browser,
    ):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, site, "boss")
        page.wait_for_selector('#lc-status[data-state="live"]')
        fill(page, site.url)
        for what, rate, seconds in STRETCHES:
            stretch(page, site.url, what, rate, max(seconds // 3, 5) if quick else seconds, Path(name))


if __name__ == "__main__":
    main()
