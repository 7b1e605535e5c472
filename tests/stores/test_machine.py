"""Each store, driven at random, against a plain list."""

from __future__ import annotations

import tempfile
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from logconsole.query import Query
from logconsole.stores.base import Store
from logconsole.stores.file import FileStore
from logconsole.stores.ring import RingStore
from tests.records import entry

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
QUERIES = st.sampled_from(["", "a", "-a", "level:error", "level>=error OR b"])


class Machine(RuleBasedStateMachine):
    """What a store answers is what a list of the same entries answers."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.made: list[Any] = []
        self.read = 0
        self.after = ""

    @rule(text=TEXTS, is_error=st.booleans())
    def append(self, text: str, is_error: bool) -> None:
        """One more entry."""
        made = entry("%s", text, level=40 if is_error else 20)
        self.store.append(made)
        self.made.append(made)

    @rule(query=QUERIES, limit=st.integers(1, 5))
    def newer(self, query: str, limit: int) -> None:
        """Forward from the beginning, in pieces: the matches of the list."""
        wanted = [made for made in self.made if Query.parse(query).matches(made)]
        seen, after, more = [], "", True
        while more:
            batch = self.store.newer(Query.parse(query), after, limit)
            assert len(batch.entries) <= limit and not batch.missed
            seen += batch.entries
            after, more = batch.after, batch.more
        assert [made.line for made in seen] == [made.line for made in wanted]

    @rule(query=QUERIES, limit=st.integers(1, 5))
    def older(self, query: str, limit: int) -> None:
        """Backward from the end, in pieces: the same."""
        wanted = [made for made in self.made if Query.parse(query).matches(made)]
        seen: list[Any] = []
        before, more = None, True
        while more:
            batch = self.store.older(Query.parse(query), before, limit)
            seen = batch.entries + seen
            before, more = batch.before, batch.more
        assert [made.line for made in seen] == [made.line for made in wanted]

    @rule(limit=st.integers(1, 5))
    def go_on(self, limit: int) -> None:
        """A follower's next batch is what the list has behind what it has read."""
        batch = self.store.newer(Query(), self.after, limit)
        expected = self.made[self.read : self.read + limit]
        assert [made.line for made in batch.entries] == [made.line for made in expected]
        self.after, self.read = batch.after, self.read + len(batch.entries)


class RingMachine(Machine):
    """In memory."""

    def __init__(self) -> None:
        super().__init__()
        self.store = RingStore(capacity=1_000)


class FileMachine(Machine):
    """On disk, with segments of a few entries; it is reopened and torn now and then."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.store = self.opened()

    def opened(self) -> FileStore:
        """A store of the same directory, as a new process would open it."""
        return FileStore(self.directory.name, segment_bytes=900, retain_bytes=10**9, retain_segments=10**6)

    @rule()
    def reopen(self) -> None:
        """Restart of the process."""
        self.store.close()
        self.store = self.opened()

    @precondition(lambda self: self.made)
    @rule()
    def rotate(self) -> None:
        """A new segment begins, as at midnight."""
        self.store._writer._period_end = 0.0  # type: ignore[attr-defined]

    @precondition(lambda self: self.made)
    @rule(tail=st.sampled_from([b"{", b'{"ts":"x', b"\x00\x00", b"\xff"]))
    def tear(self, tail: bytes) -> None:
        """A writer is killed inside a write."""
        from logconsole.stores.segments import segments

        with open(segments(self.directory.name)[-1].path, "ab") as file:
            file.write(tail)

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.store.close()
        self.directory.cleanup()


@pytest.mark.parametrize("machine", [RingMachine, FileMachine])
def test_store_answers_like_a_list(machine: type[Machine]) -> None:
    """Any sequence of appending, reading, rotating, tearing and reopening."""
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(machine, settings=settings(max_examples=60, stateful_step_count=30, deadline=None))
