"""What threads print, cut into lines: each thread has a line of its own, and none waits long for its end."""

from __future__ import annotations

import atexit
import contextvars
import os
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

PATIENCE = 1.0  # seconds until a line without an end is shown
MOST_PATIENCE = 60.0  # each time that the same line is shown it may be twice as long: progress bars go on and on
LOOK = 0.25  # seconds between two looks at lines that are unfinished: one may begin that is due earlier
LONGEST = 16_384  # characters of a line
MOST = 1_000  # lines of one write that are entries of their own


class Writer(NamedTuple):
    """Who wrote a line, and where."""

    thread: int | None
    name: str
    path: str
    lineno: int


Keep = Callable[[str, Writer], None]


class Lines:
    """The lines of one stream; each is handed over once, in the context of whoever wrote it."""

    def __init__(self, keep: Keep) -> None:
        self._thread = _Thread(keep)

    def write(self, text: str, writer: Writer) -> None:
        """Part of a line, or several."""
        line = self._thread.line
        for whole in line.take(text, writer):
            line.keep(whole, writer)
        if line.text:
            _see_to_unfinished()


class Line:
    """What one thread has written to one stream since its last newline."""

    __slots__ = ("_context", "_patience", "_writer", "due", "keep", "text")

    def __init__(self, keep: Keep) -> None:
        self.keep = keep
        self.text = ""
        self.due = 0.0
        self._patience = PATIENCE

    def take(self, text: str, writer: Writer) -> list[str]:
        """The lines that are whole now."""
        with _state.lock:
            *whole, rest = (self.text + text).split("\n")
            if whole:
                self._patience = PATIENCE
            rest = _without_rewritten(rest)
            while len(rest) > LONGEST:
                whole, rest = [*whole, rest[:LONGEST]], rest[LONGEST:]
            self._await(rest, writer, is_new=bool(whole) or not self.text)
        return _shown(whole)

    def end(self) -> None:
        """Show what there is, although no newline has come."""
        with _state.lock:
            _state.unfinished.discard(self)
            whole, self.text = _shown([self.text]), ""
            self._patience = min(2 * self._patience, MOST_PATIENCE)
        for text in whole:
            self._context.run(self.keep, text, self._writer)

    def _await(self, rest: str, writer: Writer, *, is_new: bool) -> None:
        """Wait for the rest of the line that has begun."""
        self.text = rest
        if not rest:
            _state.unfinished.discard(self)
            self._context = contextvars.Context()  # that of a request holds much
            return
        if is_new:
            self.due = time.monotonic() + self._patience
        self._writer, self._context = writer, contextvars.copy_context()
        _state.unfinished.add(self)


class _Thread(threading.local):
    def __init__(self, keep: Keep) -> None:
        self.line = Line(keep)


class _State:
    """Of this process: a forked child begins anew, what was not finished is its parent's."""

    def __init__(self) -> None:
        self.lock = threading.RLock()  # entered again by a signal handler that prints
        self.unfinished: set[Line] = set()
        self.thread: threading.Thread | None = None


def finish() -> None:
    """Show every unfinished line."""
    for line in _copied():
        line.end()


def _see_to_unfinished() -> None:
    """Have somebody there when the patience ends: a thread, and only while a line is unfinished."""
    with _state.lock:
        if _state.thread is not None or not _state.unfinished:
            return
        thread = _state.thread = threading.Thread(target=_wait_for_ends, name="logconsole-lines", daemon=True)
    try:
        thread.start()
    except RuntimeError:  # no more threads, or the interpreter ends: the next write tries again
        _state.thread = None


def _wait_for_ends() -> None:
    while pause := _next_pause():
        time.sleep(pause)
        now = time.monotonic()
        for line in _copied():
            if line.due <= now:
                line.end()


def _next_pause() -> float:
    """Seconds until somebody has to look; 0, and the thread is over, if no line is unfinished."""
    with _state.lock:
        if not _state.unfinished:
            _state.thread = None
            return 0.0
        pause = min(line.due for line in _state.unfinished) - time.monotonic()
        return min(max(pause, 0.001), LOOK)


def _copied() -> list[Line]:
    with _state.lock:
        return list(_state.unfinished)


def _without_rewritten(text: str) -> str:
    """The text without what a carriage return takes back: what a progress bar showed before."""
    if "\r" not in text:
        return text
    ended = text.rstrip("\r")
    return ended[ended.rfind("\r") + 1 :] + text[len(ended) :][:1]


def _shown(lines: list[str]) -> list[str]:
    """What a terminal shows of them; nothing of blank ones, and of very many the last ones as one."""
    made = (_without_rewritten(line).rstrip("\r") for line in lines)
    found = [line for line in made if line.strip()]
    return found if len(found) <= MOST else [*found[: MOST - 1], "\n".join(found[MOST - 1 :])]


def _forget() -> None:
    """In a forked child."""
    global _state
    for line in list(_state.unfinished):
        line.text = ""
    _state = _State()


_state = _State()
atexit.register(finish)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
