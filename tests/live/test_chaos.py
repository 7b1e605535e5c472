"""Whatever happens, each entry is shown exactly once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.site import running
from tests.live.chaos import OPTIONS, chaos
from tests.live.viewer import sign_in


@pytest.mark.timeout(240)
async def test_lost_connections_killed_servers_and_rotations_lose_and_repeat_nothing(
    server: str, tmp_path: Path
) -> None:
    """4,000 entries of two processes, twenty disturbances, some of them a SIGKILL of the server."""
    with running(tmp_path, server, module="tests.live", FILE_OPTIONS=OPTIONS) as site, sign_in(site) as visitor:
        outcome = await chaos(site, visitor, entries=4_000, disturbances=20, seed=2)
    assert (outcome.lost, outcome.duplicated, outcome.disordered, outcome.missed) == (0, 0, 0, 0)
    assert outcome.disturbances == 20 and outcome.restarts and outcome.rotations > 10
