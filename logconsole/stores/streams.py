"""The streams of all services read as one, in the order of arrival."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from logconsole.stores.redislink import FIELD, Link
from logconsole.stores.streamid import START, Position, of_id

PAGE = 1_000  # entries asked for at once, behind the first page
SKEW = 1_000  # ms that the clocks of a cluster's nodes may differ
Sift = Callable[[Sequence[bytes]], Sequence[bytes | None]]


class Stream:
    """What is in hand of one stream, in the direction read."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.held: deque[tuple[Position, bytes | None]] = deque()
        self.is_over = False
        """Whether nothing stands behind what is in hand."""
        self.first: Position | None = None
        """Its oldest entry."""
        self.dropped = 0
        """How many entries retention has dropped."""
        self.newest = START
        """The newest entry seen."""
        self.edge = START
        """The one seen last."""

    def take(self, found: list[tuple[bytes, dict[bytes, bytes]]], count: int, sift: Sift) -> None:
        """One page."""
        self.is_over = len(found) < count
        lines = sift([fields.get(FIELD, b"") for _, fields in found])
        places = [of_id(written, self.service) for written, _ in found]
        self.held.extend(zip(places, lines, strict=True))
        if places:
            self.edge = places[-1]
            self.newest = max(self.newest, places[0], self.edge)


class Reading(ABC):
    """Iterates over (position, line), merged; made for one call. Lines that `sift` left out are None."""

    is_backward = False

    def __init__(self, link: Link, services: frozenset[str], start: Position | None, count: int, sift: Sift) -> None:
        self.link, self.sift = link, sift
        self.start = start
        self.last: Position | None = None
        """The position yielded last."""
        self.ms = 0
        """The clock of Redis when it began: what comes later has an id of that time or above."""
        self._streams = self._opened(services, count)
        self.services = frozenset(stream.service for stream in self._streams)

    def __iter__(self) -> Iterator[tuple[Position, bytes | None]]:
        while (stream := self._next()) is not None:
            self.last, line = stream.held.popleft()
            yield self.last, line

    @property
    def first(self) -> Position | None:
        """The oldest entry of all."""
        return min((stream.first for stream in self._streams if stream.first), default=None)

    @property
    def dropped(self) -> int:
        """How many entries retention has dropped, of all."""
        return sum(stream.dropped for stream in self._streams)

    @property
    def has_more(self) -> bool:
        """Whether there is something behind what was yielded."""
        return any(stream.held or not stream.is_over for stream in self._streams)

    def was_emptied(self, dropped: int) -> bool:
        """Whether this is another store than the one that had dropped so many."""
        return self.dropped < dropped

    def _opened(self, services: frozenset[str], count: int) -> list[Stream]:
        """All streams with their first pages, in one round trip, or two when there is a new service."""
        while True:
            known = sorted(services)
            asked = [command for service in known for command in self._commands(service, count)]
            self.ms, services, replies = self.link.glance(frozenset(known), asked)
            if services == frozenset(known):
                return self._made(known, replies, count)

    def _commands(self, service: str, count: int) -> list[tuple[object, ...]]:
        key = self.link.stream(service)
        return [("XRANGE", key, "-", "+", "COUNT", 1), self._page(service, self.start, count)]

    def _made(self, known: list[str], replies: list[Any], count: int) -> list[Stream]:
        streams, pages = [], replies[len(known) :]
        for number, service in enumerate(known):
            stream = Stream(service)
            stream.dropped = int(replies[number] or 0)
            oldest = pages[2 * number]
            stream.first = of_id(oldest[0][0], service) if oldest else None
            stream.take(pages[2 * number + 1], count, self.sift)
            streams.append(stream)
        return streams

    def _next(self) -> Stream | None:
        """The stream whose entry is next; None at the end."""
        for stream in self._streams:
            if not stream.held and not stream.is_over:
                self._fill(stream)
        live = [stream for stream in self._streams if stream.held]
        if not live:
            return None
        chosen = min(live, key=_head) if not self.is_backward else max(live, key=_head)
        return chosen if self._is_final(_head(chosen)) else None

    def _fill(self, stream: Stream) -> None:
        found = self.link.client.execute_command(*self._page(stream.service, self._behind(stream.edge), PAGE))
        stream.take(found, PAGE, self.sift)

    @abstractmethod
    def _page(self, service: str, start: Position | None, count: int) -> tuple[object, ...]:
        """What to ask for: so many entries from there on, in the direction read."""

    @abstractmethod
    def _behind(self, edge: Position) -> Position:
        """Where the page begins that follows the one that ended there."""

    def _is_final(self, at: Position) -> bool:
        """Whether nothing can come into another stream before it any more."""
        for stream in self._streams:
            bound = max(self.ms, stream.newest.ms)
            is_known = stream.service == at.service or not stream.is_over or stream.newest >= at
            if not is_known and bound <= at.ms <= bound + SKEW:
                return False
        return True


