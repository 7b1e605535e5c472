"""Whatever lies in the directory, readers skip what they cannot read, count it, and go on."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from logconsole.stores.file import FileStore
from tests.children import ran
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.disks import NOBODY
from tests.stores.mutations import DAMAGES, Damage, assert_untouched_come_out
from tests.stores.witnesses import ALL

HUGE = 64 * 2**20  # bytes of a line; sparse


def line(text: str) -> bytes:
    """An entry on disk."""
    return entry(text).line + b"\n"


def put(directory: Path, base: int, data: bytes) -> Path:
    """A segment that holds these bytes."""
    path = directory / f"{base:020d}.jsonl"
    path.write_bytes(data)
    return path


def unreadable(path: Path) -> None:
    """A segment that only others may read."""
    path.write_bytes(line("secret"))
    path.chmod(0)


def bound(path: Path) -> None:
    """A socket where a segment should be."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


THINGS: dict[str, Callable[[Path], object]] = {
    "directory": Path.mkdir,
    "link to a file": lambda path: path.symlink_to("/etc/passwd"),
    "link to a segment": lambda path: path.symlink_to(f"{0:020d}.jsonl"),
    "link to nothing": lambda path: path.symlink_to("nowhere"),
    "pipe": os.mkfifo,
    "socket": bound,
    "empty": Path.touch,
    "unreadable": unreadable,
    "NUL": lambda path: path.write_bytes(bytes(5_000)),
    "NUL line": lambda path: path.write_bytes(bytes(5_000) + b"\n"),
    "half a character": lambda path: path.write_bytes(b'{"ts":"\xc3\n\xa9"}\n\xf0\x9f'),
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 40 + b"\n"),
    "other JSON": lambda path: path.write_bytes(b'[1]\nnull\n"x"\n{}\n{"ts":1,"level":2,"msg":3}\n{"msg":"x"}\n'),
    "deep JSON": lambda path: path.write_bytes(b"[" * 100_000 + b"\n" + b'{"a":' * 100_000 + b"\n"),
    "nothing but newlines": lambda path: path.write_bytes(b"\n" * 3_000),
    "no newline": lambda path: path.write_bytes(line("no end")[:-1]),
    "huge line": lambda path: (path.touch(), os.truncate(path, HUGE)),
}


def as_nobody(directory: str) -> None:
    """Read as somebody without privileges, and print what was found."""
    if os.geteuid() == 0:
        Path(directory).chmod(0o755)
        for parent in [*Path(directory).parents][:2]:  # those of a test, which only its user may enter
            parent.chmod(parent.stat().st_mode | 0o1)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    print(json.dumps(read(directory)))  # noqa: T201  # the answer


def read(directory: str) -> tuple[list[list[str]], int]:
    """What all ways of reading find, and how many lines could not be read."""
    store = FileStore(directory)
    pages: list[str] = []
    before, more = None, True
    while more:
        batch = store.older(ALL, before, limit=1)
        pages = messages(batch.entries) + pages
        before, more = batch.before, batch.more
    found = [messages(list(store.scan(ALL))), messages(store.older(ALL).entries), pages]
    return [*found, asyncio.run(followed(store))], store.unreadable


async def followed(store: FileStore) -> list[str]:
    """What one who follows from the beginning gets, up to the last entry."""
    batches = store.follow(ALL, "")
    seen: list[str] = []
    while "last" not in seen:
        seen += messages((await anext(batches)).entries)
    await batches.aclose()
    return seen


@pytest.mark.parametrize("thing", THINGS)
def test_thing_that_is_named_like_a_segment_is_passed_by(tmp_path: Path, thing: str) -> None:
    """Not followed, not waited for: the entries before and behind it come, in all directions."""
    put(tmp_path, 0, line("first"))
    THINGS[thing](tmp_path / f"{1_000:020d}.jsonl")
    put(tmp_path, 10**9, line("last"))
    (tmp_path / "notes.jsonl").write_bytes(line("foreign"))
    (tmp_path / "1.jsonl").write_bytes(line("foreign"))
    if thing == "unreadable":
        done = ran(as_nobody, tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        found, counted = json.loads(done.stdout)
    else:
        found, counted = read(str(tmp_path))
    assert found == [["first", "last"]] * 4
    counts = {"NUL line", "half a character", "garbage", "other JSON", "deep JSON", "huge line", "unreadable"}
    assert (counted > 0) == (thing in counts)


@pytest.mark.parametrize("thing", ["directory", "link to a file", "pipe", "socket", "empty", "garbage"])
def test_writer_goes_on_beside_what_is_named_like_a_segment(tmp_path: Path, thing: str) -> None:
    """It neither waits for it nor writes through it, and what it writes is found."""
    put(tmp_path, 0, line("first"))
    THINGS[thing](tmp_path / f"{1_000:020d}.jsonl")
    store = FileStore(tmp_path)
    store.append(entry("new"))
    assert (store.trouble, messages(store.older(ALL).entries)) == ("", ["first", "new"])
    store.close()


def test_segment_that_shrinks_under_a_reader_harms_nobody(tmp_path: Path) -> None:
    """Truncated to nothing, and to the middle of a line, between two reads: no crash, and the next entries come."""
    path = put(tmp_path, 0, b"".join(line(f"entry {number}") for number in range(100)))
    store = FileStore(tmp_path)
    batch = store.newer(ALL, limit=50)
    for size in (path.stat().st_size - 30, 5_000, 20, 0):
        os.truncate(path, size)
        for cursor in ("", batch.after, batch.before):
            assert len(store.newer(ALL, cursor).entries) <= 100
            assert len(store.older(ALL, cursor or None).entries) <= 100
    writer = FileStore(tmp_path)
    writer.append(entry("again"))
    after = store.newer(ALL, batch.after)
    assert after.missed
    assert messages(after.entries) == messages(store.older(ALL).entries) == ["again"]
    writer.close()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DAMAGES)
def test_damage_costs_only_what_it_touches(tmp_path: Path, damages: list[Damage]) -> None:
    """Bytes changed, cut out and put in anywhere: all other entries come, in order, from both ends."""
    assert_untouched_come_out(tmp_path, damages)
