"""Redis stores that tests read at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from logconsole.query import Query
from logconsole.stores.base import Batch
from logconsole.stores.redis import RedisStore


class Settled(RedisStore):
    """Waits until what was appended has arrived, before it is read."""

    def newer(self, query: Query, after: str = "", limit: int = 500) -> Batch:
        assert self.flush(10)
        return super().newer(query, after, limit)

    def older(self, query: Query, before: str | None = None, limit: int = 500) -> Batch:
        assert self.flush(10)
        return super().older(query, before, limit)


@contextmanager
def opened(url: str, **options: object) -> Iterator[Settled]:
    """A store that is closed at the end, with time enough on a busy machine."""
    store = Settled(url, **options)  # type: ignore[arg-type]
    store.scan_seconds = 10.0
    try:
        yield store
    finally:
        store.close()
