"""A line without its end, as a killed writer leaves it, costs readers only itself, even with the next one behind it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logconsole.stores.file import FileStore
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.witnesses import ALL

NESTED = entry("nested", deep={"ts": "2026-11-24T07:35:40.123456Z", "level": "INFO", "msg": "no entry"})
HEADS = {
    "in the level": b'{"ts":"2026-11-24T07:35:40.123456Z","lev',
    "in the time": b'{"ts":"2026-11',
    "one byte": b"{",
    "in a character": entry("é").line.split(b"\xa9")[0],
    "in a string": entry('said {"ts":"').line[:-60],
    "behind something like an entry": NESTED.line[:-2],
    "two torn ones": b'{"ts":"2026-11-24T07:35:40.1{"ts":"2026-11-24T07:35:41.123456Z","level":"INF',
}


def assert_reads(store: FileStore, expected: list[str]) -> None:
    """The same from both ends, at once and in pieces; each cursor leads to its entry."""
    assert messages(store.newer(ALL).entries) == messages(store.older(ALL).entries) == expected
    assert messages(list(store.scan(ALL))) == expected
    assert messages(store.older(ALL, limit=1).entries) == expected[-1:]
    for made in store.newer(ALL).entries:
        assert store.newer(ALL, made.cursor, limit=1).entries == [made]
        older = messages(store.older(ALL, made.cursor).entries)
        assert older == expected[: len(older)] and made.msg not in older
    assert len(messages(store.older(ALL, store.newer(ALL).entries[-1].cursor).entries)) == len(expected) - 1


def segment(directory: Path, *parts: bytes) -> FileStore:
    """A store whose one segment holds these bytes."""
    (directory / f"{0:020d}.jsonl").write_bytes(b"".join(parts))
    return FileStore(directory)


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_torn_line_by_itself_is_skipped_and_counted(tmp_path: Path, head: bytes) -> None:
    """The next writer has ended it with a newline."""
    store = segment(tmp_path, entry("before").line, b"\n", head, b"\n", entry("behind").line, b"\n")
    assert_reads(store, ["before", "behind"])
    counted = FileStore(tmp_path)
    list(counted.scan(ALL))
    assert counted.unreadable == 1


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_torn_line_at_the_end_is_not_there_yet(tmp_path: Path, head: bytes) -> None:
    """Its writer may be about to finish it: what follows later is read from there, and nothing twice."""
    store = segment(tmp_path, entry("before").line, b"\n", head)
    batch = store.newer(ALL)
    assert messages(batch.entries) == messages(store.older(ALL).entries) == ["before"]
    assert store.unreadable == 0
    store.append(entry("behind"))
    assert messages(store.newer(ALL, batch.after).entries) == ["behind"]
    store.close()


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_entry_glued_to_a_torn_head_is_found(tmp_path: Path, head: bytes) -> None:
    """Readers go on at the next place where an entry begins, in both directions; the torn one is counted."""
    store = segment(tmp_path, entry("before").line, b"\n", head, entry("glued").line, b"\n", entry("last").line, b"\n")
    assert_reads(store, ["before", "glued", "last"])
    counted = FileStore(tmp_path)
    list(counted.scan(ALL))
    assert counted.unreadable >= 1


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.floats(0, 0.999))
def test_any_head_of_any_entry_costs_only_itself(tmp_path: Path, text: str, share: float) -> None:
    """Wherever it was cut, whatever it said: the one behind it is found, and only one entry is made of it."""
    line = entry("%s", text, values={"ts": text, text: [text]}).line
    head = line[: int(len(line) * share)]
    store = segment(tmp_path, head, entry("glued").line, b"\n", entry("last").line, b"\n")
    assert messages(store.newer(ALL).entries) == messages(store.older(ALL).entries) == ["glued", "last"]
