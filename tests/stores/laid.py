"""Directories of segments as writers leave them, good and bad, and what is in them to a reader who takes his time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from logconsole.entry import Entry, EntryError
from logconsole.stores.lines import entry_behind

WORDS = ("timeout", "Straße", "İstanbul", "order 7", 'said "no"', "a\\b", "Kelvin", "ﬁn", "tab\there")
LEVELS = (("DEBUG", None), ("INFO", None), ("ERROR", None), ("CRITICAL", None), ("NOTICE", 25), ("FATALITY", 60))
HEAD = b'{"ts":"2026-11-23T07:35:40.123456Z","level":"ERROR","msg":"torn he'
SECONDS = st.integers(0, 400) | st.sampled_from([0, 59, 60, 3_600, 86_400])


def stamp(seconds: int, micros: int) -> str:
    """A `ts` so long after midnight."""
    day, rest = divmod(seconds, 86_400)
    return f"2026-11-{13 + day:02d}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}.{micros:06d}Z"


STAMPS = st.builds(stamp, SECONDS, st.integers(0, 999_999)) | st.sampled_from(["soon", "2026-11-13T00:00:07+02:00"])
MESSAGES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
EXTRAS = st.none() | st.fixed_dictionaries(
    {"status": st.sampled_from([200, 404, 500]), "path": st.sampled_from(["/a/b", "/c"])}
)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """An entry as a writer of ours makes it."""
    level, number = draw(st.sampled_from(LEVELS))
    return Entry(
        ts=draw(STAMPS),
        level=level,
        levelno=number,
        msg=draw(MESSAGES),
        logger=draw(st.sampled_from(["shop", "shop.orders", "django.request"])),
        service=draw(st.sampled_from(["web", "worker"])),
        host="one",
        pid=7,
        exc=draw(st.sampled_from(["", 'Traceback\n  File "a.py"\nValueError: İ'])),
        extra=draw(EXTRAS),
    )


def _foreign(entry: Entry) -> bytes:
    """The same as another program would write it."""
    values: dict[str, Any] = json.loads(entry.line)
    return json.dumps(dict(sorted(values.items())), ensure_ascii=True).encode()


GOOD = entries().map(lambda entry: entry.line)
VOID = Entry(ts="2026-11-13T00:01:00.000000Z", level="ERROR", msg="timeout", host="one", pid=7).line
LINES = (
    GOOD
    | GOOD
    | GOOD
    | entries().map(_foreign)
    | GOOD.map(lambda line: HEAD + line)
    | st.sampled_from(
        [b"", b"garbage", b"\xff\xfe", b'{"ts":"2026-11-13T00:00:00.000000Z","level":"ERROR"}', HEAD, b"[1]"]
    )
)
SEGMENTS = st.lists(st.lists(LINES, max_size=12), min_size=1, max_size=5)


def lay(directory: Path, segments: Sequence[Sequence[bytes]], torn: bytes = HEAD) -> None:
    """Write the segments; each but the last ends in a line that was never finished."""
    base = 0
    for number, lines in enumerate(segments, 1):
        data = b"".join(line + b"\n" for line in lines) + (torn if number < len(segments) else b"")
        (directory / f"{base:020d}.jsonl").write_bytes(data)
        base += len(data) + 5  # a hole


def found(segments: Sequence[Sequence[bytes]]) -> list[Entry]:
    """Every entry that can be read, in order."""
    made = []
    for line in (line for lines in segments for line in lines if line):
        try:
            made.append(Entry.decode(line))
        except EntryError:
            if entry := entry_behind(line, 0):
                made.append(entry)
    return made