class Forward(Reading):
    """From a position on."""

    def misses(self, at: Position, dropped: int) -> bool:
        """Whether something at or behind the position was dropped since `dropped` entries had been."""
        if at == START or self.dropped == dropped:
            return False
        firsts = [stream.first for stream in self._streams if stream.dropped]
        return self.was_emptied(dropped) or any(first is not None and first > at for first in firsts)

    @property
    def after(self) -> Position:
        """Where to go on."""
        if self.last is None:
            return self.start or START
        heads = [stream.held[0][0] for stream in self._streams if stream.held]
        same = [head for head in heads if head[:2] == self.last[:2]]
        return min(same) if same else Position(self.last.ms, self.last.seq + 1)

    def _page(self, service: str, start: Position | None, count: int) -> tuple[object, ...]:
        first = (start or START).first_in(service)
        return ("XRANGE", self.link.stream(service), first.id, "+", "COUNT", count)

    def _behind(self, edge: Position) -> Position:
        return Position(edge.ms, edge.seq + 1)


class Backward(Reading):
    """What stands before a position, the newest first; None: before the end."""

    is_backward = True

    def __init__(self, link: Link, services: frozenset[str], start: Position | None, count: int, sift: Sift) -> None:
        self.newest: Position | None = None
        """The position yielded first."""
        super().__init__(link, services, start, count, sift)

    def __iter__(self) -> Iterator[tuple[Position, bytes | None]]:
        for at, line in super().__iter__():
            self.newest = self.newest or at
            yield at, line

    def misses(self, at: Position | None, dropped: int) -> bool:
        """Whether the position itself was dropped since `dropped` entries had been."""
        if at is None or self.dropped == dropped:
            return False
        return self.was_emptied(dropped) or (self.first is not None and at < self.first)

    @property
    def after(self) -> Position:
        """The end of what was read."""
        if self.start is not None:
            return self.start
        return Position(self.newest.ms, self.newest.seq + 1) if self.newest else START

    def _next(self) -> Stream | None:
        """Entries at the very end, before which others may still come, are left to who reads on from there."""
        while (stream := self._newest()) is not None:
            if self.newest or self.start or self._is_settled(_head(stream)):
                return stream
            stream.held.popleft()
        return None

    def _newest(self) -> Stream | None:
        return super()._next()

    def _is_final(self, at: Position) -> bool:
        return True

    def _is_settled(self, at: Position) -> bool:
        bounds = [(stream, max(self.ms, stream.newest.ms)) for stream in self._streams]
        return all(
            stream.service == at.service or stream.newest >= at or not bound <= at.ms <= bound + SKEW
            for stream, bound in bounds
        )

    def _page(self, service: str, start: Position | None, count: int) -> tuple[object, ...]:
        last = start.first_in(service).previous.id if start else "+"
        return ("XREVRANGE", self.link.stream(service), last, "-", "COUNT", count)

    def _behind(self, edge: Position) -> Position:
        return edge


def _head(stream: Stream) -> Position:
    return stream.held[0][0]
