"""Errors that nobody caught, and warnings, become entries."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from logconsole import capture, conf, uncaught
from logconsole.handlers import RingBufferHandler
from logconsole.query import Query
from logconsole.stores.file import FileStore
from tests.children import ran


@pytest.fixture
def kept(settings: Any) -> Callable[[], list[Any]]:
    """What is in the ring."""
    settings.LOGCONSOLE = {}
    logging.getLogger().addHandler(RingBufferHandler())
    logging.getLogger().setLevel(logging.INFO)
    return lambda: list(conf.get_store("ring").scan(Query()))


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], io.StringIO]:
    """A stderr, with errors and output captured; pytest's own hooks are out of the way."""

    def begin() -> io.StringIO:
        made = io.StringIO()
        monkeypatch.setattr(sys, "stderr", made)
        monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
        monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)
        monkeypatch.setattr(threading, "excepthook", threading.__excepthook__)
        capture.capture_output()
        capture.capture_errors()
        return made

    return begin


@pytest.fixture(autouse=True)
def _released() -> Iterator[None]:
    yield
    capture.release_errors()
    capture.release_output()


def broken() -> None:
    """Raises."""
    raise RuntimeError("broken")


def test_an_exception_of_a_thread_is_an_entry(kept: Any, terminal: Any) -> None:
    """One, with the traceback and where it was raised; printed once, as before."""
    printed = terminal()
    logging.getLogger().addHandler(logging.StreamHandler())
    thread = threading.Thread(target=broken, name="invoices")
    thread.start()
    thread.join()
    (entry,) = kept()
    assert (entry.level, entry.logger) == ("ERROR", "logconsole.uncaught")
    assert entry.msg == "Thread invoices ends: nobody caught an exception"
    assert entry.exc.endswith("RuntimeError: broken")
    assert entry.caller.startswith("tests/test_uncaught.py:")
    assert printed.getvalue().count("RuntimeError: broken") == 1


def test_what_cannot_be_raised_is_an_entry(kept: Any, terminal: Any) -> None:
    """In a finalizer, whose object may have no text."""

    class Bad:
        def __del__(self) -> None:
            raise RuntimeError("broken")

        def __repr__(self) -> str:
            raise RuntimeError("no text")

    printed = terminal()
    Bad()
    gc.collect()
    (entry,) = kept()
    assert (entry.level, entry.msg.partition(" <")[0]) == ("ERROR", "Exception ignored in")
    assert entry.exc.endswith("RuntimeError: broken")
    assert "RuntimeError: broken" in printed.getvalue()


def test_an_exit_is_no_error(kept: Any, terminal: Any) -> None:
    """Neither of a thread, nor Ctrl-C."""
    terminal()
    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert [entry for entry in kept() if entry.logger == "logconsole.uncaught"] == []


def test_a_hook_never_fails(kept: Any, terminal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it cannot log, the one before still speaks."""
    printed = terminal()
    monkeypatch.setattr(uncaught.logger, "makeRecord", lambda *_: 1 / 0)
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    assert kept() == []
    assert "RuntimeError: broken" in printed.getvalue()


def test_twice_is_once_and_back_is_back(kept: Any, terminal: Any) -> None:
    """The hooks are those from before; one that others stand before is silent."""
    terminal()
    capture.capture_errors()
    ours = sys.excepthook
    assert isinstance(ours, uncaught.Hook) and not isinstance(ours.before, uncaught.Hook)
    capture.release_errors()
    assert (sys.excepthook, threading.excepthook) == (sys.__excepthook__, threading.__excepthook__)
    try:
        broken()
    except RuntimeError as error:
        ours(type(error), error, error.__traceback__)
    assert [entry for entry in kept() if entry.logger == "logconsole.uncaught"] == []


def test_a_warning_is_an_entry(kept: Any, terminal: Any) -> None:
    """Instead of a line on stderr, until it is released."""
    printed = terminal()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    (entry,) = kept()
    assert (entry.level, entry.logger) == ("WARNING", "py.warnings")
    assert "DeprecationWarning: old" in entry.msg
    assert printed.getvalue() == ""


async def test_a_task_that_fails_is_an_entry_without_any_switch(kept: Any) -> None:
    """asyncio logs it, and errors of asyncio enter."""

    async def work() -> None:
        broken()

    task = asyncio.create_task(work())
    await asyncio.wait({task})
    del task
    gc.collect()
    (entry,) = kept()
    assert (entry.level, entry.logger) == ("ERROR", "asyncio")
    assert entry.msg.startswith("Task exception was never retrieved")
    assert entry.exc.endswith("RuntimeError: broken")


def ending(directory: str) -> None:
    """A process that ends with an exception."""
    from tests.writer_process import configure

    configure(directory, "ending")
    capture.capture_output()
    capture.capture_errors()
    broken()


def test_the_exception_that_ends_a_process_is_an_entry(tmp_path: Path) -> None:
    """One, and Python prints it as ever."""
    done = ran(ending, tmp_path)
    (entry,) = FileStore(tmp_path).scan(Query())
    assert (entry.level, entry.logger) == ("CRITICAL", "logconsole.uncaught")
    assert entry.exc.endswith("RuntimeError: broken")
    assert (done.returncode, done.stderr.count("RuntimeError: broken")) == (1, 1)
