"""The table without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from logconsole import conf
from logconsole.entry import Entry
from tests.web import client_of, configure, page, staff


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("ts", ["0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z"])
@pytest.mark.django_db
def test_a_time_at_the_edge_of_the_calendar_is_shown(ts: str, zone: str, settings: Any, tmp_path: Path) -> None:
    """One that the site's zone does not have is shown as it stands in the line."""
    configure(settings, tmp_path)
    settings.TIME_ZONE = zone
    conf.get_store("file").append(Entry(ts=ts, level="INFO", msg="far away"))
    response = page(client_of(staff()), plain=1)
    assert response.status_code == 200
    assert b"far away" in response.content
