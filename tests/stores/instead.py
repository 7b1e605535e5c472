"""Something else that happens right before a system call of a writer."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

import pytest

from logconsole.stores import active, patient, writer


class Calls:
    """The system calls of a writer, one of which does something else first, once."""

    def __init__(self, name: str, happens: Callable[[], object]) -> None:
        self.name = name
        self.happens: list[Callable[[], object]] = [happens]

    def __getattr__(self, name: str) -> object:
        if name == self.name and self.happens:
            self.happens.pop()()
        return getattr(os, name)


def once(monkeypatch: pytest.MonkeyPatch, name: str, happens: Callable[[], object]) -> None:
    """Let something happen right before the next such system call of a writer, as if it had been stopped there."""
    calls = Calls(name, happens)
    for module in (active, patient, writer):
        monkeypatch.setattr(module, "os", calls)


class Short:
    """The system calls of a writer, one of which writes all but so many bytes, and then the next one fails."""

    def __init__(self, missing: int, *, fails: bool) -> None:
        self.missing = missing
        self.fails = [False, fails]

    def __getattr__(self, name: str) -> object:
        return self._write if name == "write" and self.fails else getattr(os, name)

    def _write(self, file: int, data: bytes) -> int:
        if self.fails.pop(0):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(file, data[: len(data) - self.missing] if len(self.fails) else data)


def short(monkeypatch: pytest.MonkeyPatch, missing: int, *, fails: bool) -> None:
    """The next write comes short by so many bytes; the one behind it may fail: the disk is full."""
    calls = Short(missing, fails=fails)
    for module in (active, patient, writer):
        monkeypatch.setattr(module, "os", calls)
