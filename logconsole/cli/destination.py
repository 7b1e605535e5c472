"""Where an export goes: stdout, or a file that appears under its name only when it is whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from logconsole.cli.failure import Failure, UsageFailure
from logconsole.cli.output import Output, Sink

MODE = 0o640  # as the segments: entries are not for everybody
_ENDING = ".gz"


class File:
    """A file being written."""

    def __init__(self, raw: BinaryIO) -> None:
        self.written = 0
        self._raw = raw

    def write(self, data: bytes) -> None:
        """Append it."""
        self._raw.write(data)
        self.written += len(data)


class Packed:
    """Compresses what goes on to another."""

    def __init__(self, sink: Sink, name: str) -> None:
        from logconsole.gzipped import Gzip

        self._sink, self._gzip = sink, Gzip(name)

    @property
    def written(self) -> int:
        """The compressed bytes."""
        return self._sink.written

    def write(self, data: bytes) -> None:
        """Compress it; some of it is passed on."""
        if piece := self._gzip.put(data):
            self._sink.write(piece)

    def end(self) -> None:
        """Pass on the rest."""
        self._sink.write(self._gzip.end())


@contextmanager
def destination(stream: Any, output: str | None, directory: str | None, *, gzip: bool) -> Iterator[Sink]:
    """What takes the export: the file `output`, or the stream. A block that fails leaves nothing that looks whole.

    `directory` is the store's own. Raises `Failure`.
    """
    if output:
        path = checked(output, directory)
        name = path.name[: -len(_ENDING)] if path.name.lower().endswith(_ENDING) else ""
        with whole_file(path) as file, _packed(file, name, gzip=gzip or bool(name)) as sink:
            yield sink
    elif gzip and stream.isatty():
        raise UsageFailure("--gzip: a terminal cannot show it; redirect stdout, or write into a file with --output.")
    else:
        with _packed(Output(stream), "", gzip=gzip) as sink:
            yield sink


@contextmanager
def whole_file(path: Path) -> Iterator[File]:
    """A file that is renamed to `path` at the end of the block, or removed if the block fails."""
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        with open(part, "xb", opener=_private) as raw:
            yield File(raw)
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(part, path)
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def checked(output: str, store_directory: str | None) -> Path:
    """The path. Raises `Failure` where no file can be put.

    A link is not followed: in a directory like `/tmp` anybody may have put it there. One that is put there later is
    replaced by the file.
    """
    path = Path(output)
    if not path.parent.is_dir():
        raise Failure(f"--output: there is no directory {path.parent}; make it first.")
    if store_directory and os.path.realpath(path.parent) == os.path.realpath(store_directory):
        raise Failure(f"--output: {path.parent} belongs to the store; write into another directory.")
    if os.path.islink(path):
        raise Failure(f"--output: {path} is a link; name the file itself, or redirect stdout.")
    if os.path.exists(path) and not os.path.isfile(path):
        raise Failure(f"--output: {path} is not a file; leave --output away and redirect stdout.")
    return path


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), MODE)


@contextmanager
def _packed(sink: Sink, name: str, *, gzip: bool) -> Iterator[Sink]:
    if not gzip:
        yield sink
        return
    packed = Packed(sink, name)
    yield packed
    packed.end()
