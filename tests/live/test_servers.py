"""The socket under daphne and uvicorn: real processes, real WebSockets."""

from __future__ import annotations

import contextlib
import random
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.e2e.site import ROOT, Site, running
from tests.live.conftest import KEEPALIVE
from tests.live.viewer import Viewer, sign_in

pytestmark = pytest.mark.timeout(120)  # some start a site of their own
ACCESS = re.compile(r"INFO|[\d.:]+ - - \[")
"""How uvicorn and daphne begin a line about a request."""
COMMAND = "import logging; logging.getLogger('cron').warning('nightly %s', '{text}')"


async def test_every_process_of_the_host_is_seen(site: Site, visitor: httpx.Client) -> None:
    """The web worker that holds the socket, another one, a worker with threads, a command and a shell."""
    text = uuid4().hex
    with running(site.log_dir.parent, "daphne", module="tests.live") as other:
        async with Viewer(site, visitor) as viewer:
            await viewer.subscribe(q=f"{text} OR service:{text}")
            await viewer.live()
            visitor.get("/log/", params={"text": text, "count": 3})
            httpx.get(f"{other.url}/log/", params={"text": f"other {text}", "count": 3})
            site.manage("shell", "--verbosity", "0", "-c", COMMAND.format(text=text))
            worker = [sys.executable, "-m", "tests.writer_process", str(site.log_dir), text, "20", "2"]
            subprocess.run(worker, cwd=ROOT, check=True)
            await viewer.has(3 + 3 + 1 + 40)
    found = sorted(set(viewer.texts))
    assert found == sorted(
        [f"{text} {number}" for number in range(3)]
        + [f"other {text} {number}" for number in range(3)]
        + [f"nightly {text}"]
        + [f"entry {number}" for number in range(20)]
    )


async def test_a_changed_filter_loses_and_repeats_nothing(site: Site, visitor: httpx.Client) -> None:
    """While entries of another process pour in, from the cursor on, again and again."""
    text = uuid4().hex
    worker = [sys.executable, "-m", "tests.writer_process", str(site.log_dir), text, "3000"]
    async with Viewer(site, visitor) as viewer:
        await viewer.subscribe(q=f"service:{text}")
        await viewer.live()
        with subprocess.Popen(worker, cwd=ROOT) as process:
            for wanted in range(200, 3001, 200):
                await viewer.has(wanted)
                await viewer.subscribe(q=f"service:{text} -{uuid4().hex}")
        assert process.returncode == 0
    assert viewer.texts == [f"entry {number}" for number in range(3000)]
    assert viewer.missed == 0


async def test_a_client_that_stops_reading_costs_next_to_nothing(site: Site, visitor: httpx.Client) -> None:
    """It is handed two frames, harms nobody, and has all the rest when it reads again."""
    text, size = uuid4().hex, 8_000
    async with Viewer(site, visitor) as stuck, Viewer(site, visitor) as quick:
        for viewer in (stuck, quick):
            await viewer.subscribe(q=text)
            await viewer.live()
        visitor.get("/log/", params={"text": text, "count": 500, "size": size})
        await quick.has(500)
        before = visitor.get("/state/").json()["memory"]
        stuck.socket.transport.pause_reading()
        for number in range(1, 16):
            visitor.get("/log/", params={"text": text, "count": 500, "size": size})
            await quick.has(500 + 500 * number)
        grown = visitor.get("/state/").json()["memory"] - before
        assert grown < 20_000_000  # 60 MB were logged
        stuck.socket.transport.resume_reading()
        await stuck.has(8000)
    assert stuck.texts == quick.texts == 16 * [f"{text} {number} {'x' * size}" for number in range(500)]
    assert (stuck.missed, quick.missed) == (0, 0)


