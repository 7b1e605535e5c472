"""Counting the matches of a query a little at a time, and going on where it was left.

A count takes what came since, and then goes further back, until its time is over; asked again, it goes on.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from logconsole.bounds import bounds_of
from logconsole.query import Query
from logconsole.stores.facets import Facets
from logconsole.stores.timeline import Tally, Timeline

if TYPE_CHECKING:
    from logconsole.stores.base import Batch, Budget, Store

KEPT = 8  # counts of one store that can go on
LEAST_BUCKETS = 120  # so that a timeline and facets of one query share a count
BATCH = 1_000


class Counting:
    """The count of one query in one store."""

    def __init__(self, query: Query, buckets: int) -> None:
        self.query, self.buckets = query, buckets
        self._lock = threading.Lock()
        self._restart()

    def _restart(self) -> None:
        bounds = bounds_of(self.query)
        self._tally = Tally(bounds.since, bounds.until, self.buckets)
        self._facets = Facets(scanned=0.0)
        self._before: str | None = None
        self._after = ""
        self._has_more = True

    def go_on(self, store: Store, budget: Budget) -> None:
        """Count what came since, and what is older: a little further back each time, however much is new."""
        with self._lock:
            if self._before is not None and not self._is_still_there(store):
                self._restart()
            is_further = self._before is None
            if is_further:
                self._after = self._older(store).after
            else:
                self._newer(store, budget)
            while self._has_more and not (is_further and budget.is_spent()):
                self._older(store)
                is_further = True

    def timeline(self, buckets: int) -> Timeline:
        """As far as it got."""
        with self._lock:
            return self._tally.timeline(buckets, self._facets.scanned)

    def facets(self) -> Facets:
        """As far as it got."""
        with self._lock:
            made = self._facets
            return Facets(made.level.copy(), made.logger.copy(), made.service.copy(), made.path.copy(), made.scanned)

    def _is_still_there(self, store: Store) -> bool:
        """Whether nothing that was counted was dropped."""
        return not store.older(Query(), self._before, limit=1).missed

    def _newer(self, store: Store, budget: Budget) -> None:
        more = True
        while more and not budget.is_spent():
            batch = store.newer(self.query, self._after, BATCH)
            self._take(batch)
            self._after, more = batch.after, batch.more

    def _older(self, store: Store) -> Batch:
        batch = store.older(self.query, self._before, BATCH)
        self._take(batch)
        self._before, self._has_more = batch.before, batch.more
        self._facets.scanned = batch.scanned if batch.more else 1.0
        return batch

    def _take(self, batch: Batch) -> None:
        for entry in batch.entries:
            self._tally.add(entry.ts, entry.level)
            self._facets.add(entry)


class Countings:
    """The latest counts of one store."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[Query, int], Counting] = OrderedDict()

    def of(self, query: Query, buckets: int) -> Counting:
        """The count of the query, to go on with."""
        key = query, max(buckets, LEAST_BUCKETS)
        with self._lock:
            counting = self._kept.pop(key, None) or Counting(*key)
            self._kept[key] = counting
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return counting
