"""Matches with the entries around them, as `grep -C` shows lines: in order, none twice, in constant memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from logconsole.entry import Entry
from logconsole.query import Query
from logconsole.stores.base import Store

PAGE = 256  # entries read at once behind a match
PART = 500  # entries handed on at once


class Shown(NamedTuple):
    """An entry to show."""

    entry: Entry
    is_match: bool
    begins: bool = False
    """Whether entries were left out between this one and the one shown before it."""


class Groups:
    """Is fed entries in arrival order, and tells which of them to show, and when."""

    def __init__(self, query: Query, before: int, after: int) -> None:
        self.query, self.before, self.after = query, before, after
        self.fed = ""
        """The cursor of the last entry, of which it is told."""
        self.left = 0
        """How many more to show behind a match."""
        self._held: deque[Entry] = deque()
        self._has_gap = self._has_shown = False

    def feed(self, entries: Iterable[Entry]) -> Iterator[Shown]:
        """What to show now that these entries have come, which follow the last ones without a gap."""
        for entry in entries:
            self.fed = entry.cursor
            if self.query.matches(entry):
                yield from self._match(entry)
            elif self.left:
                self.left -= 1
                yield Shown(entry, is_match=False)
            else:
                self.hold(entry)

    def hold(self, entry: Entry) -> None:
        """Do not show the entry, unless a match follows soon."""
        self.fed = entry.cursor
        self._held.append(entry)
        if len(self._held) > self.before:
            self._held.popleft()
            self._has_gap = True

    def skip(self) -> None:
        """The next entry does not follow the last one."""
        self._held.clear()
        self.left, self._has_gap = 0, True

    def _match(self, entry: Entry) -> Iterator[Shown]:
        group = [*(Shown(held, is_match=False) for held in self._held), Shown(entry, is_match=True)]
        if self._has_gap and self._has_shown:
            group[0] = group[0]._replace(begins=True)
        self._held.clear()
        self._has_gap, self._has_shown, self.left = False, True, self.after
        yield from group


class Walk:
    """Goes through a store from match to match, up to the cursor `end`; `scanned` and `missed` are as in a batch.

    The store looks for the matches; what is between them is read near them only.
    """

    def __init__(self, store: Store, groups: Groups, end: str) -> None:
        self.store, self.groups, self.end = store, groups, end
        self.scanned, self.missed = 0.0, False

    def parts(self, after: str | None = None) -> Iterator[list[Shown]]:
        """What to show, bit by bit; an empty part says that it is going on."""
        for batch in self.store.batches(self.groups.query, after):
            self.scanned = batch.scanned
            self.missed |= batch.missed
            shown = (one for match in batch.entries if self._is_new(match) for one in self._around(match))
            while part := list(islice(shown, PART)):
                yield part
            yield []

    def approach(self, cursor: str) -> Iterator[Shown]:
        """Read what is right before the cursor."""
        found = self._before(cursor)
        new = [entry for entry in found if self._is_new(entry)]
        if len(new) > self.groups.before:  # none of them was read already
            new = new[1:]
            self.groups.skip()
        return self.groups.feed(new)

    def remember(self) -> None:
        """Show nothing of what was there, unless as what is before a match to come."""
        for entry in self._before(self.end):
            self.groups.hold(entry)

    def _around(self, match: Entry) -> Iterator[Shown]:
        yield from self.approach(match.cursor)
        yield from self.groups.feed([match])
        after, more = match.cursor, True
        while self.groups.left and more and not self.store.reaches(after, self.end):
            batch = self.store.newer(Query(), after, PAGE)
            after, more = batch.after, batch.more
            if batch.missed:
                self.missed = True
                self.groups.skip()
            yield from self.groups.feed(filter(self._is_new, batch.entries))

    def _before(self, cursor: str) -> list[Entry]:
        """As many entries as are shown before a match, and one more, where there are so many."""
        wanted = self.groups.before + 1
        batch = self.store.older(Query(), cursor, wanted)
        found = batch.entries
        while batch.more and len(found) < wanted:
            batch = self.store.older(Query(), batch.before, wanted - len(found))
            found = batch.entries + found
        return found

    def _is_new(self, entry: Entry) -> bool:
        """Whether the entry was not read yet, and was there when this began."""
        fed = self.groups.fed
        return not (fed and self.store.reaches(fed, entry.cursor)) and not self.store.reaches(entry.cursor, self.end)
