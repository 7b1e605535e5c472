"""A download under daphne and uvicorn: real processes, real connections."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from logconsole.query import Query
from logconsole.stores.file import FileStore
from tests.e2e.site import Site
from tests.records import entry

pytestmark = pytest.mark.timeout(120)  # the first starts the site
COUNT, SIZE = 8_000, 8_000  # entries, and bytes of each: more than all buffers on the way


@pytest.fixture(scope="module")
def large(site: Site) -> int:
    """The bytes of a large log."""
    store = FileStore(site.log_dir)
    line = entry("x" * SIZE)
    for _ in range(COUNT):
        store.append(line)
    store.close()
    return COUNT * len(line.line)


@contextmanager
def reading(site: Site, visitor: httpx.Client, parameters: str) -> Iterator[socket.socket]:
    """A connection on which a download has begun; it is read no further than one does oneself."""
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    address = f"{site.page.removeprefix(site.url)}download/?{parameters}"
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        connection.connect(("127.0.0.1", site.port))
        request = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nCookie: {cookies}\r\n\r\n"
        connection.sendall(request.encode())
        assert connection.recv(20, socket.MSG_WAITALL).startswith(b"HTTP/1.1 200")
        yield connection


def downloads(visitor: httpx.Client) -> int:
    """How many the server is at."""
    return int(visitor.get("/state/").json()["downloads"])


def read_by(site: Site) -> int:
    """The bytes that the server's process has read, of files and connections."""
    lines = Path(f"/proc/{site.process.pid}/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["rchar"])


def test_a_slow_client_costs_next_to_nothing(site: Site, visitor: httpx.Client, large: int) -> None:
    """The server reads on only when the client does; what it has it gets whole."""
    visitor.get("/state/")
    memory, before = visitor.get("/state/").json()["memory"], read_by(site)
    with reading(site, visitor, "format=jsonl") as connection:
        for _ in range(150):  # others are served meanwhile
            assert downloads(visitor) == 1
        assert read_by(site) - before < large // 2
        assert visitor.get("/state/").json()["memory"] - memory < 20_000_000
        received = 0
        while received < large:
            received += len(connection.recv(1_000_000))


def test_reading_stops_when_the_client_leaves(site: Site, visitor: httpx.Client, large: int) -> None:
    """At once, and without a word."""
    printed, before = len(site.printed), read_by(site)
    with reading(site, visitor, "format=csv&gzip=0") as connection:
        connection.recv(100_000, socket.MSG_WAITALL)
    while downloads(visitor):
        pass
    assert read_by(site) - before < large // 2
    assert not [line for line in site.printed[printed:] if "Traceback" in line or "ERROR" in line]


def test_a_compressed_download_is_the_same(site: Site, visitor: httpx.Client, large: int) -> None:
    """Kept as it comes by a client that unpacks what is only sent compressed."""
    store = FileStore(site.log_dir)
    end = store.older(Query(), limit=1)
    response = visitor.get(f"{site.page}download/", params={"format": "jsonl", "gzip": "1"}, timeout=30)
    lines = gzip.decompress(response.content).splitlines()
    assert response.headers["Content-Disposition"].endswith('.jsonl.gz"')
    assert "Content-Encoding" not in response.headers
    assert json.loads(lines[-1]) == json.loads(end.entries[-1].line)
    assert len(lines) >= COUNT
