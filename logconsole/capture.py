"""What is printed, and errors that nobody caught, as entries: two switches, both off until they are used."""

from __future__ import annotations

import logging
import sys

from logconsole import printed, uncaught
from logconsole.tee import Tee

STREAMS = {"stdout": ("logconsole.stdout", logging.INFO), "stderr": ("logconsole.stderr", logging.WARNING)}
_tees: list[Tee] = []


def capture_output() -> None:
    """From here on every line that Python prints is an entry, too: stdout at INFO, stderr at WARNING.

    Twice is once. What other processes and C code write past `sys.stdout` and `sys.stderr` is not seen.
    """
    for name, (logger, level) in STREAMS.items():
        stream = getattr(sys, name)
        if stream is not None and not (isinstance(stream, Tee) and stream.is_on):
            _tees.append(Tee(stream, logger, level))
            setattr(sys, name, _tees[-1])


def release_output() -> None:
    """Put the streams back; what is unfinished is logged now. One that others have wrapped since only passes on."""
    printed.finish()
    for tee in _tees:
        tee.is_on = False
    _tees.clear()
    for name in STREAMS:
        while isinstance(stream := getattr(sys, name), Tee):
            setattr(sys, name, stream.stream)


def capture_errors() -> None:
    """From here on what nobody caught is an entry, and every warning: twice is once.

    Exceptions of the main thread (CRITICAL) and of other threads, and those that cannot be raised (ERROR), on
    `logconsole.uncaught`; they are printed as before. Warnings on `py.warnings`, as `logging.captureWarnings` does
    it, instead of being printed. Tasks of asyncio need no switch: asyncio logs them.
    """
    logging.captureWarnings(True)
    uncaught.install()


def release_errors() -> None:
    """Leave errors and warnings to whoever had them before."""
    logging.captureWarnings(False)
    uncaught.remove()
