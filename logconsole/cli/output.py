"""Writing to a terminal or a pipe: UTF-8 whatever the locale, and a quiet end when nobody reads on."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any, Protocol

from logconsole.cli.failure import Failure
from logconsole.cli.stopping import Stopped


class Sink(Protocol):
    """What takes bytes."""

    @property
    def written(self) -> int:
        """How many it passed on."""

    def write(self, data: bytes) -> None: ...


class Output:
    """Writes to a stream at once."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.written = 0
        self._binary: Any = getattr(stream, "buffer", None)
        self._encoding = (stream.isatty() and getattr(stream, "encoding", None)) or "utf-8"

    def write(self, data: bytes) -> None:
        """Write UTF-8 and flush. Raises `BrokenPipeError` when nobody reads on; what is left is dropped."""
        try:
            self._write(self._encoded(data))
            self.stream.flush()
        except (BrokenPipeError, Stopped):
            let_go(self.stream)
            raise
        except OSError as error:
            let_go(self.stream)
            raise Failure(f"The output cannot be written: {error.strerror or error}") from error
        self.written += len(data)

    def _encoded(self, data: bytes) -> bytes:
        """The same for a terminal of another encoding."""
        if self._encoding.lower().replace("-", "") == "utf8":
            return data
        return data.decode("utf-8", "replace").encode(self._encoding, "backslashreplace")

    def _write(self, data: bytes) -> None:
        if self._binary is None:
            self.stream.write(data.decode(self._encoding, "replace"))
            return
        rest = memoryview(data)
        while rest:  # under PYTHONUNBUFFERED a write may take only a part
            rest = rest[self._binary.write(rest) :]


@contextlib.contextmanager
def quiet_when_closed(*streams: Any) -> Iterator[None]:
    """A pipe that nobody reads any more ends the block, without a word, also when the interpreter exits."""
    try:
        yield
    except BrokenPipeError:
        for stream in streams:
            try:
                stream.flush()
            except OSError:
                let_go(stream)


def let_go(stream: Any) -> None:
    """Whatever is still buffered goes nowhere: the interpreter would try to write it when it exits."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
