"""The segments of a file store on disk: their names, and reading their lines in both directions.

A segment is named by the position of its first byte in the whole store, so a position is one integer.
Readers never lock, write or map a file; they read what is complete and skip what they cannot read.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

SEAL = b'\n{"sealed":true}\n'
"""Ends a segment whose writer was stopped; no entry can look like it. What stands from it on is void."""
TAIL = 262_144  # bytes at the end of a segment in which a seal is found: behind it stands one line at most
MAX_LINE = 8_388_608  # bytes; a longer line was not written by us and is skipped
OPEN_FLAGS = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_BINARY"))
"""No link is followed, no child inherits it, no pipe is waited for, and Windows changes no line end."""
_PASSING = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EINTR)
_NAME = re.compile(r"([0-9]{20})\.jsonl")
_INDEX = re.compile(r"[0-9]{20}\.index(\.[0-9a-f]{8})?")


class Segment(NamedTuple):
    """One JSONL file."""

    base: int
    """The position of its first byte."""
    path: str

    def size(self) -> int:
        """In bytes; 0 if it is gone."""
        try:
            return os.stat(self.path, follow_symlinks=False).st_size
        except OSError:
            return 0

    def modified(self) -> float:
        """When it was written to last, in seconds since 1970; 0 if it is gone."""
        try:
            return os.stat(self.path, follow_symlinks=False).st_mtime
        except OSError:
            return 0.0

    @property
    def index_path(self) -> str:
        """Where its index lies, if there is one."""
        return self.path.removesuffix(".jsonl") + ".index"

    def index_size(self) -> int:
        """In bytes; 0 if there is none."""
        try:
            return os.stat(self.index_path, follow_symlinks=False).st_size
        except OSError:
            return 0


def path_of(directory: str, base: int) -> str:
    """Where the segment that begins at `base` lies."""
    return os.path.join(directory, f"{base:020d}.jsonl")


def segments(directory: str) -> list[Segment]:
    """The segments in order; anything else in the directory, links included, is not ours.

    Raises `OSError` where the directory is there but cannot be listed: it is not an empty one.
    """
    try:
        with os.scandir(directory) as found:
            files = [item for item in found if _NAME.fullmatch(item.name) and item.is_file(follow_symlinks=False)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(Segment(int(item.name[:20]), item.path) for item in files)


def leftovers(directory: str, listed: list[Segment]) -> list[str]:
    """Indexes of segments that are no more, and what is left of one that was being written."""
    kept = {os.path.basename(segment.index_path) for segment in listed}
    try:
        with os.scandir(directory) as found:
            return [item.path for item in found if _INDEX.fullmatch(item.name) and item.name not in kept]
    except OSError:
        return []


def bounds(listed: list[Segment]) -> tuple[int, int]:
    """The first position kept and the one behind the last."""
    if not listed:
        return 0, 0
    return listed[0].base, listed[-1].base + listed[-1].size()


def read_at(file: int, size: int, offset: int) -> bytes:
    """Up to `size` bytes from there; on Windows by way of the file's position, which nobody shares."""
    if hasattr(os, "pread"):
        return os.pread(file, size, offset)
    os.lseek(file, offset, os.SEEK_SET)
    return os.read(file, size)


def carefully(path: str, flags: int) -> int:
    """How `open` opens a file in a directory that others may write to, too: as `opener`."""
    return os.open(path, flags | OPEN_FLAGS, 0o600)


def set_mode(directory: str, mode: int) -> None:
    """Of a directory that was just made; by its descriptor, since it might be another one by now. Raises `OSError`."""
    if not hasattr(os, "fchmod"):
        os.chmod(directory, mode)
        return
    file = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | OPEN_FLAGS)
    try:
        os.fchmod(file, mode)
    finally:
        os.close(file)


@contextmanager
def opened(segment: Segment) -> Iterator[int | None]:
    """A descriptor for reading, or None if the segment is gone or may not be read.

    Raises `OSError` where it could be read another time.
    """
    try:
        file = os.open(segment.path, os.O_RDONLY | OPEN_FLAGS)
    except OSError as error:
        if error.errno in _PASSING:
            raise
        yield None
        return
    try:
        yield file
    finally:
        os.close(file)
