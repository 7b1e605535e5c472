"""What every test stands on: logging and context as they were found."""

from __future__ import annotations

import contextvars
import logging
import signal
from collections.abc import Iterator
from functools import partial

import hypothesis
import pytest

from logconsole import audit, turns

hypothesis.settings.register_profile("any machine", deadline=None)  # a busy one takes its time
hypothesis.settings.load_profile("any machine")


def pytest_configure() -> None:
    """A shell that starts the suite in the background lets it ignore signals, and so all that the suite starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Every test runs in a copy of the context, so what it sets in context variables ends with it."""
    item.runtest = partial(contextvars.copy_context().run, item.runtest)  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _restored_logging() -> Iterator[None]:
    """Every test leaves the loggers as it found them: handlers, levels, whether they are on."""
    root = logging.getLogger()
    handlers, level, disabled = root.handlers[:], root.level, logging.root.manager.disable
    known = {name: _state(logger) for name, logger in _loggers().items()}
    yield
    root.handlers[:], root.level = handlers, level
    logging.disable(disabled)
    for name, logger in _loggers().items():
        before = known.get(name, ([], logging.NOTSET, True, False))
        logger.handlers[:], logger.level, logger.propagate, logger.disabled = before
    root.manager._clear_cache()  # type: ignore[attr-defined]  # levels were set past setLevel


@pytest.fixture
def attached(_restored_logging: None) -> None:
    """A handler on the root that keeps everything in the store `file`."""
    from logconsole.handlers import JSONLHandler

    logging.getLogger().addHandler(JSONLHandler())
    logging.getLogger().setLevel(logging.INFO)


def _loggers() -> dict[str, logging.Logger]:
    found = logging.root.manager.loggerDict
    return {name: logger for name, logger in found.items() if isinstance(logger, logging.Logger)}


def _state(logger: logging.Logger) -> tuple[list[logging.Handler], int, bool, bool]:
    return logger.handlers[:], logger.level, logger.propagate, logger.disabled


@pytest.fixture(autouse=True)
def _turns() -> Iterator[None]:
    """Downloads that a test does not read, and who looked, must not count in another one, whose users have the ids."""
    yield
    audit._told.clear()
    turns.searches._renew()
    turns.downloads._renew()
