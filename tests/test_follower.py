"""What all sockets of an event loop share: one reader, the matches of each query, the frames."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from logconsole import follower, matches, pump
from logconsole.entry import Entry
from logconsole.params import Asked
from logconsole.pump import Pump
from logconsole.query import Query
from logconsole.stores.base import Batch, Store
from logconsole.stores.file import FileStore
from logconsole.stores.ring import RingStore
from tests.records import entry

ALL = ""


class Reader:
    """A client: what it was sent, acknowledged unless it is lazy."""

    def __init__(self, store: Store, q: str = ALL, after: str | None = None, limit: int = 500) -> None:
        self.texts: list[str] = []
        self.missed: list[int] = []
        """How many messages it had each time when it was told that some are gone."""
        self.is_lazy = False
        self.frames = 0
        self.after = after
        self._batches: deque[dict[str, Any]] = deque()
        self._came = asyncio.Event()
        self.is_live = asyncio.Event()
        asked, user = Asked("store", store, Query.parse(q)), SimpleNamespace(pk=id(self))
        self.pump = Pump(1, asked, after, limit, self.send, user)
        self.task = asyncio.create_task(self.pump.run())

    async def send(self, text: str) -> None:
        """What the server says."""
        message = json.loads(text)
        if message["type"] == "batch":
            self.frames += 1
            if message["missed"]:
                self.missed.append(len(self.texts))
            self.texts += [made["msg"] for made in message["entries"]]
            self.after = message["after"]
            self._batches.append(message)
            self.acknowledge()
        elif message["type"] == "status":
            self.is_live.set()
        self._came.set()

    def acknowledge(self) -> None:
        """Whatever was painted."""
        while self._batches and not self.is_lazy:
            self.pump.acknowledge(self._batches.popleft()["after"])

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Until what it was sent makes it true."""
        while not is_so():
            self._came.clear()
            await self._came.wait()

    async def has(self, *texts: str) -> None:
        """Until it has these messages, which are all."""
        await self.until(lambda: len(self.texts) >= len(texts))
        assert self.texts == list(texts)

    async def leave(self) -> None:
        """The socket is closed."""
        self.task.cancel()
        await asyncio.wait({self.task})


@asynccontextmanager
async def live(*readers: Reader) -> AsyncIterator[None]:
    """Readers that have been sent all that was there; they leave at the end."""
    try:
        for reader in readers:
            await asyncio.wait(
                {reader.task, waiting := asyncio.create_task(reader.is_live.wait())}, return_when="FIRST_COMPLETED"
            )
            waiting.cancel()
        yield
    finally:
        for reader in readers:
            await reader.leave()


