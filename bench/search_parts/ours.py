"""Our side in a process of its own: the store as the views ask it, and the download as the page gets it.

python bench/search_parts/ours.py STORE DATABASE
"""

from __future__ import annotations

import os
import sys
import time
from functools import cache
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from bench.search_parts.queries import BUCKETS, QUERIES, Asked
from bench.search_parts.serving import Found, serve

PATIENCE = 1.0  # seconds for a timeline to get any further
numbers = count(1)
FEW = 1_000  # lines are compared where there are not more


def answer(name: str, directory: str) -> Found:
    """Ask until all is told."""
    asked = QUERIES[name]
    if asked.kind == "export":
        return exported(asked, directory)
    return whole_timeline(asked, directory) if asked.kind == "timeline" else entries(asked, directory)


def entries(asked: Asked, directory: str) -> Found:
    """Pages, from the newest one on."""
    from logconsole.query import Query

    query, store = Query.parse(asked.text, levels=asked.levels, since=asked.since), opened(directory)
    hits, lines, before, more = 0, list[bytes](), None, True
    while more and (not asked.most or hits < asked.most):
        batch = store.older(query, before, asked.most - hits if asked.most else 500)
        hits, before, more = hits + len(batch.entries), batch.before, batch.more
        if hits <= FEW:
            lines += [entry.line for entry in batch.entries]
    return Found(hits, lines if hits <= FEW else ())


def whole_timeline(asked: Asked, directory: str) -> Found:
    """Ask until all is counted, or it gets no further."""
    from logconsole.query import Query

    until = asked.asked_anew(next(numbers)).until
    query, store = Query.parse(asked.text, since=asked.since, until=until), opened(directory)
    scanned, at = -1.0, time.monotonic()
    while True:
        made = store.timeline(query, BUCKETS)
        hits = sum(map(sum, made.levels.values()))
        if made.scanned >= 1:
            return Found(hits, buckets(made.levels))
        if made.scanned > scanned:
            scanned, at = made.scanned, time.monotonic()
        elif time.monotonic() > at + PATIENCE:
            return Found(hits, note=f"gives up after {made.scanned:.0%} of the store")


def buckets(levels: dict[str, list[int]]) -> list[bytes]:
    """One line for each number that is not 0."""
    spans = ((level, place, count) for level, counts in levels.items() for place, count in enumerate(counts) if count)
    return [f"{level} {place} {count}".encode() for level, place, count in spans]


def exported(asked: Asked, directory: str) -> Found:
    """The download of the page, through the view, into a file."""
    with open(os.path.join(os.environ["VAR_DIR"], "ours.jsonl"), "w+b") as file:
        response = signed_in().get("/admin/logconsole/console/download/", {**asked.params, "format": "jsonl"})
        file.writelines(response.streaming_content)
        file.seek(0)
        return Found(sum(1 for _ in file))


@cache
def opened(directory: str):
    from logconsole.stores.file import FileStore

    return FileStore(directory)


@cache
def signed_in():
    """Whoever may see the console."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.get(username="boss"))
    client.get("/admin/logconsole/console/timeline/")  # which the page has asked for before anybody can download
    return client


if __name__ == "__main__":
    import django

    django.setup()
    signed_in()
    serve(answer)
