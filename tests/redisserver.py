"""A real redis-server, or several as a cluster, for a test."""

from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry


class RedisServer:
    """One server in a directory of its own; started again, it has what it had."""

    def __init__(self, directory: Path, *options: str, durable: bool = False) -> None:
        self.directory = directory
        self.port = free_port()
        self.options = ["--appendonly", "yes" if durable else "no", *options]
        self.command: list[str] = []
        """Another one than that of a plain server."""
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As the store takes it."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> Redis:
        """One that waits until the server answers."""
        retry = Retry(ConstantBackoff(0.02), 500)
        return Redis(port=self.port, retry=retry, decode_responses=True)

    def start(self) -> RedisServer:
        """Start it, and wait until it answers."""
        self.directory.mkdir(exist_ok=True)
        plain = ["redis-server", "--port", str(self.port), "--dir", str(self.directory), "--save", "", *self.options]
        log = (self.directory / "log").open("ab")
        with log:
            self.process = subprocess.Popen(self.command or plain, stdout=log, stderr=log)
        with self.client as client:
            client.ping()
        return self

    def __enter__(self) -> RedisServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        """As when the machine takes it away."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an administrator does."""
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait()
            self.process = None


def free_port() -> int:
    """A port that nobody has now; a cluster's second one, 10,000 above, is below 65,536."""
    while True:
        with socket.socket() as made:
            made.bind(("127.0.0.1", 0))
            port = int(made.getsockname()[1])
        if port < 50_000:
            return port


def clustered(directory: Path, count: int) -> list[RedisServer]:
    """So many nodes, each with its share of the keys; they know each other."""
    options = ("--cluster-enabled", "yes", "--cluster-node-timeout", "15000")
    nodes = [RedisServer(directory / str(number), *options).start() for number in range(count)]
    bounds = [16384 * number // count for number in range(count + 1)]
    for number, node in enumerate(nodes):
        with node.client as client:
            client.execute_command("CLUSTER ADDSLOTSRANGE", bounds[number], bounds[number + 1] - 1)
            client.execute_command("CLUSTER MEET", "127.0.0.1", nodes[0].port)
    for node in nodes:
        _wait_until_whole(node, count)
    return nodes


def _wait_until_whole(node: RedisServer, count: int) -> None:
    with node.client as client:
        while True:
            told = client.execute_command("CLUSTER INFO")
            if (told["cluster_state"], told["cluster_size"]) == ("ok", str(count)):
                return


def sentinel(directory: Path, master: RedisServer, replica: RedisServer) -> RedisServer:
    """A Sentinel that calls the master `logs`, and knows the replica; a second without an answer is death."""
    directory.mkdir()
    path = directory / "sentinel.conf"
    server = RedisServer(directory)
    path.write_text(
        f"port {server.port}\n"
        f"sentinel monitor logs 127.0.0.1 {master.port} 1\n"
        "sentinel down-after-milliseconds logs 1000\n"
        "sentinel failover-timeout logs 5000\n"
    )
    server.command = ["redis-server", str(path), "--sentinel"]
    server.start()
    with server.client as client:
        while not any(str(replica.port) in str(one) for one in client.sentinel_slaves("logs")):
            pass
    return server
