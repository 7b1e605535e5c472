"""Real servers."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.site import Site, running
from tests.live.viewer import sign_in


def keepalive(seconds: int) -> dict[str, list[str]]:
    """Options of each server: after so long a connection on which nothing moves is taken for dead."""
    text = str(seconds)
    return {
        "daphne": ["--ping-interval", text, "--ping-timeout", text],
        "uvicorn": ["--ws-ping-interval", text, "--ws-ping-timeout", text],
    }


KEEPALIVE = keepalive(1)
PATIENCE = keepalive(600)


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def server(request: pytest.FixtureRequest) -> str:
    """Each of the servers that are supported."""
    return str(request.param)


@pytest.fixture(scope="module")
def site(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo site, running; on a busy machine it takes nobody for dead."""
    directory, patience = tmp_path_factory.mktemp("site"), PATIENCE[server]
    with running(directory, server, *patience, module="tests.live", ACK_SECONDS="600") as made:
        yield made


@pytest.fixture
def visitor(site: Site) -> Iterator[httpx.Client]:
    """A superuser who is signed in."""
    with sign_in(site) as signed_in:
        yield signed_in
