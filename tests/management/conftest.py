"""A store on disk for the commands, and the commands in this process."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from logconsole.stores.file import FileStore

Call = Callable[..., tuple[str, str]]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Where the store lies; made by the first entry."""
    return tmp_path / "logs"


@pytest.fixture
def store(directory: Path) -> FileStore:
    """The store as a writing process has it: a few entries fill a segment."""
    return FileStore(directory, segment_bytes=1_000)


@pytest.fixture
def configured(settings: Settings, directory: Path) -> Callable[..., None]:
    """Configures this process to read the directory, by FileStore or what inherits from it."""

    def configure(backend: str = "logconsole.stores.file.FileStore") -> None:
        ring = {"BACKEND": "logconsole.stores.ring.RingStore"}
        settings.LOGCONSOLE = {
            "STORES": {"ring": ring, "file": {"BACKEND": backend, "OPTIONS": {"directory": directory}}}
        }

    configure()
    return configure


@pytest.fixture
def call(configured: Callable[..., None]) -> Call:
    """Runs a command in this process; returns what it wrote to stdout and stderr."""

    def run(*arguments: str, **options: Any) -> tuple[str, str]:
        out, err = io.StringIO(), io.StringIO()
        call_command(*arguments, stdout=out, stderr=err, **options)
        return out.getvalue(), err.getvalue()

    return run
