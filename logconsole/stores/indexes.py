"""The indexes of a directory's segments: made when first asked for, kept beside the sealed segments.

A file that is missing, damaged or of another segment is made anew; where it cannot be written, it is kept in
memory alone. The newest segment still grows: its index does so in memory.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from logconsole.search.sieve import has_foreign_escapes
from logconsole.stores.blocks import Block, Forward, buffer, unsealed
from logconsole.stores.index import Index
from logconsole.stores.indexfile import Identity, identity_of, load, save
from logconsole.stores.indexing import Builder
from logconsole.stores.segments import OPEN_FLAGS, Segment

INDEX_BLOCK = 131_072
MOST_BLOCKS = 50_000  # of which is remembered how they are spelled


class Indexes:
    """Of one directory."""

    def __init__(self, mode: int = 0o640) -> None:
        self.mode = mode
        self.restart()

    def restart(self) -> None:
        """Know nothing; in a forked child another thread of the parent may have been at work, and hold the lock."""
        self._plain: set[tuple[int, ...]] = set()
        self._unwritten: set[int] = set()
        self._sealed: dict[int, tuple[Identity, Index]] = {}
        self._growing: dict[int, tuple[int, Builder]] = {}
        self._lock = threading.Lock()

    def known(self, segment: Segment, size: int) -> Index | None:
        """The index of the first `size` bytes of a sealed segment, where that needs no reading of the segment."""
        identity = identity_of(segment)
        held, found = self._sealed.get(segment.base, (None, None))
        if held == identity and found is not None and found.size == size:
            return found
        found = load(segment, size, identity)
        if found is not None:
            self._sealed[segment.base] = identity, found
        return found

    def made(self, segment: Segment, size: int, is_spent: Callable[[], bool]) -> Index | None:
        """The same, made if it must be; None if the time is over before, or the segment cannot be read.

        What was done until then is kept for the next time.
        """
        with self._lock:
            known, identity = self.known(segment, size), identity_of(segment)
            if known is not None:
                return known
            builder = self._build(segment, size, is_spent)
            if builder is None:
                return None
            self._growing.pop(segment.base, None)
            made = builder.index(size)
            self._sealed[segment.base] = identity, made
            self._unwritten.add(segment.base)
            return made

    def is_plain(self, identity: tuple[int, ...], block: Block) -> bool:
        """Whether all in the block of that file is spelled as our encoder does; remembered, since a look is slow."""
        key = (*identity, block.at, block.end - block.begin)
        if key in self._plain:
            return True
        if has_foreign_escapes(block.data, block.begin, block.end):
            return False
        if len(self._plain) >= MOST_BLOCKS:
            self._plain.clear()
        self._plain.add(key)
        return True

    def write(self, listed: list[Segment]) -> None:
        """Keep on disk what was made for these segments; what belongs to others is let go of."""
        kept = {segment.base: segment for segment in listed}
        with self._lock:
            for base in self._unwritten & kept.keys():
                save(kept[base], *self._sealed[base], self.mode)
            self._unwritten.clear()
            for held in (self._sealed, self._growing):
                for base in held.keys() - kept.keys():
                    del held[base]

    def grown(self, segment: Segment, is_spent: Callable[[], bool]) -> Index | None:
        """Of the newest segment, as far as it has complete lines now."""
        with self._lock:
            builder = self._build(segment, segment.size(), is_spent, is_sealed=False)
            return builder.index() if builder else None

    def latest(self, segment: Segment) -> Index | None:
        """The same without reading anything: as far as it was read before."""
        file, builder = self._growing.get(segment.base, (0, None))
        is_it = builder and file == identity_of(segment)[0] and builder.size <= segment.size()
        return builder.index() if builder and is_it else None

    def _build(
        self, segment: Segment, size: int, is_spent: Callable[[], bool], *, is_sealed: bool = True
    ) -> Builder | None:
        number = identity_of(segment)[0]
        held, builder = self._growing.get(segment.base, (0, None))
        if builder is None or held != number or builder.size > size:
            builder = Builder(size)
            self._growing[segment.base] = number, builder
        try:
            file = os.open(segment.path, os.O_RDONLY | OPEN_FLAGS)
        except OSError:
            return None
        try:
            with buffer() as room:
                for block in Forward(file, builder.size, size, room, INDEX_BLOCK):
                    whole = block if is_sealed else unsealed(block)
                    if whole.end > whole.begin:
                        builder.take(whole)
                    if whole is not block:
                        break
                    if is_spent():
                        return None
        finally:
            os.close(file)
        return builder
