"""The package as it is delivered: the wheel alone, in an environment that has nothing else of ours."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

import logconsole
from tests.newcomer import ROOT, Newcomer, assert_has_a_live_log

PACKAGE = ROOT / "logconsole"


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two files of a release: the sdist, and the wheel that is built from it."""
    directory = tmp_path_factory.mktemp("dist")
    built(ROOT, "sdist", directory)
    with tarfile.open(next(directory.glob("*.tar.gz"))) as sdist:
        sdist.extractall(directory, filter="data")
    built(next(directory.glob("django_logconsole-*/")), "wheel", directory)
    return directory


def built(source: Path, target: str, directory: Path) -> None:
    """Build it there."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(directory)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)


def test_the_wheel_has_the_package_and_nothing_else(dist: Path) -> None:
    """Templates, scripts, styles, translations and the mark of types; neither the tests nor the demo."""
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    there = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    assert packed == {name for name in there if not name.endswith(".pyc")}
    assert "logconsole/py.typed" in packed
    assert {Path(name).suffix for name in packed} >= {".py", ".html", ".js", ".css", ".mo"}


def test_the_metadata_says_what_it_is(dist: Path) -> None:
    """Name, version, licence with its text, the README, and what it runs on."""
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as wheel:
        names = wheel.namelist()
        metadata = HeaderParser().parsestr(
            wheel.read(next(name for name in names if name.endswith("/METADATA"))).decode()
        )
    assert metadata["Name"] == "django-logconsole"
    assert metadata["Version"] == logconsole.__version__
    assert metadata["License-Expression"] == "MIT"
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert "Typing :: Typed" in metadata.get_all("Classifier", [])


def test_the_source_has_what_its_tests_need(dist: Path) -> None:
    """Who packages it for a distribution can run them."""
    (source,) = dist.glob("django_logconsole-*/")
    for name in (
        "tests/conftest.py",
        "project/settings.py",
        "docs/index.md",
        "LICENSE",
        "requirements.txt",
        "Makefile",
    ):
        assert (source / name).exists(), name


@pytest.mark.timeout(300)  # pip brings Django, Channels and daphne from the index or its cache
def test_the_wheel_alone_gives_a_new_project_a_live_log(dist: Path, tmp_path: Path) -> None:
    """Installed as a user does it; the README's steps, a real server, and the installed command on what was kept."""
    home = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    python = home / "bin" / "python"
    wheel = next(dist.glob("*.whl"))
    subprocess.run([python, "-m", "pip", "install", "--quiet", wheel], check=True, capture_output=True)
    site = tmp_path / "site"
    site.mkdir()
    project = Newcomer(site, python=str(python), path="").start().follow_readme().settle()
    assert project.run("-c", "import logconsole; print(logconsole.__file__)").startswith(str(home))
    assert "no issues" in project.manage("check", "--fail-level", "WARNING")
    assert_has_a_live_log(project, "daphne")
    command = [home / "bin" / "logconsole", "tail", site / "logs", "--no-follow", "--query", "no-such-page"]
    assert "GET /no-such-page/ 404" in subprocess.run(command, check=True, capture_output=True, text=True).stdout
