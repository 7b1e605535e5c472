"""How far an export has come, for the person who waits for it."""

from __future__ import annotations

import time
from typing import Any

_WIDTH = 30  # characters
_SECONDS = 0.1  # between two paintings
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


class Progress:
    """A bar on one line of a terminal; nothing anywhere else."""

    def __init__(self, stream: Any, *, is_shown: bool) -> None:
        self.stream = stream
        self.is_shown = is_shown and stream.isatty()
        self._next = 0.0

    def show(self, share: float, count: int) -> None:
        """Paint the bar, if it is time to, or the last time."""
        if self.is_shown and (share >= 1 or time.monotonic() >= self._next):
            self._next = time.monotonic() + _SECONDS
            done = "█" * round(share * _WIDTH)
            self._paint(f"{done:░<{_WIDTH}} {share:4.0%}  {counted(count)}")

    def clear(self) -> None:
        """Leave the line as if there had been no bar."""
        if self.is_shown and self._next:
            self._paint("")

    def _paint(self, text: str) -> None:
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        shown = text.encode(encoding, "replace").decode(encoding)
        self.stream.write(f"\r\x1b[K{shown}")
        self.stream.flush()


def counted(count: int) -> str:
    """`12,345 entries`."""
    return f"{count:,} {'entry' if count == 1 else 'entries'}"


def sized(size: float) -> str:
    """`3.4 MB`, in powers of 1,000."""
    for unit in _UNITS:
        if size < 999.95 or unit == _UNITS[-1]:
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == _UNITS[0] else f"{size:.1f} {unit}"
