"""A client of the console on a real server, in a process of its own: whole requests until all is told.

python bench/search_parts/web.py URL
"""

from __future__ import annotations

import statistics
import sys
import threading
import time
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import httpx
import msgspec

from bench.search_parts.queries import BUCKETS, QUERIES, Asked
from bench.search_parts.serving import Found, serve
from tests.live.viewer import sign_in

PATIENCE = 1.0  # seconds for a timeline to get any further
MARKS = {"jsonl": (b"\n", 0), "csv": (b"\r", -1), "text": (b"\n2026-", 1)}
"""What is counted in a file, and from where on."""


class Page(msgspec.Struct):
    """A batch; its entries stay as they are."""

    entries: list[msgspec.Raw]
    before: str
    more: bool


class Counts(msgspec.Struct):
    """A timeline."""

    levels: dict[str, list[int]]
    scanned: float


class Web:
    """Signed in once."""

    def __init__(self, visitor: httpx.Client, url: str) -> None:
        self.visitor, self.page, self.url = visitor, f"{url}/admin/logconsole/console/", url
        self.numbers = count(1)

    def answer(self, name: str, directory: str, more: float | str = 0) -> Found:
        """Ask; `name` may be `delay` (`more`: seconds) or `download` (`more`: the format), too."""
        if name == "delay":
            return self.delay(float(more))
        if name == "download":
            return self.download({"format": more})
        asked = QUERIES[name]
        if asked.kind == "export":
            return self.download({**asked.params, "format": "jsonl"})
        return self.timeline(asked) if asked.kind == "timeline" else self.entries(asked)

    def entries(self, asked: Asked) -> Found:
        """Pages, from the newest one on."""
        hits, params, more = 0, dict(asked.params), True
        while more and (not asked.most or hits < asked.most):
            params["limit"] = asked.most - hits if asked.most else 500
            page = msgspec.json.decode(self.get("entries/", params), type=Page)
            hits, params["before"], more = hits + len(page.entries), page.before, page.more
        return Found(hits)

    def timeline(self, asked: Asked) -> Found:
        """Again until all is counted, or it gets no further."""
        scanned, at, params = (
            -1.0,
            time.monotonic(),
            {**asked.asked_anew(next(self.numbers)).params, "buckets": BUCKETS},
        )
        while True:
            made = msgspec.json.decode(self.get("timeline/", params), type=Counts)
            hits = sum(map(sum, made.levels.values()))
            if made.scanned >= 1:
                return Found(hits)
            if made.scanned > scanned:
                scanned, at = made.scanned, time.monotonic()
            elif time.monotonic() > at + PATIENCE:
                return Found(hits, note=f"gives up after {made.scanned:.0%} of the store")

    def download(self, params: dict[str, Any]) -> Found:
        """The file, thrown away; each entry of it ends, or begins, with what stands nowhere else."""
        mark, hits = MARKS[params["format"]]
        carry = b""
        with self.visitor.stream("GET", f"{self.page}download/", params=params, timeout=600) as response:
            for piece in response.raise_for_status().iter_bytes():
                data = carry + piece
                hits += data.count(mark)
                carry = data[len(data) - len(mark) + 1 :]
        return Found(hits)

    def delay(self, seconds: float) -> Found:
        """How long a trivial request takes, idle and while another client searches all of the store."""
        idle = self.trivial(seconds)
        stop, searched = threading.Event(), [0]
        worker = threading.Thread(target=self.search, args=(stop, searched))
        worker.start()
        busy = self.trivial(seconds)
        stop.set()
        worker.join()
        told = [statistics.quantiles(took, n=100) for took in (idle, busy)]
        parts = [
            f"{took[49] * 1e3:.3f} {took[98] * 1e3:.3f} {max(all_) * 1e3:.3f}"
            for took, all_ in zip(told, (idle, busy), strict=True)
        ]
        return Found(searched[0], note=" ".join(parts))

    def trivial(self, seconds: float) -> list[float]:
        """Seconds of each request."""
        took, ends = [], time.monotonic() + seconds
        while time.monotonic() < ends:
            start = time.perf_counter()
            self.visitor.get(f"{self.url}/state/").raise_for_status()
            took.append(time.perf_counter() - start)
            time.sleep(0.005)
        return took

    def search(self, stop: threading.Event, searched: list[int]) -> None:
        """The rare literal, over and over."""
        params: dict[str, Any] = dict(QUERIES["rare"].params)
        with httpx.Client(cookies=self.visitor.cookies, timeout=60) as client:
            while not stop.is_set():
                page = msgspec.json.decode(client.get(f"{self.page}entries/", params=params).content, type=Page)
                params["before"] = page.before
                if not page.more:
                    del params["before"]
                    searched[0] += 1

    def get(self, path: str, params: dict[str, Any]) -> bytes:
        return self.visitor.get(f"{self.page}{path}", params=params, timeout=60).raise_for_status().content


if __name__ == "__main__":
    url = sys.argv[1]
    site: Any = SimpleNamespace(url=url, page=f"{url}/admin/logconsole/console/")
    with sign_in(site) as visitor:
        serve(Web(visitor, url).answer)
