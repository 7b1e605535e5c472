"""Making the index of a segment, a block at a time."""

from __future__ import annotations

from array import array
from collections import Counter

import msgspec

from logconsole.entry import Entry, EntryError
from logconsole.record import LEVELS
from logconsole.search.literals import Exact
from logconsole.stores.blocks import Block
from logconsole.stores.index import MOST_NAMES, MOST_UNITS, SEVERE, SPARSE, UNITS, Index, Level, LevelKey
from logconsole.stores.lines import entry_behind, lines
from logconsole.times import canonical, moment


class Head(msgspec.Struct, gc=False):
    """What an index needs of an entry, and what makes a line one."""

    ts: str
    level: str
    msg: str
    levelno: int | None = None
    logger: str = ""
    service: str = ""


class Builder:
    """Takes the blocks of a segment in their order; `expected`: how many bytes there will be, about."""

    def __init__(self, expected: int = 0) -> None:
        self.expected = expected
        self.size = 0
        """Bytes of the segment that were taken."""
        self._unit = min(UNITS)
        self._known: dict[str, int | None] = {}
        self._units: dict[int, tuple[int, int]] = {}
        self._counts: dict[LevelKey, Counter[int]] = {}
        self._offsets: dict[LevelKey, array[int]] = {}
        self._loggers: Counter[str] = Counter()
        self._services: Counter[str] = Counter()
        self._entries = self._unreadable = self._timeless = 0
        self._first = self._last = ""

    def take(self, block: Block) -> None:
        """Count the entries of the next block."""
        text = bytes(memoryview(block.data)[block.begin : block.end])
        heads = heads_of(text)
        if not heads or not self._count(heads, text, block.at, block.at + len(text)):
            self._take_one_by_one(block)
        self.size = block.at + len(text)

    def index(self, size: int | None = None) -> Index:
        """Of what was taken so far; `size` counts what stands behind the last complete line as well."""
        units = sorted(self._units)
        levels = [
            Level(name, number, [counts[unit] for unit in units], self._pointers((name, number)))
            for (name, number), counts in sorted(self._counts.items(), key=str)
        ]
        begins, ends = [self._units[unit][0] for unit in units], [self._units[unit][1] for unit in units]
        return Index(
            size=self.size if size is None else size,
            unit=self._unit,
            units=units,
            begins=begins,
            ends=ends,
            levels=levels,
            entries=self._entries,
            unreadable=self._unreadable,
            timeless=self._timeless,
            first=self._first,
            last=self._last,
            loggers=dict(self._loggers.most_common(MOST_NAMES)),
            services=dict(self._services.most_common(MOST_NAMES)),
        )

    def _pointers(self, key: LevelKey) -> bytes | None:
        offsets = self._offsets.get(key, array("I"))
        is_sparse = _number(*key) >= SEVERE and len(offsets) * SPARSE <= self.size
        return offsets.tobytes() if is_sparse else None

    def _count(self, heads: list[Head], text: bytes, at: int, end: int) -> bool:
        """Whether it was counted: the bytes must tell where each severe entry is."""
        stamps = _stamps(heads)
        if not self._entries:
            self._unit = _guess(min(stamps), max(stamps), self.expected / len(text))
        told = UNITS[self._unit]
        found = Counter([(ts[:told], head.level, head.levelno) for ts, head in zip(stamps, heads, strict=True)])
        severe = _severe(found, text)
        if severe is None:
            return False
        self._add_all(heads, stamps)
        for (start, name, number), count in found.items():
            self._add(start, (name, number), count, at, end)
        for key, offsets in severe.items():
            self._offsets.setdefault(key, array("I")).extend(at + offset for offset in offsets)
        while len(self._units) > MOST_UNITS and self._unit < max(UNITS):
            self._coarsen()
        return True

    def _add_all(self, heads: list[Head], stamps: list[str]) -> None:
        first, last = min(stamps), max(stamps)
        self._first = min(self._first, first) if self._entries else first
        self._last = max(self._last, last)
        self._entries += len(heads)
        self._loggers.update([head.logger for head in heads])
        self._services.update([head.service for head in heads])

    def _add(self, start: str, key: LevelKey, count: int, begin: int, end: int) -> None:
        if key not in self._counts:
            self._counts[key] = Counter()
        if start not in self._known:
            self._known[start] = _unit(start, self._unit)
        unit = self._known[start]
        if unit is None:
            self._timeless += count
            return
        self._counts[key][unit] += count
        known = self._units.get(unit)
        self._units[unit] = (known[0], end) if known else (begin, end)

    def _coarsen(self) -> None:
        unit = min(unit for unit in UNITS if unit > self._unit)
        ratio, self._unit = unit // self._unit, unit
        self._known.clear()
        merged: dict[int, tuple[int, int]] = {}
        for number, (begin, end) in self._units.items():
            low, high = merged.get(number // ratio, (begin, end))
            merged[number // ratio] = min(low, begin), max(high, end)
        self._units = merged
        for key, counts in self._counts.items():
            fewer: Counter[int] = Counter()
            for number, count in counts.items():
                fewer[number // ratio] += count
            self._counts[key] = fewer

    def _take_one_by_one(self, block: Block) -> None:
        """The same by decoding each line alone: where one is damaged, or comes from another writer."""
        for offset, line in lines(block):
            entry = _entry(line)
            if entry is None:
                self._unreadable += 1
                continue
            head = Head(entry.ts, entry.level, entry.msg, entry.levelno, entry.logger, entry.service)
            self._count([head], _level(entry.level), offset, offset + len(line) + 1)


def _entry(line: bytes) -> Entry | None:
    try:
        return Entry.decode(line)
    except EntryError:
        return entry_behind(line, 0)


def heads_of(text: bytes) -> list[Head] | None:
    """The heads of all lines; None if one of them needs a closer look."""
    try:
        if not text.isascii():
            text.decode()  # what is skipped in decoding must be text as well
        return _decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def _severe(found: Counter[tuple[str, str, int | None]], text: bytes) -> dict[LevelKey, list[int]] | None:
    """Where the entries of severe levels start; None if the bytes do not tell."""
    counts: Counter[LevelKey] = Counter()
    for (_, name, number), count in found.items():
        if _number(name, number) >= SEVERE:
            counts[name, number] += count
    starts = {key: _starts(text, Exact(_level(key[0]))) for key in counts}
    return None if any(len(starts[key]) < count for key, count in counts.items()) else starts


def _level(name: str) -> bytes:
    return b'"level":' + msgspec.json.encode(name)


def _starts(text: bytes, needle: Exact) -> list[int]:
    """Where the lines start in which it occurs."""
    starts, end = [], len(text)
    at = needle.find(text, 0, end)
    while at >= 0:
        starts.append(text.rfind(b"\n", 0, at) + 1)
        at = needle.find(text, text.find(b"\n", at), end)
    return starts


def _guess(first: str, last: str, factor: float) -> int:
    """The unit for a segment that takes so many times as long as from the first entry to the last."""
    start, end = moment(first), moment(last)
    span = 0.0 if start is None or end is None else (end - start) * factor
    return min((unit for unit in UNITS if span <= unit * MOST_UNITS), default=max(UNITS))


def _unit(start: str, unit: int) -> int | None:
    """The number of the unit in which a `ts` lies that begins so."""
    seconds = moment(start + "0000-00-00T00:00:00.000000Z"[len(start) :])
    return None if seconds is None else int(seconds // unit)


def _stamps(heads: list[Head]) -> list[str]:
    """When they were made, in one form."""
    stamps, count = [head.ts for head in heads], len(heads)
    joined = "".join(stamps)  # Optimization: a look at all of them at once
    if set(map(len, stamps)) == {27} and joined[26::27] == "Z" * count and joined[10::27] == "T" * count:
        return stamps
    return [canonical(ts) for ts in stamps]


def _number(name: str, number: int | None) -> int:
    return LEVELS.get(name.upper(), 0) if number is None else number


_decode = msgspec.json.Decoder(Head).decode_lines