async def test_a_client_that_acknowledges_nothing_is_handed_two_frames(site: Site, visitor: httpx.Client) -> None:
    """However long it reads."""
    text = uuid4().hex
    async with Viewer(site, visitor) as lazy, Viewer(site, visitor) as quick:
        for viewer in (lazy, quick):
            await viewer.subscribe(q=text)
            await viewer.live()
        lazy.is_lazy = True
        visitor.get("/log/", params={"text": text, "count": 2000, "size": 1000})
        await quick.has(2000)
        await lazy.next()
        await lazy.next()
        await lazy.say({"type": "subscribe", "id": lazy.id, "q": '"'})  # answered at once: nothing else is on its way
        assert (await lazy.next())["type"] == "error"
        assert len(lazy.texts) <= 2 * 262_144 // 1000 + 2
        await lazy.say({"type": "ack", "id": lazy.id, "after": lazy.after})
        lazy.is_lazy = False
        await lazy.has(2000)
    assert lazy.texts == quick.texts


async def test_no_frame_is_too_odd(site: Site, visitor: httpx.Client) -> None:
    """Messages outside the protocol, and bytes outside of WebSocket itself: one socket closes, the others have all."""
    text, chance = uuid4().hex, random.Random(7)
    printed = len(site.printed)
    async with Viewer(site, visitor) as quick:
        await quick.subscribe(q=text)
        await quick.live()
        for number in range(1, 41):
            odd = Viewer(site, visitor)
            await odd.open()
            if number % 4:
                await odd.subscribe(q=text)
            if number % 3:
                odd.socket.transport.write(chance.randbytes(chance.randrange(1, 200)))
            else:
                await odd.socket.send(chance.choice(["{", "x" * 20_000, b"\xff", '{"type":"ack"}', "[" * 10_000]))
            with contextlib.suppress(OSError):  # it has hung up already
                odd.socket.transport.write_eof()
            await odd.socket.wait_closed()
            visitor.get("/log/", params={"text": text, "count": 1})
            await quick.has(number)
    assert quick.missed == 0
    assert [line for line in site.printed[printed:] if "Traceback" in line] == []


async def test_a_client_that_leaves_without_a_word_is_not_mentioned(site: Site, visitor: httpx.Client) -> None:
    """While it is being sent to; the server prints nothing, and the others have everything."""
    text = uuid4().hex
    printed = len(site.printed)
    async with Viewer(site, visitor) as quick:
        await quick.subscribe(q=text)
        await quick.live()
        for number in range(1, 6):
            gone = Viewer(site, visitor)
            await gone.open()
            await gone.subscribe(q=text)
            await gone.live()
            visitor.get("/log/", params={"text": text, "count": 300, "size": 1000})
            gone.socket.transport.abort()
            await quick.has(300 * number)
    said = [line for line in site.printed[printed:] if text not in line and not ACCESS.match(line)]
    assert said == []


async def test_threads_do_not_grow_with_sockets(site: Site, visitor: httpx.Client) -> None:
    """Forty more of them, all live: the pools of the server may fill, and have an end."""
    text = uuid4().hex
    viewers = [Viewer(site, visitor) for _ in range(42)]

    async def opened(wanted: list[Viewer]) -> int:
        for viewer in wanted:
            await viewer.open()
            await viewer.subscribe(q=text)
            await viewer.live()
        return int(visitor.get("/state/").json()["threads"])

    few = await opened(viewers[:2])
    await opened(viewers[2:])
    for number in range(1, 6):
        visitor.get("/log/", params={"text": text, "count": 20})
        for viewer in viewers:
            await viewer.has(20 * number)
    many = visitor.get("/state/").json()
    for viewer in viewers:
        await viewer.socket.close()
    assert (many["threads"] - few < 20, many["sockets"]) == (True, 42)


