"""The segments of a file store on disk: their names, and reading their lines in both directions.

A segment is named by the position of its first byte in the whole store, so a position is one integer.
Readers never lock, write or map a file; they read what is complete and skip what they cannot read.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

SEAL = b'\n{"sealed":true}\n'
"""Ends a segment whose writer was stopped; no entry can look like it. What stands from it on is void."""
TAIL = 262_144  # bytes at the end of a segment in which a seal is found: behind it stands one line at most
FIRST_BLOCK = 262_144  # bytes read at first, so that the newest page costs one read, and shows a seal
BLOCK = 524_288
MAX_LINE = 8_388_608  # bytes; a longer line was not written by us and is skipped
OPEN_FLAGS = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_BINARY"))
"""No link is followed, no child inherits it, no pipe is waited for, and Windows changes no line end."""
_SEALED = SEAL.strip()
_PASSING = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EINTR)
_NAME = re.compile(r"([0-9]{20})\.jsonl")


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


class Forward:
    """The complete lines from a position on, each with where it starts; `position` is behind the last one."""

    def __init__(self, listed: list[Segment], position: int) -> None:
        self.listed = listed
        self.position = position
        self.missed = False
        """Whether a segment went away before it was read."""
        self.unreadable = 0
        """Segments that may not be read, and lines that are too long for ours."""

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        following_bases = [*(segment.base for segment in self.listed[1:]), None]
        for segment, following in zip(self.listed, following_bases, strict=False):
            if following is not None and following <= self.position:
                continue
            self.position = max(self.position, segment.base)
            yield from self._lines(segment, following)
            if following is not None:  # sealed: whatever stands behind its last newline stays torn
                self.position = following

    def _lines(self, segment: Segment, following: int | None) -> Iterator[tuple[int, bytes]]:
        with _opened(segment) as file:
            if file is None:
                self.missed = self.missed or not os.path.lexists(segment.path)
                self.unreadable += not self.missed
                return
            carry, skipping, end = b"", False, following or sys.maxsize
            at = self.position
            while block := _read(file, segment.base, at + len(carry), end):
                *lines, carry = (carry + block).split(b"\n")
                for line in lines:
                    start, at = at, at + len(line) + 1
                    if line == _SEALED:
                        self.position = start - 1  # where the seal, and so the next segment, begins
                        return
                    if line:
                        self.position = at
                        if not skipping:
                            yield start, line
                    skipping = False
                if len(carry) > MAX_LINE:
                    self.unreadable += not skipping
                    at, carry, skipping = at + len(carry), b"", True


class Backward:
    """The complete lines before a position, newest first; `position` is the start of the last one given.

    `end` is behind the newest complete line before that position.
    """

    def __init__(self, listed: list[Segment], position: int) -> None:
        self.listed = [segment for segment in listed if segment.base < position]
        self.position = position
        self.end: int | None = None
        self.unreadable = 0
        """Segments that may not be read, and lines that are too long for ours."""

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        for segment in reversed(self.listed):
            stop = min(self.position - segment.base, segment.size())  # never behind where the next one begins
            for start, line in self._lines(segment, stop):
                self.position = start
                if self.end is None:
                    self.end = start + len(line) + 1
                if line:
                    yield start, line
            self.position = segment.base

    def _lines(self, segment: Segment, stop: int) -> Iterator[tuple[int, bytes]]:
        """The lines of one segment before the offset `stop`, newest first, without an unfinished last one."""
        with _opened(segment) as file:
            if file is None:
                self.unreadable += os.path.lexists(segment.path)
                return
            tail, torn, size, end = b"", True, FIRST_BLOCK, stop
            while stop > 0:
                begin = max(stop - size, 0)
                data = read_at(file, stop - begin, begin) + tail
                if stop == end and SEAL in data:
                    data = data[: data.index(SEAL)]
                pieces = data.split(b"\n")
                if torn:  # no newline was found yet behind the last piece
                    pieces.pop()
                    torn = not pieces
                tail = pieces.pop(0) if begin and pieces else b""
                yield from _numbered(segment.base + begin + (len(tail) + 1 if begin else 0), pieces)
                if len(tail) > MAX_LINE:
                    self.unreadable += 1
                    tail, torn = b"", True
                stop, size = begin, min(size * 2, BLOCK)


def _numbered(start: int, lines: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines, which begin at `start`, from the last to the first."""
    end = start + sum(map(len, lines)) + len(lines)
    for line in reversed(lines):
        end -= len(line) + 1
        yield end, line


def _read(file: int, base: int, position: int, end: int) -> bytes:
    """The next block of the segment, not beyond the position where it ends."""
    return read_at(file, max(min(BLOCK, end - position), 0), position - base)


@contextmanager
def _opened(segment: Segment) -> Iterator[int | None]:
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
