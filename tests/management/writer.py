"""A process that logs: `python -m tests.management.writer DIRECTORY COUNT`, in segments of 2,000 bytes."""

from __future__ import annotations

import sys

from logconsole.stores.file import FileStore
from tests.records import entry

if __name__ == "__main__":
    store = FileStore(sys.argv[1], segment_bytes=2_000)
    for number in range(int(sys.argv[2])):
        store.append(entry(f"new {number}"))
