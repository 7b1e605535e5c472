"""Where the processes that share a store find what was changed for a while."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from abc import ABC, abstractmethod
from collections.abc import Callable

from logconsole.record import HOST
from logconsole.stores.segments import carefully

MOST_BYTES = 262_144  # of a text: a list of a few changes


class Board(ABC):
    """A small text for all processes of a store's scope; the newest replaces the one before."""

    @abstractmethod
    def read(self) -> bytes:
        """The text, without waiting for a network: a logging call may ask."""

    @abstractmethod
    def write(self, text: bytes, seconds: float) -> None:
        """Replace it, for that time at least. Raises `OSError` where that is not possible."""

    def fetch(self) -> bytes:
        """The text as it is now, for who may wait. Raises `OSError`."""
        return self.read()

    def watch(self, call: Callable[[], None]) -> None:  # noqa: B027  # without a thread nobody can call
        """Have the function called whenever the text was looked at, where the store has a thread that does."""


class MemoryBoard(Board):
    """Of this process alone."""

    def __init__(self) -> None:
        self._text = b""

    def read(self) -> bytes:
        return self._text

    def write(self, text: bytes, seconds: float) -> None:
        self._text = text


class FileBoard(Board):
    """A file beside the segments, replaced as a whole."""

    def __init__(self, directory: str, mode: int) -> None:
        self._directory, self._mode = directory, mode
        self._path = os.path.join(directory, "levels.json")
        self._seen: tuple[int, int, int] | None = None
        self._text = b""

    def read(self) -> bytes:
        try:
            found = os.stat(self._path, follow_symlinks=False)
            seen = found.st_mtime_ns, found.st_ino, found.st_size
            if seen != self._seen:
                self._text, self._seen = _content(self._path), seen
        except OSError:  # nothing was ever changed, or it is no file of ours
            self._text, self._seen = b"", None
        return self._text

    def write(self, text: bytes, seconds: float) -> None:
        made = os.path.join(self._directory, f".levels.{HOST}.{secrets.token_hex(4)}")
        os.makedirs(self._directory, mode=0o750, exist_ok=True)
        try:
            with open(made, "xb", opener=carefully) as file:
                if hasattr(os, "fchmod"):
                    os.fchmod(file.fileno(), self._mode)  # whatever the umask
                file.write(text)
            os.replace(made, self._path)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(made)
            raise


def _content(path: str) -> bytes:
    """What is in the file; nothing if it is none, or too long. Raises `OSError`, also for a link."""
    with open(path, "rb", opener=carefully) as file:
        found = os.fstat(file.fileno())
        is_text = stat.S_ISREG(found.st_mode) and found.st_size <= MOST_BYTES
        return file.read(MOST_BYTES) if is_text else b""
