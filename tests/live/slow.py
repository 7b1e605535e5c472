"""A store with little time: each answer is a small part."""

from __future__ import annotations

from logconsole.stores.file import FileStore


class SlowFileStore(FileStore):
    """Counts and searches stop soon after they began."""

    scan_seconds = 0.004
