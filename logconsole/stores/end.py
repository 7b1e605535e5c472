"""Where the newest segment of a directory ends, asked often."""

from __future__ import annotations

import os
import time

from logconsole.stores.segments import Segment, segments

LIST_SECONDS = 0.5
"""A segment can come within one tick of the clock behind a listing, which then shows no later change."""


class End:
    """Two questions to the kernel; the directory is listed when it has changed, and now and then."""

    def __init__(self, directory: str) -> None:
        self.directory = directory
        self._changed_at, self._list_at = -1, 0.0
        self._newest: Segment | None = None

    def position(self) -> int:
        """Behind the last byte; 0 if there is none."""
        changed_at, now = self._asked(), time.monotonic()
        if changed_at != self._changed_at or now >= self._list_at:
            listed = segments(self.directory)
            self._newest = listed[-1] if listed else None
            self._changed_at, self._list_at = changed_at, now + LIST_SECONDS
        newest = self._newest
        return newest.base + newest.size() if newest else 0

    def _asked(self) -> int:
        """When a segment came or went, as the file system tells it."""
        try:
            return os.stat(self.directory).st_mtime_ns
        except OSError:
            return -1
