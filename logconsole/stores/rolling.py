"""Making the next segment of a directory, and dropping what must go."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time

from logconsole.stores.retention import Retention
from logconsole.stores.segments import OPEN_FLAGS, Segment, leftovers, path_of, segments, set_mode

CURRENT = "current.jsonl"
PRUNE_SECONDS = 60.0  # how often to look for segments that are too old
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | OPEN_FLAGS


class Roller:
    """Keeps one directory within its bounds while segments are added to it."""

    def __init__(self, directory: str, retention: Retention, mode: int) -> None:
        self.directory = directory
        self.retention = retention
        self.mode = mode
        self.link = os.fsencode(os.path.join(directory, CURRENT))
        self.prune_at = 0.0
        """When to look again for segments that are too old."""

    def make_segment(self, base: int) -> None:
        """Make the next segment; what must go, goes first, so that no bound is passed at any moment.

        Raises `OSError` if that cannot be.
        """
        listed, now = segments(self.directory), time.time()
        if listed and listed[-1].base >= base:  # another made it, perhaps long ago: we were stopped
            return
        self._drop(self.retention.surplus(listed, now))
        self.prune_at = now + PRUNE_SECONDS
        path = path_of(self.directory, base)
        if os.path.islink(path) or (os.path.lexists(path) and not os.path.isfile(path)):
            raise OSError(errno.ELOOP, f"{path} is no file of ours, please remove it")
        self.point_away(base)
        with contextlib.suppress(FileExistsError):
            file = os.open(path, _FLAGS, self.mode)
            try:
                if hasattr(os, "fchmod"):
                    os.fchmod(file, self.mode)  # whatever the umask
            finally:
                os.close(file)

    def make_directory(self) -> None:
        """Make the directory where there is none. Raises `OSError`."""
        if not os.path.isdir(self.directory):
            mode = self.mode | (self.mode >> 2 & 0o111)
            os.makedirs(self.directory, mode, exist_ok=True)
            set_mode(self.directory, mode)  # whatever the umask

    def prune(self, now: float) -> None:
        """Once in a while drop what is too old, also while no segment ends."""
        if not self.prune_at - 2 * PRUNE_SECONDS < now < self.prune_at:
            self._drop(self.retention.expired(segments(self.directory)[:-1], now))
            self.prune_at = now + PRUNE_SECONDS

    def point_at(self, name: bytes) -> bool:
        """Let the link point to that segment; False where there can be no links. It is for `tail -F`, too."""
        made = self.link + b"." + secrets.token_hex(4).encode()
        try:
            if not self.points_at(name):
                os.symlink(name, made)
                os.replace(made, self.link)
        except (OSError, NotImplementedError):
            with contextlib.suppress(OSError):
                os.unlink(made)
            return False
        return True

    def point_away(self, base: int) -> None:
        """Let the link point to the segment that will begin there, or at least no longer to one that has ended."""
        if not self.point_at(os.fsencode(os.path.basename(path_of(self.directory, base)))):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.link)

    def points_at(self, name: bytes) -> bool:
        """Whether the link points to that segment."""
        try:
            return os.readlink(self.link) == name
        except OSError:
            return False

    def _drop(self, surplus: list[Segment]) -> None:
        for segment in surplus:
            # Another process was quicker; or, on Windows, has it open: then it goes next time.
            with contextlib.suppress(FileNotFoundError, PermissionError):
                os.unlink(segment.path)
        if surplus:
            for path in leftovers(self.directory, segments(self.directory)):
                with contextlib.suppress(OSError):
                    os.unlink(path)
