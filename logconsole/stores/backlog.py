"""Lines on their way into a directory: written at once, or held while it cannot be written."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections import deque

from logconsole.entry import Entry
from logconsole.record import HOST, timestamp
from logconsole.stores.active import UnendedError
from logconsole.stores.trouble import Trouble, end, taken_over, tell
from logconsole.stores.writer import Writer

MAX_LINES = 10_000  # held in memory at most
MAX_BYTES = 16_000_000
RETRY_SECONDS = 1.0  # until the next try after an error
BLOCKED_SECONDS = 0.05  # the same where other processes only kept us from it
CLOSE_SECONDS = 2.0  # how long the end of the process waits for them
NOTICE_SECONDS = 60.0  # at most one line on stderr in this time


class Backlog:
    """The lines that one process has still to write; used by one thread at a time."""

    def __init__(self, writer: Writer) -> None:
        self.lost = 0
        """Lines that were given up, since the process began."""
        self.is_ready = False
        """Whether nothing is held, and nothing was wrong when we wrote last."""
        self._writer = writer
        self._dropped = 0
        self._lines: deque[bytes] = deque()
        self._failed_at = self._notice_at = 0.0
        self._code = 0
        self._failure = "other processes hold the segments"
        self._service = ""
        self.restart()

    def restart(self) -> None:
        """In a forked child: what is held is the parent's to write, and so are the open files."""
        self._lines.clear()
        self._bytes = self._dropped = self.lost = 0
        self._is_new = True
        self.is_ready = self._is_writing = self._is_blocked = False
        self._retry_at = self._failed_at = 0.0
        self._writer.restart()

    def put(self, line: bytes) -> None:
        """Write the line, which ends with a newline, behind those that are held, or hold it too."""
        if not self.is_ready:
            self._put_behind(line)
            return
        self.is_ready, self._is_writing = False, True
        try:  # Optimization: nearly every line
            self._writer.write(line)
            self.is_ready = True
        except OSError as error:
            if self._is_writing:  # else a signal handler has forked: the line is the parent's
                self._hold(_left(line, error))
                self._failed(error)
        except BaseException:  # see flush
            self._writer.close()
            raise
        finally:
            self._is_writing = False
        if self._lines:  # a signal handler logged meanwhile
            self.retry()

    def retry(self) -> None:
        """Write what is held, unless it failed a moment ago."""
        if not self._is_writing and (not self._retry_at or time.monotonic() >= self._retry_at):
            self.flush()

    @property
    def is_holding(self) -> bool:
        """Whether there are lines to write."""
        return bool(self._lines)

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong; None when all is well."""
        if not self._failed_at:
            return None
        return Trouble(self._dropped + len(self._lines), self._failed_at, self._code, self._failure)

    def close(self) -> None:
        """Write what is held, and close the files; waits for a moment where others hold the segments."""
        deadline = time.monotonic() + CLOSE_SECONDS
        self.flush()
        while self._lines and self._is_blocked and time.monotonic() < deadline:
            time.sleep(0.01)
            self.flush()
        self._writer.close()

    def give_up(self) -> None:
        """At the end of the process: count what cannot be written any more, and say so to whoever comes next."""
        self.close()
        if self._lines:
            self._failed_at = self._failed_at or time.time()
            self._tell()
            count = sum(map(bool, self._lines))
            self.lost += count
            self._dropped += count  # told by whoever of us can still write
            self._lines.clear()
            self._bytes = 0
            self._notice_at = 0.0
            self._notice()

    def flush(self) -> None:
        """Write what is held; a call from a signal handler finds `_is_writing` and leaves its line to us."""
        self._is_writing = True
        try:
            if self._dropped and self._lines:
                with contextlib.suppress(UnendedError):
                    self._writer.write(self._told(self._dropped, self._failed_at, self._failure))
                self._dropped = 0
            while self._lines:
                self._write_next()
            self._recovered()
        except OSError as error:
            self._failed(error)
        except BaseException:  # raised by a signal handler: the lock must not stay with us
            self._writer.close()
            raise
        finally:
            self._is_writing = False

    def _put_behind(self, line: bytes) -> None:
        if not self._service:
            self._service = Entry.decode(line).service
        if self._is_new:
            self._is_new = False
            for gone in taken_over(self._writer.directory):
                self._hold(self._told(gone.count, gone.since, gone.failure))
        self._hold(line)
        self.retry()

    def _hold(self, line: bytes) -> None:
        """Put the line behind the others; when they are too many, the oldest are lost and counted."""
        self._lines.append(line)
        self._bytes += len(line)
        while len(self._lines) > MAX_LINES or self._bytes > MAX_BYTES:
            gone = self._lines.popleft()
            self._bytes -= len(gone)
            self.lost += bool(gone)
            self._dropped += bool(gone)
            self._notice()

    def _write_next(self) -> None:
        line = self._lines.popleft()
        self._bytes -= len(line)
        try:
            self._writer.write(line)
        except BaseException as error:
            line = _left(line, error)
            self._lines.appendleft(line)
            self._bytes += len(line)
            raise

    def _failed(self, error: OSError) -> None:
        self._writer.close()
        self.is_ready = False
        self._is_blocked = isinstance(error, BlockingIOError)
        self._retry_at = time.monotonic() + (BLOCKED_SECONDS if self._is_blocked else RETRY_SECONDS)
        if not self._is_blocked:
            self._failed_at = self._failed_at or time.time()
            self._code, self._failure = error.errno or 0, error.strerror or str(error)
            self._tell()
            self._notice()

    def _recovered(self) -> None:
        if self._failed_at:
            end(self._writer.directory)
        self._retry_at = self._failed_at = 0.0
        self._is_blocked, self.is_ready = False, True

    def _tell(self) -> None:
        if self.trouble:
            tell(self._writer.directory, self.trouble)

    def _told(self, count: int, failed_at: float, failure: str) -> bytes:
        """The entry that says how much is missing, where it is missing."""
        since = timestamp(failed_at or time.time())
        message = f"{count:,} entries are lost: from {since} on they could not be written: {failure}"
        ts, pid = timestamp(time.time()), os.getpid()
        made = Entry(ts=ts, level="ERROR", msg=message, logger="logconsole", service=self._service, host=HOST, pid=pid)
        return made.line + b"\n"

    def _notice(self) -> None:
        if time.monotonic() < self._notice_at or sys.__stderr__ is None:
            return
        self._notice_at = time.monotonic() + NOTICE_SECONDS
        where = self._writer.directory
        with contextlib.suppress(Exception):
            held = f"{len(self._lines):,} entries are held in memory, {self.lost:,} are lost"
            sys.__stderr__.write(f"logconsole: {where} cannot be written: {self._failure}; {held}\n")


def _left(line: bytes, error: BaseException) -> bytes:
    """What is still to be written of it: nothing, if only its end is missing, which any other brings along."""
    return b"" if isinstance(error, UnendedError) else line
