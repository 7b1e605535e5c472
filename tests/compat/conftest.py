"""A new project for each test, and a look at its console."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.newcomer import EMAIL, NAME, PAGE, PASSWORD, Newcomer

USER = {"username": NAME, "email": EMAIL, "password": PASSWORD}
QUICK = 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]\n'
Look = Callable[..., dict[str, Any]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each starts processes of its own, on whatever machine."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(120))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """As `startproject` makes it, with the steps of the README, its tables made."""
    project = Newcomer(tmp_path_factory.mktemp("made")).start().follow_readme()
    project.append(project.settings, QUICK)
    project.manage("migrate", "--verbosity", "0")
    return project


@pytest.fixture
def project(made: Newcomer, tmp_path: Path) -> Newcomer:
    """A copy of it, to be changed."""
    shutil.copytree(made.directory, tmp_path, dirs_exist_ok=True)
    return replace(made, directory=tmp_path)


@pytest.fixture
def look() -> Look:
    """Sign in as staff, log, and find that entry on the page's addresses and on its socket."""

    def at(project: Newcomer, user: dict[str, str] = USER, login: str = NAME, address: str = PAGE) -> dict[str, Any]:
        said = project.run("-m", "tests.compat.smoke", json.dumps(user), login)
        found: dict[str, Any] = json.loads(said.splitlines()[-1])
        assert found["address"] == address
        assert found["page"] == found["plain"] == 200
        assert [entry["msg"] for entry in found["entries"]] == ["Hello from compat"]
        assert found["socket"] == found["entries"]
        assert [table for table in found["tables"] if "console" in table] == []
        return found

    return at