async def test_a_server_that_stops_closes_at_once(server: str, tmp_path: Path) -> None:
    """With a code that means: come again; then it ends, and the next one goes on at the cursor."""
    text = uuid4().hex
    with running(tmp_path, server, module="tests.live", IDLE_SECONDS="0.25") as site, sign_in(site) as visitor:
        async with Viewer(site, visitor) as viewer:
            await viewer.subscribe(q=text)
            await viewer.live()
            for _ in range(10):  # daphne closes nothing within two seconds of a handshake: a slip in its own shutdown
                await viewer.next()
            site.process.terminate()
            assert await viewer.closed() == {"daphne": 1000, "uvicorn": 1012}[server]
            site.ended()
        assert not [line for line in site.printed if "Traceback" in line]
        site.start()
        visitor.get("/log/", params={"text": text, "count": 2})
        await viewer.open()
        await viewer.subscribe(q=text)
        await viewer.has(2)
        await viewer.socket.close()
    assert (viewer.texts, viewer.missed) == ([f"{text} 0", f"{text} 1"], 0)


async def test_a_connection_that_died_makes_room(server: str, tmp_path: Path) -> None:
    """The server's keepalive notices; until then the bound on sockets is told with 4429."""
    with (
        running(tmp_path, server, *KEEPALIVE[server], module="tests.live", LOGCONSOLE='{"MAX_CLIENTS": 1}') as site,
        sign_in(site) as visitor,
    ):
        dead = Viewer(site, visitor)
        await dead.open()
        dead.socket.transport.pause_reading()  # it answers no ping any more, as when the network went away
        codes = []
        while codes[-1:] != [0]:
            async with Viewer(site, visitor) as viewer:
                codes.append(await welcome(viewer))
        dead.socket.transport.abort()
    assert codes[0] == 4429


async def welcome(viewer: Viewer) -> int:
    """0, or the code that the socket is closed with instead."""
    try:
        await viewer.subscribe()
        await viewer.live()
    except (ConnectionClosed, InvalidStatus):
        return await viewer.closed()
    return 0


async def test_a_client_that_acknowledges_nothing_is_closed_in_the_end(server: str, tmp_path: Path) -> None:
    """With 4408, also when it does not even read: nothing of it is left."""
    with running(tmp_path, server, module="tests.live", ACK_SECONDS="3") as site, sign_in(site) as visitor:
        async with Viewer(site, visitor) as lazy, Viewer(site, visitor) as stuck, Viewer(site, visitor) as quick:
            for viewer in (lazy, stuck, quick):
                await viewer.subscribe(q="much")
                await viewer.live()
            lazy.is_lazy = True
            stuck.socket.transport.pause_reading()
            visitor.get("/log/", params={"text": "much", "count": 1000, "size": 8_000})
            await quick.has(1000)
            assert await lazy.closed() == 4408
            while visitor.get("/state/").json()["sockets"] > 1:
                pass
            stuck.socket.transport.abort()
            visitor.get("/log/", params={"text": "much", "count": 10})
            await quick.has(1010)


@pytest.mark.parametrize("handlers", ["jsonl ring console"])
async def test_an_open_page_feeds_nothing_into_the_log(server: str, handlers: str, tmp_path: Path) -> None:
    """Root and everything below Django, channels, daphne, uvicorn, asyncio, redis at DEBUG, into both stores."""
    names = "django channels daphne uvicorn asyncio websockets redis twisted autobahn channels_redis push_response"
    with (
        running(
            tmp_path,
            server,
            module="tests.live",
            HANDLERS=handlers,
            ROOT="DEBUG",
            NOISY=f"{names} django.db.backends django.template uvicorn.error daphne.ws_protocol",
            IDLE_SECONDS="0.01",
            LOGCONSOLE='{"RECHECK_SECONDS": 0.01}',
        ) as site,
        sign_in(site) as visitor,
    ):
        for store in ("file", "ring"):
            async with Viewer(site, visitor) as viewer:
                await viewer.subscribe(store=store)
                await viewer.live()
                assert visitor.get(site.page).status_code == 200
                before = len(viewer.texts)
                for _ in range(100):  # an hour of an idle page
                    while (await viewer.next())["type"] != "ping":
                        pass
                assert viewer.texts[before + 20 :] == []
