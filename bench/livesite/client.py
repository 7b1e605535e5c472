"""A process of clients: real WebSockets to the console, or to a peer; what they got, and how late.

    python bench/livesite/client.py KIND URL CLIENTS [STORE]

It says `ready` once all are live. It ends when each client has what the line that it then reads tells (how many
entries of each writer), or when nothing has come for a while, and prints what it found as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from array import array
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import msgspec
from websockets.asyncio.client import ClientConnection, connect

from bench import peerclient
from bench.seen import Seen
from tests.live.viewer import sign_in


class Stamp(msgspec.Struct):
    """The part of an entry that tells when it was logged."""

    writer: int = -1
    number: int = -1
    stamp: int = 0


class Made(msgspec.Struct):
    """An entry; all of it is parsed, this is kept."""

    extra: Stamp | None = None


class Frame(msgspec.Struct):
    """A message of the console."""

    type: str
    after: str = ""
    missed: bool = False
    entries: list[Made] = []


MOST_SECONDS = 60.0  # to wait for what is on its way; what has not come by then is lost
decode = msgspec.json.Decoder(Frame).decode


async def follow(socket: ClientConnection, seen: Seen, first: dict[str, Any], live: asyncio.Event) -> None:
    """Subscribe, read and acknowledge, for ever."""
    await socket.send(json.dumps({"type": "subscribe", "id": 1, "limit": 1, **first}))
    while True:
        frame = decode(await socket.recv(decode=False))
        if frame.type == "batch":
            stamps = [made.extra for made in frame.entries if made.extra is not None and made.extra.stamp]
            seen.add(time.monotonic_ns(), stamps, missed=frame.missed)
            await socket.send(f'{{"type":"ack","id":1,"after":"{frame.after}"}}')
        elif frame.type == "status":
            live.set()


async def ours(url: str, clients: list[Seen], store: str) -> list[asyncio.Task[None]]:
    """Open sockets, all of one user."""
    site: Any = SimpleNamespace(url=url, page=f"{url}/admin/logconsole/console/")
    with sign_in(site) as visitor:
        ticket = visitor.get(f"{site.page}ticket/").json()["ticket"]
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    tasks, address = [], site.page.replace("http", "ws", 1) + "ws/"
    for seen in clients:
        headers, live = {"Cookie": cookies}, asyncio.Event()
        socket = await connect(address, origin=url, additional_headers=headers, max_size=None, proxy=None)
        tasks.append(asyncio.create_task(follow(socket, seen, {"ticket": ticket, "store": store}, live)))
        await live.wait()
    return tasks


async def drained(clients: list[Seen], writers: dict[str, int], patience: float) -> None:
    """Until all have everything, or nothing comes any more."""
    wanted, had, at = sum(writers.values()), -1, time.monotonic()
    ends = at + MOST_SECONDS
    while time.monotonic() < ends and any(seen.count < wanted for seen in clients):
        now = sum(seen.count for seen in clients)
        if now != had:
            had, at = now, time.monotonic()
        elif time.monotonic() > at + patience:
            return
        await asyncio.sleep(0.05)


def found(clients: list[Seen], writers: dict[str, int]) -> dict[str, Any]:
    """What came, and what did not."""
    late, sums = array("q"), Counter[str]()
    for seen in clients:
        numbers: dict[int, list[int]] = defaultdict(list)
        told: dict[int, int] = {}
        for at, missed, writer, number, stamp in seen:
            late.append(at - stamp)
            came = numbers[writer]
            if missed > told.get(writer, 0):
                told[writer] = missed
                sums["missed"] += max(number - (came[-1] if came else -1) - 1, 0)
            came.append(number)
        for writer, count in writers.items():
            came = numbers[int(writer)]
            sums["lost"] += len(set(range(count)).difference(came))
            sums["duplicated"] += len(came) - len(set(came))
            sums["disordered"] += sum(second < first for first, second in pairwise(came))
    ordered = sorted(late) or [0]
    p50, p99 = (ordered[len(ordered) * part // 100] / 1e6 for part in (50, 99))
    lost = sums["lost"] - sums["missed"]
    names = ("duplicated", "disordered", "missed")
    return {"p50": p50, "p99": p99, "lost": lost, **{name: sums[name] for name in names}}


async def main(kind: str, url: str, count: str, *more: str) -> None:
    """Connect, say so, wait for the end, tell."""
    clients = [Seen() for _ in range(int(count))]
    opening = ours if kind == "ours" else getattr(peerclient, kind)
    tasks = await opening(url, clients, *more)
    print("ready", flush=True)
    writers = json.loads(await asyncio.to_thread(sys.stdin.readline))
    await drained(clients, writers, 3.0 if kind == "ours" else peerclient.PATIENCE[kind])
    for task in tasks:
        if task.done() and task.exception():
            print(f"a client ended: {task.exception()!r}", file=sys.stderr)
        task.cancel()
    print(json.dumps(found(clients, writers)), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
