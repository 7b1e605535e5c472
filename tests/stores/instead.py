"""Something else that happens right before a system call of a writer."""

from __future__ import annotations

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