@pytest.fixture(params=["ring", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each of the stores; the file in segments of a few entries."""
    if request.param == "ring":
        return RingStore()
    return FileStore(tmp_path, segment_bytes=2_000, retain_bytes=10**8, retain_segments=10**5, poll_seconds=0.01)


def keep(store: Store, *texts: str) -> list[str]:
    """Entries with these messages."""
    for text in texts:
        store.append(entry("%s", text))
    return list(texts)


def numbered(count: int, start: int = 0) -> list[str]:
    """Messages."""
    return [f"entry {number}" for number in range(start, start + count)]


async def test_a_query_that_takes_long_is_decided_off_the_loop(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """By who asks for it alone, in turn; nobody else of the process waits for that, and nothing is missing."""
    heavy, light = "/(?:x?y?){200}entry/", "/e.try/"
    assert Query.parse(light).programs < follower.SHARED_PROGRAMS < Query.parse(heavy).programs
    here, threads = threading.get_ident(), {heavy: set[int](), light: set[int]()}
    match = Query.matches

    def told(query: Query, one: Entry) -> bool:
        if query.text in threads:
            threads[query.text].add(threading.get_ident())
        return match(query, one)

    monkeypatch.setattr(Query, "matches", told)
    readers = [Reader(store, heavy), Reader(store, light)]
    async with live(*readers):
        texts = [*keep(store, *numbered(3)), *keep(store, *numbered(700, 3))]
        for reader in readers:
            await reader.has(*texts)
        assert readers[0].missed == []
    assert here not in threads[heavy]
    assert here in threads[light]


async def turn() -> None:
    """Let everything on the loop that is due have its turn."""
    over = asyncio.Event()
    asyncio.get_running_loop().call_soon(over.set)
    await over.wait()


async def test_each_entry_is_decoded_once_and_matched_once_for_each_query(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten sockets with two queries cost one decoding and two matchings."""
    decoded, matched = Counter[str](), Counter[tuple[str, str]]()
    decode, match = Entry.decode, Query.matches

    def counted_decode(line: bytes, cursor: str = "") -> Entry:
        decoded[(made := decode(line, cursor)).msg] += 1
        return made

    def counted_match(query: Query, one: Entry) -> bool:
        matched[query.text, one.msg] += 1
        return match(query, one)

    keep(store, "noise")  # a writer looks into its first line
    readers = [Reader(store, "entry" if number % 2 else "-noise") for number in range(10)]
    async with live(*readers):
        monkeypatch.setattr(Entry, "decode", counted_decode)
        monkeypatch.setattr(Query, "matches", counted_match)
        texts = keep(store, *numbered(50))
        for reader in readers:
            await reader.has(*texts)
    assert decoded == Counter(texts)
    assert {matched[query, text] for query in ("entry", "-noise") for text in texts} == {1}


async def test_no_socket_has_a_thread(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes live is passed on without any other thread."""
    readers = [Reader(store) for _ in range(5)]
    async with live(*readers):

        def refused(*_: Any) -> None:
            raise AssertionError("a thread")

        monkeypatch.setattr(asyncio, "to_thread", refused)
        texts = keep(store, *numbered(20))
        for reader in readers:
            await reader.has(*texts)


async def test_the_follower_lives_as_long_as_anybody_looks(store: Store) -> None:
    """Two share one; when the last has left nothing waits for the store, so that logging costs nothing more."""
    first, second = Reader(store), Reader(store, "entry")
    async with live(first, second):
        assert len(follower._shared) == 1
        await first.leave()
        texts = keep(store, "entry")
        await second.has(*texts)
    assert follower._shared == {}
    await turn()
    assert store._wake.waiting == {}  # type: ignore[attr-defined]


async def test_frames_are_made_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """All who stand at the same place are sent the same."""
    made: list[int] = []
    make = matches.Matches._made
    monkeypatch.setattr(matches.Matches, "_made", lambda self, number: made.append(number) or make(self, number))
    readers = [Reader(store) for _ in range(8)]
    async with live(*readers):
        texts: list[str] = []
        for number in range(5):
            texts += keep(store, *numbered(30, 30 * number))
            for reader in readers:
                await reader.has(*texts)
        (shared,) = follower._shared.values()
        (found,) = shared.follower._matches.values()
        assert len(found._frames) <= 1  # those of earlier rounds are let go of
    assert made and len(made) == len(set(made))


async def test_what_comes_while_all_are_sent_to_is_not_forgotten() -> None:
    """A ring is never looked at unless it wakes: a hint that comes during a round holds for the next."""
    store = RingStore()
    reader = Reader(store)
    send = reader.send

    async def chatty(text: str) -> None:
        if "first" in text:
            keep(store, "second")
        await send(text)

    reader.pump._send = chatty
    async with live(reader):
        keep(store, "first")
        await reader.has("first", "second")


async def test_a_slow_client_reads_what_is_no_longer_shared(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is handed two frames while it acknowledges nothing, and then the rest, once and in order."""
    monkeypatch.setattr(follower, "KEPT_BYTES", 1_000)
    monkeypatch.setattr(matches, "FRAME_ENTRIES", 7)
    monkeypatch.setattr(pump, "FRAME_ENTRIES", 7)
    slow, quick = Reader(store), Reader(store)
    async with live(slow, quick):
        slow.is_lazy = True
        await slow.until(lambda: slow.frames == 1)  # the backlog
        texts: list[str] = []
        for number in range(40):
            texts += keep(store, *numbered(5, 5 * number))
            await quick.has(*texts)
        assert slow.frames <= 3  # the backlog was acknowledged; two more
        assert len(slow.texts) <= 14
        slow.is_lazy = False
        slow.acknowledge()
        await slow.has(*texts)
        texts += keep(store, "live again")
        await slow.has(*texts)
        await quick.has(*texts)
    assert (slow.missed, quick.missed) == ([], [])


async def test_who_is_too_slow_learns_once_that_entries_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """And where; a quick one has all of them and learns nothing of the kind."""
    monkeypatch.setattr(follower, "KEPT_BYTES", 1_000)
    store = RingStore(capacity=30)
    slow, quick = Reader(store), Reader(store)
    async with live(slow, quick):
        slow.is_lazy = True
        texts: list[str] = []
        for number in range(40):
            texts += keep(store, *numbered(5, 5 * number))
            await quick.has(*texts)
        held = len(slow.texts)
        slow.is_lazy = False
        slow.acknowledge()
        await slow.until(lambda: slow.texts[-1:] == texts[-1:])
        assert slow.texts == texts[:held] + texts[-30:]
    assert (slow.missed, quick.missed) == ([held], [])


async def test_all_learn_it_when_the_follower_itself_came_too_late() -> None:
    """A burst beyond the capacity between two rounds."""
    store = RingStore(capacity=20)
    readers = [Reader(store), Reader(store, "entry"), Reader(store, "nothing")]
    async with live(*readers):
        keep(store, *numbered(5))
        for reader in readers[:2]:
            await reader.has(*numbered(5))
        keep(store, *numbered(100, 5))  # the loop does not run meanwhile
        for reader in readers:
            await reader.until(lambda reader=reader: bool(reader.missed))
        for reader in readers[:2]:
            await reader.has(*numbered(5), *numbered(20, 85))
    assert [reader.missed for reader in readers] == [[5], [5], [0]]


async def test_who_resumes_gets_what_it_has_not_seen(store: Store) -> None:
    """From its cursor on, while entries pour in."""
    first, other = Reader(store), Reader(store)
    async with live(first, other):
        texts = keep(store, *numbered(30))
        await first.has(*texts)
        await first.leave()
        texts += keep(store, *numbered(30, 30))
        again = Reader(store, after=first.after)
        texts += keep(store, *numbered(30, 60))
        await again.has(*texts[30:])
        await other.has(*texts)
        await again.leave()
    assert again.missed == []


async def test_who_has_read_further_than_the_follower_waits_for_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is not sent again what it has."""
    read, is_blind = store.newer, True

    def newer(query: Query, after: str = "", limit: int = 500) -> Batch:
        return Batch([], after, after) if query is follower.EVERYTHING and is_blind else read(query, after, limit)

    monkeypatch.setattr(store, "newer", newer)
    async with live(other := Reader(store)):
        texts = keep(store, *numbered(10))
        async with live(ahead := Reader(store, after="")):
            await ahead.has(*texts)
            assert other.texts == []
            is_blind = False
            await other.has(*texts)
            texts += keep(store, "live")
            await ahead.has(*texts)


async def test_entries_that_did_not_match_are_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are gone since, but were looked at: a slow client that reads again missed nothing."""
    monkeypatch.setattr(follower, "KEPT_BYTES", 300)
    store = RingStore(capacity=30)
    slow, quick = Reader(store, "entry"), Reader(store)
    async with live(slow, quick):
        slow.is_lazy = True
        texts = []
        for text in numbered(2):
            texts += keep(store, text)
            await slow.has(*texts)  # no more than two go ahead
        for number in range(25):
            texts += keep(store, *(f"noise {number} {of}" for of in range(5)))
            await quick.has(*texts)
        for text in numbered(25, 2):
            texts += keep(store, text)
            await quick.has(*texts)
        slow.is_lazy = False
        slow.acknowledge()
        await slow.has(*numbered(27))
    assert slow.missed == []


async def test_own_entries_come_at_once(tmp_path: Path) -> None:
    """A process does not wait until it looks for those of others."""
    store = FileStore(tmp_path, poll_seconds=3_600)
    async with live(reader := Reader(store)):
        keep(store, "one")
        await reader.has("one")
        keep(store, "two")
        await reader.has("one", "two")


async def test_a_cursor_of_an_earlier_life_is_told_that_entries_are_gone() -> None:
    """The process was restarted: what it had in memory went with it."""
    before, after = RingStore(), RingStore()
    keep(before, "lost")
    keep(after, "kept")
    async with live(reader := Reader(after, after=before.older(Query()).after)):
        await reader.has("kept")
        keep(after, "live")
        await reader.has("kept", "live")
    assert reader.missed == [0]


async def test_a_crowd_that_comes_back_leaves_threads_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few read at a time, the others wait for their turn; all are served."""
    store = RingStore()
    keep(store, *numbered(3))
    reading, most, gate = 0, 0, threading.Barrier(follower.READS)
    newer, lock = store.newer, threading.Lock()

    def counted(query: Query, *rest: Any) -> Any:
        nonlocal reading, most
        if query is follower.EVERYTHING:
            return newer(query, *rest)
        with lock:
            reading += 1
            most = max(most, reading)
        gate.wait(10)  # as many as may read at once do
        with lock:
            reading -= 1
        return newer(query, *rest)

    monkeypatch.setattr(store, "newer", counted)
    crowd = [Reader(store, after="") for _ in range(4 * follower.READS)]
    async with live(*crowd):
        for reader in crowd:
            await reader.has(*numbered(3))
    assert most == follower.READS


async def test_many_queries_do_not_hold_up_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others on the loop have their turn between two queries."""
    monkeypatch.setattr(follower, "MATCH_SECONDS", -1.0)
    store = RingStore()
    turns: list[str] = []
    match = Query.matches

    def noted(query: Query, one: Entry) -> bool:
        if query.text.startswith("entry "):
            turns.append(query.text)
            asyncio.get_running_loop().call_soon(turns.append, "other")
        return match(query, one)

    readers = [Reader(store, f"entry OR {number}") for number in range(3)]
    async with live(*readers):
        monkeypatch.setattr(Query, "matches", noted)
        keep(store, "entry")
        for reader in readers:
            await reader.has("entry")
    assert turns[:4] == ["entry OR 0", "other", "entry OR 1", "other"]


async def test_a_store_that_fails_ends_all_and_the_next_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sockets are closed; pages that come back are served."""
    store = RingStore()

    def broken(*_: Any) -> None:
        raise OSError("disk on fire")

    readers = [Reader(store), Reader(store, "entry")]
    async with live(*readers):
        with monkeypatch.context() as patched:
            patched.setattr(store, "newer", broken)
            keep(store, "entry")
            for reader in readers:
                with pytest.raises(OSError, match="disk on fire"):
                    await reader.task
    async with live(again := Reader(store)):
        await again.has("entry")


async def test_memory_for_all_queries_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The more queries, the less is kept for each."""
    monkeypatch.setattr(follower, "ALL_BYTES", 30_000)
    store = RingStore()
    readers = [Reader(store, f"entry OR {number}") for number in range(10)]
    async with live(*readers):
        for number in range(20):
            keep(store, *numbered(20, 20 * number))
            for reader in readers:
                await reader.until(lambda reader=reader, number=number: len(reader.texts) == 20 * (number + 1))
        (shared,) = follower._shared.values()
        for found in shared.follower._matches.values():
            assert 0 < found._bytes <= 3_000 and len(found._lines) == len(found._cursors) < 20


def test_pace() -> None:
    """A round waits for six times what it cost, 5 ms at least and 85 ms at most; those of a crowd share the most."""
    assert [follower.pace(cost) for cost in (0.0, 0.001, 0.01, 1.0)] == [0.005, 0.006, 0.06, 0.085]
    assert follower.pace(0.001, 0.2) == pytest.approx(0.017)


async def test_a_crowd_is_rung_little_by_little(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of five in one round, the longest waiting first: no logging call waits until all of them were sent to."""
    rung: list[int] = []
    monkeypatch.setattr(follower, "CROWD", 2)
    readers = [Reader(store) for _ in range(5)]
    async with live(*readers):
        (shared,) = follower._shared.values()
        wake = shared.follower._wake

        def counted() -> float:
            before = len(shared.follower._due)
            share = wake()
            rung.append(before - len(shared.follower._due))
            return share

        monkeypatch.setattr(shared.follower, "_wake", counted)
        texts = keep(store, *numbered(20))
        for reader in readers:
            await reader.has(*texts)
    assert [number for number in rung if number] == [2, 2, 1]


@pytest.mark.parametrize("seed", range(12))
async def test_any_course_of_events_is_exact(store: Store, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients come, go, resume, are lazy, have other queries, while entries pour in and segments end."""
    monkeypatch.setattr(follower, "KEPT_BYTES", 1_500)
    for module in (pump, matches):
        monkeypatch.setattr(module, "FRAME_ENTRIES", 5)
    chance = random.Random(seed)
    queries = [ALL, "even", "odd", "even OR odd", "-even"]
    made: list[str] = []
    open_ones: list[tuple[Reader, str, int]] = []

    def wanted(q: str, start: int) -> list[str]:
        query = Query.parse(q)
        return [text for text in made[start:] if query.matches(entry("%s", text))]

    def append() -> None:
        texts = [f"{number} {'odd' if number % 2 else 'even'}" for number in range(len(made), len(made) + 7)]
        made.extend(keep(store, *texts))

    for _ in range(60):
        step = chance.choice(["append", "append", "open", "resume", "lazy", "busy", "turn"])
        if step == "append":
            append()
        elif step == "open" and len(open_ones) < 6:
            open_ones.append((Reader(store, q := chance.choice(queries), after=""), q, 0))
        elif step == "resume" and open_ones:
            reader, q, start = open_ones.pop(chance.randrange(len(open_ones)))
            await reader.leave()
            again = Reader(store, q, after=reader.after)
            again.texts += reader.texts
            open_ones.append((again, q, start))
        elif step in ("lazy", "busy") and open_ones:
            reader = chance.choice(open_ones)[0]
            reader.is_lazy = step == "lazy"
            reader.acknowledge()
        elif step == "turn":
            await turn()
    append()
    for reader, q, start in open_ones:
        reader.is_lazy = False
        reader.acknowledge()
        await reader.has(*wanted(q, start))
        assert reader.missed == []
        await reader.leave()
