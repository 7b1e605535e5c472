"""`tail` with what is around each match, now and later."""

from __future__ import annotations

import json
import select
from pathlib import Path

import pytest

from logconsole.stores.file import FileStore
from tests.management.processes import on_terminal, ran, started
from tests.management.test_tail_logs import TAILS, message, stopped, until
from tests.records import entry

OLD = ["a 0", "hit 1", "a 2", "a 3", "a 4", "hit 5", "a 6"]


@pytest.fixture
def filled(store: FileStore) -> FileStore:
    """Two matches with others around them."""
    for text in OLD:
        store.append(entry(text, level=40 if text.startswith("hit") else 20))
    return store


def shown(directory: Path, name: str, *options: str) -> list[str]:
    """The messages and the lines between them."""
    code, out, err = ran(directory, name, "--no-follow", "--query=hit", *options)
    assert (code, err) == (0, "")
    return [message(line) for line in out.decode().splitlines()]


@TAILS
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["-C1"], ["a 0", "hit 1", "a 2", "--", "a 4", "hit 5", "a 6"]),
        (["--context=2"], OLD),
        (["-A1"], ["hit 1", "a 2", "--", "hit 5", "a 6"]),
        (["-B1"], ["a 0", "hit 1", "--", "a 4", "hit 5"]),
        (["-C1", "-A0"], ["a 0", "hit 1", "--", "a 4", "hit 5"]),
        (["-C1", "-n1"], ["a 4", "hit 5", "a 6"]),
        (["-C9", "-n0"], []),
        (["-C0"], ["hit 1", "hit 5"]),
    ],
)
def test_what_is_around_is_shown(
    filled: FileStore, directory: Path, name: str, options: list[str], expected: list[str]
) -> None:
    """As grep counts; a line between groups that do not touch."""
    assert shown(directory, name, *options) == expected


def test_what_is_around_passes_every_filter(filled: FileStore, directory: Path) -> None:
    """Of another level, and made before the time asked for."""
    _, out, _ = ran(directory, "tail", "--no-follow", "--level=error", "--logger=shop", "-B1", "-n1")
    assert [message(line) for line in out.decode().splitlines()] == ["a 4", "hit 5"]


def test_lines_of_json_have_nothing_between_them(filled: FileStore, directory: Path) -> None:
    """Each is an entry."""
    _, out, _ = ran(directory, "tail", "--no-follow", "--query=hit", "-C1", "--format=jsonl")
    assert [json.loads(line)["msg"] for line in out.splitlines()] == [text for text in OLD if text != "a 3"]


def test_a_terminal_tells_them_from_matches(filled: FileStore, directory: Path) -> None:
    """They are faint, every line of them; the match has its colours."""
    filled.append(entry("two\nlines"))
    lines = on_terminal(directory, "tail", "--no-follow", "--query=hit", "-n1", "-C2").splitlines()[1:]
    faint = [line.startswith("\x1b[2m") and line.endswith("\x1b[0m") for line in lines]
    assert faint == [True, True, False, True, True, True]
    assert "\x1b[1;31mERROR\x1b[0m" in lines[2]


@TAILS
def test_what_is_around_later_matches_is_shown(filled: FileStore, directory: Path, name: str) -> None:
    """What follows a match comes when it is logged; what was before a new one is known already, and not repeated."""
    with started(directory, name, "--query=hit", "-C2", "-n1") as tail:
        assert until(tail, "a 6") == ["a 3", "a 4", "hit 5", "a 6"]
        filled.append(entry("b 7"))
        assert until(tail, "b 7") == ["b 7"]
        for text in ("b 8", "b 9", "b 10", "hit 11"):
            filled.append(entry(text))
        assert until(tail, "hit 11") == ["--", "b 9", "b 10", "hit 11"]
        for text in ("b 12", "b 13", "b 14", "hit 15", "b 16"):
            filled.append(entry(text))
        assert until(tail, "b 16") == ["b 12", "b 13", "b 14", "hit 15", "b 16"]
        assert stopped(tail) == (0, "", "")


def test_a_tail_of_new_ones_knows_what_was_before(filled: FileStore, directory: Path) -> None:
    """Matches that were there are not shown for their own sake."""
    with started(directory, "tail", "--query=new", "-B2", "-n0") as tail:
        assert tail.stdout
        while not select.select([tail.stdout], [], [], 0.01)[0]:  # until it follows
            filled.append(entry("other"))
            filled.append(entry("new"))
        first = [message(tail.stdout.readline()) for _ in range(3)]
        assert first in (["a 6", "other", "new"], ["new", "other", "new"])
        assert stopped(tail)[::2] == (0, "")


def test_none_of_what_was_there_is_shown_by_itself(filled: FileStore, directory: Path) -> None:
    """With -n 0 the last match is no reason to show what is around it."""
    assert shown(directory, "tail", "-n0", "-C5") == []
