"""What every store must do; each implementation runs it."""

from __future__ import annotations

import asyncio
import json

import pytest

from logconsole.query import Query
from logconsole.stores.base import CursorError, Store
from tests.records import entry

ALL = Query()
LOGGERS = ("shop", "shop.orders", "shopping", "django.request")


def messages(entries: list) -> list[str]:
    """What the entries say, in their order."""
    return [made.msg for made in entries]


class StoreContract:
    """Inherit, and give a fixture `store`: empty, with room for 1,000 entries."""

    def fill(self, store: Store, count: int, start: int = 0) -> list[str]:
        """Append numbered entries; every tenth is an error."""
        texts = [f"entry {number}" for number in range(start, start + count)]
        for number, text in enumerate(texts, start):
            store.append(entry(text, level=40 if number % 10 == 0 else 20))
        return texts

    def test_empty_store_answers_with_nothing(self, store: Store) -> None:
        """Both directions of an empty store are empty batches whose cursors can be used."""
        for batch in (store.newer(ALL), store.older(ALL)):
            assert (batch.entries, batch.more, batch.missed, batch.scanned) == ([], False, False, 1.0)
            assert store.newer(ALL, batch.after).entries == []

    def test_newer_reads_all_in_order(self, store: Store) -> None:
        """Batch by batch from the beginning, every entry comes once, in arrival order."""
        texts = self.fill(store, 95)
        seen, after = [], ""
        while True:
            batch = store.newer(ALL, after, limit=10)
            seen += messages(batch.entries)
            after = batch.after
            if not batch.more:
                break
        assert seen == texts

    def test_older_reads_all_backward(self, store: Store) -> None:
        """Batch by batch from the end, every entry comes once; each batch is in arrival order."""
        texts = self.fill(store, 95)
        seen: list[str] = []
        before = None
        while True:
            batch = store.older(ALL, before, limit=10)
            seen = messages(batch.entries) + seen
            before = batch.before
            if not batch.more:
                break
        assert seen == texts

    def test_history_and_live_meet_without_gap_or_duplicate(self, store: Store) -> None:
        """What is appended behind the newest page is exactly what follows its `after`."""
        self.fill(store, 20)
        page = store.older(ALL, limit=5)
        later = self.fill(store, 7, start=20)
        assert messages(page.entries) == [f"entry {n}" for n in range(15, 20)]
        assert messages(store.newer(ALL, page.after).entries) == later

    def test_cursor_of_an_entry_is_where_it_begins(self, store: Store) -> None:
        """Around a cursor, both directions together hold the entry once."""
        self.fill(store, 20)
        middle = store.newer(ALL).entries[10]
        assert messages(store.newer(ALL, middle.cursor, limit=1).entries) == ["entry 10"]
        assert messages(store.older(ALL, middle.cursor, limit=1).entries) == ["entry 9"]
        assert messages(store.older(ALL, "", limit=1).entries) == ["entry 19"]

    def test_query_selects(self, store: Store) -> None:
        """Only matches are returned, and the cursor moves past what did not match."""
        self.fill(store, 40)
        batch = store.newer(Query.parse("level:error"), limit=3)
        assert messages(batch.entries) == ["entry 0", "entry 10", "entry 20"]
        assert batch.more
        assert messages(store.newer(Query.parse("level:error"), batch.after).entries) == ["entry 30"]
        assert messages(store.older(Query.parse("level:error"), limit=2).entries) == ["entry 20", "entry 30"]

    def test_logger_selects_its_children_too(self, store: Store) -> None:
        """By the whole name or by its beginning, forward, backward and counted; another logger's are left out."""
        for number in range(100):
            store.append(entry(f"entry {number}", name=LOGGERS[number % 4]))
        for query, wanted in (("logger:shop", [0, 1]), ("logger:shop.orders", [1]), ("-logger:shop", [2, 3])):
            made = Query.parse(query)
            texts = [f"entry {number}" for number in range(100) if number % 4 in wanted]
            assert messages(store.newer(made).entries) == messages(store.older(made).entries) == texts
            assert sum(map(sum, store.timeline(made).levels.values())) == len(texts)

    def test_spent_budget_answers_with_how_far_it_got(self, store: Store) -> None:
        """A search that runs out of time returns what it has, and goes on from its cursors to the full answer."""
        self.fill(store, 200)
        store.scan_seconds = -1.0
        query = Query.parse('"entry 0" OR "entry 199"')
        batch = store.older(query)
        assert batch.more and 0 < batch.scanned < 1
        seen = messages(batch.entries)
        while batch.more:
            batch = store.older(query, batch.before)
            seen = messages(batch.entries) + seen
        assert seen == ["entry 0", "entry 199"]
        assert messages(list(store.scan(query))) == seen

    def test_time_is_looked_at_for_every_entry(self, store: Store) -> None:
        """One entry may take long to decide on: a call whose time is over answers behind the next one."""
        self.fill(store, 5)
        store.scan_seconds = -1.0
        assert messages(store.newer(ALL).entries) == ["entry 0"]
        assert messages(store.older(ALL).entries) == ["entry 4"]
        assert sum(map(sum, store.timeline(Query.parse("entry")).levels.values())) == 1

    def test_scan_reads_to_the_end(self, store: Store) -> None:
        """A scan gives every match once, from a cursor or from the beginning."""
        texts = self.fill(store, 30)
        assert messages(list(store.scan(ALL))) == texts
        assert messages(list(store.scan(ALL, store.newer(ALL, limit=10).after))) == texts[10:]

    def test_scan_ends_where_the_store_ended(self, store: Store) -> None:
        """What is appended while a scan runs is not part of it."""
        texts = self.fill(store, 3)
        found = store.scan(ALL)
        self.fill(store, 3, start=3)
        assert messages(list(found)) == texts

    async def test_follow_gives_what_comes(self, store: Store) -> None:
        """A follower that starts at the end gets exactly what is appended from then on."""
        self.fill(store, 5)
        batches = store.follow(ALL, store.older(ALL).after)
        waiting = asyncio.ensure_future(anext(batches))
        texts = await asyncio.to_thread(self.fill, store, 3, 5)
        seen = messages((await waiting).entries)
        while len(seen) < 3:
            seen += messages((await anext(batches)).entries)
        await batches.aclose()
        assert seen == texts

    async def test_changed_returns_at_once_where_there_is_something(self, store: Store) -> None:
        """Nobody waits for what is already there."""
        before = store.older(ALL).after
        self.fill(store, 1)
        await store.changed(before)

    def test_timeline_counts_by_level(self, store: Store) -> None:
        """Every entry stands in one span of its level."""
        self.fill(store, 50)
        timeline = store.timeline(ALL, buckets=10)
        assert {level: sum(counts) for level, counts in timeline.levels.items()} == {"ERROR": 5, "INFO": 45}
        assert all(len(counts) <= 10 for counts in timeline.levels.values())
        assert timeline.scanned == 1.0

    def test_batch_is_the_object_of_the_wire(self, store: Store) -> None:
        """Encoded, a batch has the keys of the contract, and each entry its cursor."""
        self.fill(store, 2)
        batch = store.older(ALL)
        data = json.loads(batch.encode())
        assert list(data) == ["entries", "after", "before", "more", "missed", "scanned"]
        assert [made["cursor"] for made in data["entries"]] == [made.cursor for made in batch.entries]
        assert [made["msg"] for made in data["entries"]] == ["entry 0", "entry 1"]

    def test_split_batch_goes_on_without_gap(self, store: Store) -> None:
        """The parts of a batch hold its entries once, and each ends where the next begins."""
        self.fill(store, 25)
        batch = store.older(ALL)
        parts = list(batch.split(limit=10, size=1_000_000))
        assert [len(part.entries) for part in parts] == [10, 10, 5]
        assert [part.before for part in parts[1:]] == [part.after for part in parts[:-1]]
        assert (parts[0].before, parts[-1].after, parts[-1].more) == (batch.before, batch.after, batch.more)
        assert len(list(batch.split(limit=500, size=1))) == 25

    def test_parts_of_a_batch_are_no_larger_than_asked_on_the_wire(self, store: Store) -> None:
        """Cursors, commas and what stands around the entries included."""
        self.fill(store, 100)
        batch = store.older(ALL)
        for size in (2_048, 4_096, 5_000):
            parts = list(batch.split(limit=500, size=size))
            assert 1 < len(parts) < 50
            assert all(len(part.encode()) <= size for part in parts)

    @pytest.mark.parametrize("cursor", ["x", "-1", "12a", "١٢", "9" * 40, "../../etc"])
    def test_foreign_cursor_is_refused(self, store: Store, cursor: str) -> None:
        """What no store of this kind handed out is an error that says so."""
        for read in (store.newer, store.older):
            with pytest.raises(CursorError, match="is no cursor"):
                read(ALL, cursor)

    def test_hostile_text_is_kept_whole(self, store: Store) -> None:
        """Line ends, NUL and other scripts come back as they were."""
        text = 'a\nb\r\0\x1b[31m "q" \\ ß 日本 \u2028 end'
        store.append(entry("%s", text))
        assert messages(store.newer(ALL).entries) == [text]
        assert json.loads(store.older(ALL).encode())["entries"][0]["msg"] == text
