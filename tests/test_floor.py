"""The ground holds: every module imports, and nothing in it needs more than the oldest Python we promise."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import logconsole

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
OLDEST = "3.10"
MODULES = [module.name for module in pkgutil.walk_packages(logconsole.__path__, "logconsole.")]


@pytest.mark.parametrize("name", MODULES)
def test_module_imports(name: str) -> None:
    """There is no module that only imports under conditions of its own."""
    assert importlib.import_module(name).__name__ == name


@pytest.mark.parametrize("name", MODULES)
def test_module_says_what_it_is(name: str) -> None:
    """Each module answers one question, stated in its docstring."""
    if Path(importlib.import_module(name).__file__ or "").read_text("utf-8").strip():
        assert importlib.import_module(name).__doc__


def test_tools_look_for_the_oldest_python() -> None:
    """What we promise to pip is what ruff and mypy check."""
    assert PROJECT["project"]["requires-python"] == f">={OLDEST}"
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{OLDEST.replace('.', '')}"
    assert PROJECT["tool"]["mypy"]["python_version"] == OLDEST


def test_code_runs_on_the_oldest_python() -> None:
    """No name of a newer standard library, no newer syntax."""
    options = ["--quiet", "--no-tips", "--violations", "--eval-annotations", f"--target={OLDEST}-"]
    vermin = Path(sys.executable).with_name("vermin")  # it cannot be run as a module
    command = [str(vermin), *options, "logconsole", "project", "manage.py"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (found.returncode, found.stdout + found.stderr) == (0, "")
