"""Writing to a terminal or a pipe: UTF-8 whatever the locale, and a quiet end when nobody reads on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import stat
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError, OutputWrapper

from logconsole.management.stopping import Stopped


class Output:
    """Writes text to a stream at once; `written` counts its bytes."""

    def __init__(self, stream: OutputWrapper) -> None:
        self.stream = stream
        self.written = 0
        self._binary: Any = getattr(stream, "buffer", None)
        self._encoding = (stream.isatty() and getattr(stream, "encoding", None)) or "utf-8"

    def write(self, text: str) -> None:
        """Write the text and flush. Raises `BrokenPipeError` when nobody reads on; what is left is dropped."""
        data = text.encode(self._encoding, "backslashreplace")
        try:
            self._write(text, data)
            self.stream.flush()
        except (BrokenPipeError, Stopped):
            _let_go(self.stream)
            raise
        except OSError as error:
            _let_go(self.stream)
            raise CommandError(f"The output cannot be written: {error.strerror or error}") from error
        self.written += len(data)

    def _write(self, text: str, data: bytes) -> None:
        if self._binary is None:
            self.stream.write(text, style_func=str, ending="")
            return
        rest = memoryview(data)
        while rest:  # under PYTHONUNBUFFERED a write may take only a part
            rest = rest[self._binary.write(rest) :]


@contextlib.contextmanager
def quiet_when_closed(*streams: OutputWrapper) -> Iterator[None]:
    """A pipe that nobody reads any more ends the block, without a word, also when the interpreter exits."""
    try:
        yield
    except BrokenPipeError:
        for stream in streams:
            try:
                stream.flush()
            except OSError:
                _let_go(stream)


@contextlib.contextmanager
def cancelled_when_closed(stream: OutputWrapper) -> Iterator[None]:
    """Cancels the current task when the pipe's reader goes away, though there is nothing to write."""
    loop, task, pipe = asyncio.get_running_loop(), asyncio.current_task(), _pipe(stream)
    if pipe is None or task is None:
        yield
        return

    def look() -> None:
        loop.remove_reader(pipe)
        if _is_closed(pipe):
            task.cancel()

    loop.add_reader(pipe, look)
    try:
        yield
    finally:
        loop.remove_reader(pipe)


def _pipe(stream: OutputWrapper) -> int | None:
    """The descriptor of a stream that is a pipe and can be watched."""
    try:
        file = stream.fileno()
        return file if stat.S_ISFIFO(os.fstat(file).st_mode) and hasattr(select, "poll") else None
    except (AttributeError, OSError, ValueError):
        return None


def _is_closed(pipe: int) -> bool:
    poll = select.poll()
    poll.register(pipe, 0)  # errors are told unasked
    return bool(poll.poll(0))


def _let_go(stream: OutputWrapper) -> None:
    """Whatever is still buffered goes nowhere: the interpreter would try to write it when it exits."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
