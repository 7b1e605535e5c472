"""A site that `wagtail start` has made; run by `tox -e wagtail`, which installs Wagtail."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.compat.conftest import Look
from tests.newcomer import Newcomer, readme_blocks

pytest.importorskip("wagtail", reason="tox -e wagtail brings it")
ASGI = """import os
from django.core.asgi import get_asgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings.dev")
application = get_asgi_application()
"""


def test_a_wagtail_site_has_a_live_log(tmp_path: Path, look: Look) -> None:
    """It keeps its settings in base.py, Django's admin under another address, and brings no asgi.py."""
    command = [sys.executable, "-c", "from wagtail.bin.wagtail import main; main()", "start", "mysite", "."]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    project = Newcomer(tmp_path, module="mysite.settings.dev")
    settings, asgi = readme_blocks()
    project.append(tmp_path / "mysite" / "settings" / "base.py", settings)
    with pytest.raises(AssertionError, match=r"logconsole\.W021.* there is no such module"):
        project.manage("check", "--fail-level", "WARNING")
    project.append(tmp_path / "mysite" / "asgi.py", ASGI + asgi)
    found = look(project, address="/django-admin/logconsole/console/")
    assert "wagtailcore_page" in found["tables"]
