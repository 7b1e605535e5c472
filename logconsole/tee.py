"""A standard stream that shows its lines to the log as well."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, TextIO

from logconsole.context import delivering
from logconsole.printed import Lines, Writer
from logconsole.safe import text as text_of

NOTICE_SECONDS = 60.0
_BY_LOGGING = frozenset({logging.Logger.callHandlers.__code__, logging.Handler.handle.__code__})


class Tee:
    """Stands in for a stream: all that is written goes there, and is logged line by line.

    What the handlers of `logging` write is none of it: it has been logged.
    """

    def __init__(self, stream: TextIO, logger: str, level: int) -> None:
        self.stream = stream
        self.is_on = True
        self._logger, self._level = logging.getLogger(logger), level
        self._lines = Lines(self._keep)

    def __getattr__(self, name: str) -> Any:
        if name in ("stream", "__getstate__", "__setstate__"):  # a copy that is being made; Python 3.10 asks for all
            raise AttributeError(name)
        return getattr(self.stream, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.stream)

    def write(self, text: str) -> int:
        """As the stream does it, errors included."""
        if not self.is_on or _here.depth:
            return self.stream.write(text)
        with quiet:  # a stream that leads to one of ours again does not log it twice
            written = self.stream.write(text)
            self._show(text)
        return written

    def writelines(self, lines: Iterable[str]) -> None:
        """As the stream does it."""
        for line in lines:
            self.write(line)

    def _show(self, text: str) -> None:
        """Whatever goes wrong here is not the fault of who prints."""
        try:
            writer = None if delivering.get() else _writer(sys._getframe(2))
            if writer is not None:
                self._lines.write(text, writer)
        except Exception as error:
            _tell(error)

    def _keep(self, line: str, writer: Writer) -> None:
        """Log the line, whichever thread it is that found its end."""
        with quiet:
            try:
                if self._logger.isEnabledFor(self._level):
                    hand_over(self._logger, _record(self._logger, self._level, line, writer))
            except Exception as error:
                _tell(error)


class _Here(threading.local):
    depth = 0


class Quiet:
    """What this thread prints inside is not logged: it has been, or is just being."""

    def __enter__(self) -> None:
        _here.depth += 1

    def __exit__(self, *_: object) -> None:
        _here.depth -= 1


def hand_over(logger: logging.Logger, record: logging.LogRecord) -> None:
    """As `logging` does it, except to handlers that would print once more what is printed anyway."""
    passed: Any = not logger.disabled and logger.filter(record)
    if not passed:
        return
    given = record if passed is True else passed  # a filter may replace it
    above: logging.Logger | None = logger
    while above is not None:
        for handler in above.handlers:
            if given.levelno >= handler.level and not _prints(handler):
                handler.handle(given)
        above = above.parent if above.propagate else None


def _writer(frame: FrameType | None) -> Writer | None:
    """Who calls; None if it is a handler of `logging`."""
    while frame is not None and frame.f_code.co_filename == __file__:
        frame = frame.f_back
    caller = frame
    while frame is not None:
        if frame.f_code in _BY_LOGGING:
            return None
        frame = frame.f_back
    thread = threading.current_thread()
    path, lineno = (caller.f_code.co_filename, caller.f_lineno) if caller else ("", 0)
    return Writer(thread.ident, thread.name, path, lineno)


def _record(logger: logging.Logger, level: int, line: str, writer: Writer) -> logging.LogRecord:
    record = logger.makeRecord(logger.name, level, writer.path, writer.lineno, line, (), None)
    record.thread, record.threadName = writer.thread, writer.name
    return record


def _prints(handler: logging.Handler) -> bool:
    """Whether it writes to where the standard streams lead."""
    stream = getattr(handler, "stream", None)
    if stream is None:
        return False
    if isinstance(stream, Tee) or any(stream is _real(known) for known in (sys.stdout, sys.stderr)):
        return True
    try:
        return stream.fileno() in (1, 2)
    except Exception:  # nothing that has a number
        return False


def _real(stream: Any) -> Any:
    while isinstance(stream, Tee):
        stream = stream.stream
    return stream


def _tell(error: Exception) -> None:
    """One line a minute, past everything that could fail again."""
    if time.monotonic() < _notice.at or sys.__stderr__ is None:
        return
    _notice.at = time.monotonic() + NOTICE_SECONDS
    try:
        sys.__stderr__.write(f"logconsole: what was printed is not kept: {type(error).__name__}: {text_of(error)!r}\n")
    except Exception:
        return  # a closed stderr: there is nowhere left to tell it


class _Notice:
    at = 0.0


quiet = Quiet()
_here, _notice = _Here(), _Notice()
