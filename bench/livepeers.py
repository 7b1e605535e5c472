"""The peers' servers: each as its own README sets it up, looked at by its own protocol."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.liverun import ROOT, Row, Work, measured
from tests.e2e.site import free_port

PACKAGES = {"live_logs": "django_live_logs", "realtime_logs": "django_realtime_logs", "log_viewer": "python_log_viewer"}
NAMES = {
    "frontail": "frontail, stream scanned",
    "frontail_parsed": "frontail, messages parsed",
    "live_logs": "django-live-logs",
    "realtime_logs": "django-realtime-logs",
    "log_viewer": "python-log-viewer",
}


@dataclass(frozen=True)
class Peer:
    """One of them, and where it is installed."""

    kind: str
    where: str = ""


def asked(python: str, frontail: str, *, quick: bool) -> Iterator[tuple[Peer, Work]]:
    """What is measured of them."""
    most = [(1_000, 10), (1_000, 100), (10_000, 10)]
    for kind in ("frontail", "frontail_parsed"):
        for rate, clients in most if kind == "frontail" or not quick else []:
            yield Peer(kind, frontail), Work(rate, clients, 1.5 if quick else 2.5, others=1)
    for kind in PACKAGES if not quick else []:
        for rate, clients in most:
            yield Peer(kind, python), Work(rate, clients, 2.0)


def row(peer: Peer, work: Work) -> Row:
    """One row; it says so where the peer is not installed, or does not answer any more."""
    name = NAMES[peer.kind]
    try:
        with tempfile.TemporaryDirectory() as directory, serving(peer, Path(directory)) as (process, url, arguments):
            path = Path(directory) / "runtime.log"
            return measured(name, work, process.pid, url, peer.kind, arguments, path)
    except NotInstalled:
        return Row(name, work.by, work.clients, work.rate, note="not installed")
    except (httpx.HTTPError, AssertionError) as problem:
        return Row(name, work.by, work.clients, work.rate, note=f"does not answer: {type(problem).__name__}")


class NotInstalled(Exception):
    """The peer is not there."""


@contextmanager
def serving(peer: Peer, directory: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, list[str]]]:
    """Its process, its address, and what the client is told besides."""
    port, log = free_port(), directory / "runtime.log"
    log.touch()
    with ExitStack() as stack:
        if peer.kind.startswith("frontail"):
            command, arguments = of_frontail(peer.where, port, log)
            environment = dict(os.environ)
        else:
            command, arguments = of_python(peer, port)
            environment = {
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PEER": peer.kind,
                "REDIS": redis(stack, peer, directory),
            }
        process = stack.enter_context(
            subprocess.Popen(
                command, cwd=directory, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        )
        stack.callback(process.kill)
        wait(f"http://127.0.0.1:{port}/")
        yield process, f"http://127.0.0.1:{port}", arguments


def of_frontail(where: str, port: int, log: Path) -> tuple[list[str], list[str]]:
    """Node, one file, `tail -F`."""
    script = Path(where) / "node_modules/frontail/bin/frontail"
    if not where or not script.exists() or not shutil.which("node"):
        raise NotInstalled
    options = ["-p", str(port), "-h", "127.0.0.1", "-n", "0", "--disable-usage-stats"]
    return ["node", str(script), *options, str(log)], [hashlib.md5(str(log).encode()).hexdigest()]  # noqa: S324  # the name that frontail gives to a namespace


def of_python(peer: Peer, port: int) -> tuple[list[str], list[str]]:
    """daphne, in the Python that has the package."""
    if subprocess.run([peer.where, "-c", f"import {PACKAGES[peer.kind]}"], capture_output=True).returncode:
        raise NotInstalled
    return [peer.where, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "bench.peersite:application"], []


def redis(stack: ExitStack, peer: Peer, directory: Path) -> str:
    """The address of a Redis of its own, which django-live-logs asks for; nothing where there is none."""
    if peer.kind != "live_logs" or not shutil.which("redis-server"):
        return ""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(directory)]
    process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.DEVNULL))
    stack.callback(process.kill)
    return f"redis://127.0.0.1:{port}/0"


def wait(url: str) -> None:
    """Until somebody answers there."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            httpx.get(url, timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"nobody answers at {url}")
