"""Real servers."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.e2e.site import Site, running
from tests.live.viewer import sign_in

KEEPALIVE = {
    "daphne": ["--ping-interval", "1", "--ping-timeout", "1"],
    "uvicorn": ["--ws-ping-interval", "1", "--ws-ping-timeout", "1"],
}


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def server(request: pytest.FixtureRequest) -> str:
    """Each of the servers that are supported."""
    return str(request.param)


@pytest.fixture(scope="module")
def site(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo site, running."""
    with running(tmp_path_factory.mktemp("site"), server, module="tests.live") as made:
        yield made


@pytest.fixture
def visitor(site: Site) -> Iterator[httpx.Client]:
    """A superuser who is signed in."""
    with sign_in(site) as signed_in:
        yield signed_in
