"""What a release needs is there, and says one thing."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

import logconsole

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The files that the script reads, to be changed."""
    for name in (".ci/release-notes", "logconsole/__init__.py", "CHANGELOG.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def notes(clone: Path, version: str) -> tuple[int, str]:
    """What the script says of that version."""
    done = subprocess.run([clone / ".ci" / "release-notes", version], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_a_tag_of_another_version_is_refused(clone: Path) -> None:
    """Before anything is built."""
    assert notes(clone, "99.0.0") == (
        1,
        f"The tag says 99.0.0, logconsole.__version__ says {logconsole.__version__}.\n",
    )


def test_the_notes_of_a_release_are_its_part_of_the_changelog(clone: Path) -> None:
    """No more and no less; without one there is no release."""
    version = logconsole.__version__
    (clone / "CHANGELOG.md").write_text("# Changelog\n\n## [Unreleased]\n\n- later\n")
    assert notes(clone, version)[0] == 1
    (clone / "CHANGELOG.md").write_text(
        f"## [Unreleased]\n\n- later\n\n## [{version}] - 2026-12-01\n\n- now\n\n## [0]\n"
    )
    assert notes(clone, version) == (0, "\n- now\n")


def test_the_changelog_tells_of_this_version_or_the_next() -> None:
    """Each part has a number, none twice."""
    parts = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert parts[0] in ("Unreleased", logconsole.__version__)
    assert len(parts) == len(set(parts))


@pytest.mark.parametrize("path", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda path: path.name)
def test_workflows_and_forms_are_yaml(path: Path) -> None:
    """A slip in one is seen here, not when it is needed."""
    assert isinstance(yaml.safe_load(path.read_text()), dict)


def test_publishing_needs_no_token() -> None:
    """PyPI trusts the workflow; only the job that publishes may prove who it is."""
    jobs = yaml.safe_load((ROOT / ".github/workflows/publish.yml").read_text())["jobs"]
    assert jobs["publish"]["permissions"]["id-token"] == "write"
    assert jobs["publish"]["needs"] == "build"
    assert "permissions" not in jobs["build"]
    assert "password" not in (ROOT / ".github/workflows/publish.yml").read_text()
