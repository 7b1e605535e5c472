"""Stores in which something happens while a command reads them."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from logconsole.query import Query
from logconsole.stores.base import Batch, Store
from logconsole.stores.file import FileStore


class WaitingStore(FileStore):
    """Says on stderr that it is read, and waits for a signal."""

    lines = Store.lines  # by way of `newer`

    def newer(self, query: Query, after: str = "", limit: int = 500) -> Batch:
        print("reading", file=sys.stderr, flush=True)  # noqa: T201  # what the test waits for
        signal.pause()
        return super().newer(query, after, limit)


class FailingStore(FileStore):
    """Answers once, then cannot read any more; looks at what lies in the directory of the export then."""

    exports: Path
    seen: list[str] = []

    lines = Store.lines  # by way of `newer`

    def newer(self, query: Query, after: str = "", limit: int = 500) -> Batch:
        if after:
            type(self).seen = [path.name for path in self.exports.iterdir()]
            raise RuntimeError("cannot read any more")
        return super().newer(query, after, limit=2)


class ForgettingStore(FileStore):
    """Drops its oldest segment after the first answer."""

    lines = Store.lines  # by way of `newer`

    def newer(self, query: Query, after: str = "", limit: int = 500) -> Batch:
        batch = super().newer(query, after, limit=1)
        if not after:
            for segment in sorted(Path(self.directory).glob("0*.jsonl"))[:2]:
                segment.unlink()
        return batch
