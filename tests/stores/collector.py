"""The OpenTelemetry collector on a directory of segments, configured as the documentation says, and who it sends to."""

from __future__ import annotations

import gzip
import json
import queue
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("otelcol-contrib") or shutil.which("otelcol")
PAGE = Path(__file__).parents[2] / "docs/how-to/ship.md"


class Backend(ThreadingHTTPServer):
    """Takes what is exported over OTLP."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.arrived: queue.Queue[dict[str, Any]] = queue.Queue()
        self.records: list[dict[str, Any]] = []

    @property
    def texts(self) -> list[str]:
        """The messages so far."""
        self.has(0)
        return [record["body"]["stringValue"] for record in self.records]

    def has(self, count: int) -> None:
        """Until so many records are there."""
        while len(self.records) < count or not self.arrived.empty():
            self.records += list(_records(self.arrived.get(timeout=25)))


class Taking(BaseHTTPRequestHandler):
    """One export."""

    server: Backend

    def do_POST(self) -> None:
        """Hold it, and say so."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.arrived.put(json.loads(gzip.decompress(body)))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def collected(directory: Path) -> Iterator[Backend]:
    """What the collector sends of the directory; behind the block it has ended in order."""
    assert PROGRAM is not None
    found = re.search(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found is not None
    (directory.parent / "otel.yaml").write_text(found[1])
    with Backend() as backend:
        threading.Thread(target=backend.serve_forever, args=(0.01,), daemon=True).start()
        here = {
            "receivers::filelog::include": f"[{directory}/0*.jsonl]",
            "receivers::filelog::poll_interval": "20ms",
            "exporters::otlphttp::endpoint": f"http://127.0.0.1:{backend.server_port}",
            "exporters::otlphttp::encoding": "json",
            "service::telemetry::metrics::level": "none",  # it would open a port
        }
        places = [str(directory.parent / "otel.yaml"), *(f"yaml:{key}: {value}" for key, value in here.items())]
        with (directory.parent / "otel.log").open("wb") as log:
            process = subprocess.Popen([PROGRAM, *(f"--config={place}" for place in places)], stderr=log)
        try:
            yield backend
        finally:
            process.terminate()
            process.wait()
            backend.shutdown()


def _records(export: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in export["resourceLogs"]:
        about = {"resource": resource["resource"]["attributes"]}
        for scope in resource["scopeLogs"]:
            yield from ({**about, **record} for record in scope["logRecords"])
