"""What the README tells a newcomer to do works as it stands there."""

from __future__ import annotations

import pytest

from tests.newcomer import Newcomer, assert_has_a_live_log

pytestmark = pytest.mark.timeout(90)  # a project is made, and served


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Newcomer:
    """A new project, changed by the blocks of the README only."""
    return Newcomer(tmp_path_factory.mktemp("newcomer")).start().follow_readme().settle()


@pytest.mark.parametrize("server", ["runserver", "daphne"])
def test_new_project_with_the_steps_of_the_readme_has_a_live_log(project: Newcomer, server: str) -> None:
    """The checks are silent, the page opens for staff, and the socket brings what the site logs."""
    assert "no issues" in project.manage("check", "--fail-level", "WARNING")
    assert_has_a_live_log(project, server)
    assert "GET /no-such-page/ 404" in project.manage("tail_logs", "--no-follow", "--query", "no-such-page")
    assert (project.directory / "logs" / "current.jsonl").exists()
