"""Errors that nobody caught: of the main thread, of other threads, of what cannot raise."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import ModuleType, TracebackType
from typing import Any

from logconsole.safe import text
from logconsole.tee import hand_over, quiet

logger = logging.getLogger("logconsole.uncaught")
Told = tuple[str, Any]
"""A message, and what `exc_info` takes."""


class Hook:
    """In place of one of Python's hooks: logs, and does what the one before did."""

    def __init__(self, before: Callable[..., Any], level: int, tell: Callable[..., Told | None]) -> None:
        self.before = before
        self.is_on = True
        self._level, self._tell = level, tell

    def __call__(self, *arguments: Any) -> None:
        """Log it once: what the hook before prints of it is not logged again."""
        with quiet:
            if self.is_on:
                self._log(*arguments)
            self.before(*arguments)

    def _log(self, *arguments: Any) -> None:
        try:
            told = self._tell(*arguments)
            if told is not None and logger.isEnabledFor(self._level):
                message, error = told
                place = _place(error[2])
                hand_over(logger, logger.makeRecord(logger.name, self._level, *place, message, (), error))
        except Exception:
            return  # the hook before tells it, as it would without us


def install() -> None:
    """Stand before every hook; twice is once."""
    for module, name, level, tell in HOOKS:
        before = getattr(module, name)
        if not (isinstance(before, Hook) and before.is_on):
            setattr(module, name, Hook(before, level, tell))


def remove() -> None:
    """Leave all of them to who was there before; one that others stand before does nothing any more."""
    for module, name, *_ in HOOKS:
        hook = getattr(module, name)
        if isinstance(hook, Hook):
            hook.is_on = False
            setattr(module, name, hook.before)


def _place(traceback: TracebackType | None) -> tuple[str, int]:
    """Where it was raised."""
    if traceback is None:
        return "(unknown file)", 0
    while traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback.tb_frame.f_code.co_filename, traceback.tb_lineno


def _main(kind: type[BaseException], error: BaseException, traceback: Any) -> Told | None:
    if not issubclass(kind, Exception):  # Ctrl-C
        return None
    return "The process ends: nobody caught an exception", (kind, error, traceback)


def _thread(given: Any) -> Told | None:
    if not issubclass(given.exc_type, Exception):  # an exit
        return None
    name = given.thread.name if given.thread else "unknown"
    return f"Thread {name} ends: nobody caught an exception", (given.exc_type, given.exc_value, given.exc_traceback)


def _unraisable(given: Any) -> Told:
    message = f"{given.err_msg or 'Exception ignored in'} {text(_Repr(given.object))}"
    return message, (given.exc_type, given.exc_value, given.exc_traceback)


class _Repr:
    """An object whose text is the `repr` of another."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __str__(self) -> str:
        return repr(self.value)


HOOKS: tuple[tuple[ModuleType, str, int, Callable[..., Told | None]], ...] = (
    (sys, "excepthook", logging.CRITICAL, _main),
    (threading, "excepthook", logging.ERROR, _thread),
    (sys, "unraisablehook", logging.ERROR, _unraisable),
)
