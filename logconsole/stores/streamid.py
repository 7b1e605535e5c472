"""Where an entry stands among the streams of all services."""

from __future__ import annotations

import re
from typing import NamedTuple

from logconsole.stores.base import CursorError

SEQUENCE = 1 << 20  # entries of one millisecond, for shares; more are counted as these
LAST_SEQUENCE = 2**64 - 1
_CURSOR = re.compile(r"([0-9]{1,15})-([0-9]{1,18})-([0-9]{1,15})(?::([^\x00-\x1f]{1,200}))?")


class Position(NamedTuple):
    """The id of an entry in its stream, and the service whose stream it is: their order is that of arrival."""

    ms: int
    """When Redis took it, in milliseconds since 1970."""
    seq: int
    service: str = ""

    def cursor(self, dropped: int) -> str:
        """What readers are given; `dropped`: how many entries retention had dropped by then."""
        return f"{self.ms}-{self.seq}-{dropped}" + (f":{self.service}" if self.service else "")

    def first_in(self, service: str) -> Position:
        """The id from which on entries of that service are at or behind this position."""
        return Position(self.ms, self.seq + (service < self.service))

    @property
    def id(self) -> str:
        """As Redis writes it."""
        return f"{self.ms}-{self.seq}"

    @property
    def previous(self) -> Position:
        """The id before it."""
        return Position(self.ms, self.seq - 1) if self.seq else Position(max(self.ms - 1, 0), LAST_SEQUENCE)

    @property
    def value(self) -> int:
        """A number that grows with it, for shares."""
        return self.ms * SEQUENCE + min(self.seq, SEQUENCE - 1)


START = Position(0, 0)


def parsed(cursor: str) -> tuple[Position, int]:
    """The position, and how many entries had been dropped. Raises `CursorError`."""
    if not cursor:
        return START, 0
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise CursorError(f"{cursor!r} is no cursor of this store")
    return Position(int(found[1]), int(found[2]), found[4] or ""), int(found[3])


def of_id(written: bytes, service: str) -> Position:
    """The position of an entry with that id."""
    ms, _, seq = written.partition(b"-")
    return Position(int(ms), int(seq), service)
