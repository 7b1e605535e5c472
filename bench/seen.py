"""What one client got: kept as it comes, counted when all is over, so that counting does not delay the client."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Protocol


class Stamped(Protocol):
    """Who logged it, which of its entries it is, and when."""

    writer: int
    number: int
    stamp: int


class Seen:
    """Entries, each with the moment at which it was parsed."""

    def __init__(self) -> None:
        self.count = self.missed = 0
        self._at = array("q")
        self._sizes = array("q")
        self._values = array("q")
        self._missed = array("q")

    def add(self, at: int, entries: Sequence[Stamped], *, missed: bool = False) -> None:
        """What one frame brought, and whether it told that entries before it are gone."""
        self.missed += missed
        values = self._values
        for made in entries:
            values.extend((made.writer, made.number, made.stamp))
        self._note(at, len(entries))

    def add_texts(self, at: int, entries: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """The same, as found in text."""
        self._values.extend([int(value) for made in entries for value in made])
        self._note(at, len(entries))

    def _note(self, at: int, size: int) -> None:
        self._at.append(at)
        self._sizes.append(size)
        self._missed.append(self.missed)
        self.count += size

    def __iter__(self) -> Iterator[tuple[int, int, int, int, int]]:
        """When it came, how often entries were said to be gone by then, the writer, its number, when it was logged."""
        values = iter(self._values)
        for at, size, missed in zip(self._at, self._sizes, self._missed, strict=True):
            for _ in range(size):
                yield at, missed, next(values), next(values), next(values)
