"""The file that an export goes into: it appears under its name only when it is whole."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from gzip import GzipFile
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import CommandError

MODE = 0o640  # as the segments: entries are not for everybody


class File:
    """A file being written."""

    def __init__(self, writer: BinaryIO | GzipFile) -> None:
        self.written = 0
        """The size of the finished file in bytes, compressed where it is."""
        self._writer = writer

    def write(self, text: str) -> None:
        """Append the text as UTF-8."""
        self._writer.write(text.encode("utf-8", "backslashreplace"))


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[File]:
    """A file that is renamed to `path` at the end of the block, or removed if the block fails."""
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        with open(part, "xb", opener=_private) as raw:
            with _writer(raw, path.name) as writer:
                file = File(writer)
                yield file
            raw.flush()
            os.fsync(raw.fileno())
            file.written = raw.tell()
        os.replace(part, path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def checked(output: str, store_directory: str | None) -> Path:
    """The path that a link points to. Raises `CommandError` where no file can be put."""
    path = Path(os.path.realpath(output))
    if not path.parent.is_dir():
        raise CommandError(f"--output: there is no directory {path.parent}; make it first.")
    if store_directory and path.parent == Path(os.path.realpath(store_directory)):
        raise CommandError(f"--output: {path.parent} belongs to the store; write into another directory.")
    if os.path.exists(path) and not os.path.isfile(path):
        raise CommandError(f"--output: {path} is not a file; leave --output away and redirect stdout.")
    return path


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, MODE)


def _writer(raw: BinaryIO, name: str) -> contextlib.AbstractContextManager[BinaryIO | GzipFile]:
    if name.lower().endswith(".gz"):
        return GzipFile(name[: -len(".gz")], "wb", compresslevel=6, fileobj=raw)
    return contextlib.nullcontext(raw)
