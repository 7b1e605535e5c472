"""The fixture `logged` for pytest: `pytest_plugins = ["logconsole.pytest_plugin"]` in a project's conftest.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from logconsole import testing


@pytest.fixture
def logged() -> Iterator[testing.Logged]:
    """What is logged during the test."""
    with testing.logged() as found:
        yield found
