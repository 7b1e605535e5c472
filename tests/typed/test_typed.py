"""Whoever uses the package has its types, whichever checker they use."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONSUMER = Path(__file__).with_name("consumer.py")
pytestmark = pytest.mark.timeout(180)  # a checker reads Django first, and pyright may have to be fetched


def test_mypy_understands_what_a_project_writes() -> None:
    """Strictly, with the settings of the house."""
    command = [sys.executable, "-m", "mypy", str(CONSUMER)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pyright_understands_what_a_project_writes(tmp_path: Path) -> None:
    """Strictly; it has no plugin for Django, and needs none here."""
    config = {"extraPaths": [str(ROOT)], "pythonVersion": "3.10", "typeCheckingMode": "strict"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    shutil.copy(CONSUMER, tmp_path)
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--project", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 errors, 0 warnings" in done.stdout
