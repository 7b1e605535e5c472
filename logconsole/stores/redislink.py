"""What is said to Redis: one stream for each service, beside it who wrote it and how much was dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.cluster import RedisCluster
from redis.connection import parse_url
from redis.retry import Retry
from redis.sentinel import Sentinel

FIELD = b"e"  # of an entry of the stream: the line
WRITER_SECONDS = 86_400  # how long what a writer sent last is remembered
SCHEMES = ("redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster")
TIMEOUTS: dict[str, Any] = {"socket_connect_timeout": 2.0, "socket_timeout": 5.0}

# One batch, whole or not at all; sent again, it is not added twice. The newest entry from before is kept, whatever
# its age, so that a reader who has read it is not told that something is gone.
_ADD = """
local before = redis.call('GET', KEYS[2])
if before and tonumber(before) >= tonumber(ARGV[1]) then return before end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
for i = 4, #ARGV do redis.call('XADD', KEYS[1], '*', 'e', ARGV[i]) end
local dropped = 0
if ARGV[2] == 'MAXLEN' then
  dropped = redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[3])
elseif last[1] then
  local now = redis.call('TIME')
  local oldest = now[1] * 1000 - ARGV[3]
  if oldest > tonumber(string.match(last[1][1], '^%d+')) then oldest = last[1][1] end
  if type(oldest) == 'number' then oldest = string.format('%.0f', oldest) end
  dropped = redis.call('XTRIM', KEYS[1], 'MINID', '~', oldest)
end
if dropped > 0 then redis.call('INCRBY', KEYS[3], dropped) end
redis.call('SET', KEYS[2], ARGV[1], 'EX', 'SECONDS')
return before
""".replace("SECONDS", str(WRITER_SECONDS))


class Limit(NamedTuple):
    """What retention keeps of a stream."""

    kind: str
    """`MAXLEN` or `MINID`."""
    value: int
    """Entries, or milliseconds."""


class Glance(NamedTuple):
    """What one round trip brings."""

    ms: int
    """The clock of Redis before anything else of it was asked."""
    services: frozenset[str]
    replies: list[Any]


class Link:
    """The connection of one process. Raises `redis.RedisError` or `OSError` where Redis does not do what is asked."""

    def __init__(self, url: str, key: str) -> None:
        self.key = key
        self.client = client_of(url)
        self.is_cluster = isinstance(self.client, RedisCluster)
        self._add = self.client.register_script(_ADD)

    def stream(self, service: str) -> str:
        """The stream of that service."""
        return f"{self.key}:{service}"

    def add(self, service: str, writer: str, number: int, lines: Sequence[bytes], limit: Limit) -> int | None:
        """Add batch `number` of this writer; the number of its batch that Redis had before, if any."""
        keys = [self.stream(service), self._beside(service, writer), self._beside(service, "dropped")]
        before = self._add(keys=keys, args=[number, limit.kind, limit.value, *lines])
        return None if before is None else int(before)

    def enlist(self, service: str) -> None:
        """Let readers know that there is a stream of that service."""
        self.client.sadd(self.key, service)

    def glance(self, services: frozenset[str], commands: Sequence[Sequence[object]]) -> Glance:
        """The clock, the services there are, and the answers to the commands; in this order.

        An entry that comes in later has an id of that millisecond or above, on whichever node.
        """
        pipeline = self.client.pipeline(transaction=False)
        if not self.is_cluster:
            pipeline.time()
            pipeline.smembers(self.key)
        for service in services:
            pipeline.get(self._beside(service, "dropped"))
        for command in commands:
            pipeline.execute_command(*command)
        if self.is_cluster:
            times = self.client.time(target_nodes="primaries")
            first, names = min(times.values()), self.client.smembers(self.key)
            found = pipeline.execute()
        else:
            first, names, *found = pipeline.execute()
        known = frozenset(name.decode("utf-8", "replace") for name in names)
        return Glance(first[0] * 1000 + first[1] // 1000, known, found)

    def board(self) -> bytes:
        """What was changed for a while, for all hosts."""
        return bytes(self.client.get(f"{{{self.key}}}:levels") or b"")

    def write_board(self, text: bytes, seconds: float) -> None:
        """Replace it, for that time."""
        self.client.set(f"{{{self.key}}}:levels", text, px=int(seconds * 1000))

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()

    def _beside(self, service: str, name: str) -> str:
        """A key on the node of the service's stream."""
        stream = self.stream(service)
        return f"{stream}:{name}" if "{" in stream else f"{{{stream}}}:{name}"


def client_of(url: str) -> Any:
    """The client of redis-py for the URL. Raises `ValueError` where it is none."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"a URL begins with one of {', '.join(SCHEMES)}")
    scheme, _, kind = parts.scheme.partition("+")
    plain = parts._replace(scheme=scheme)
    if kind == "sentinel":
        return _by_sentinel(plain)
    if kind == "cluster":
        return RedisCluster.from_url(plain.geturl(), **TIMEOUTS)
    return Redis.from_url(plain.geturl(), **TIMEOUTS, retry=_once_more())


def options_of(url: str) -> dict[str, Any]:
    """What the URL of one server says. Raises `ValueError`."""
    parse: Any = parse_url  # untyped
    return dict(parse(url))


def _by_sentinel(parts: SplitResult) -> Any:
    """`redis://user:password@host:26379,host:26379/name/db?option=value`: the master of that name, whoever it is now.

    Options are those of a URL of redis-py; one that begins with `sentinel_` is for the Sentinels themselves.
    """
    credentials, _, hosts = parts.netloc.rpartition("@")
    name, _, db = parts.path.strip("/").partition("/")
    if not name:
        raise ValueError("the path of a Sentinel's URL is the name of the master")
    given = options_of(parts._replace(netloc=f"{credentials}@localhost", path=f"/{db}").geturl())
    given = {key: value for key, value in given.items() if key not in ("host", "port", "connection_class")}
    own = {key.removeprefix("sentinel_"): given.pop(key) for key in list(given) if key.startswith("sentinel_")}
    client: Any = Sentinel  # untyped
    sentinels = [_address(host) for host in hosts.split(",")]
    options = {**TIMEOUTS, "retry": _once_more(), "ssl": parts.scheme == "rediss", **given}
    return client(sentinels, sentinel_kwargs={**TIMEOUTS, **own}).master_for(name, **options)


def _address(host: str) -> tuple[str, int]:
    parts = urlsplit(f"//{host}")
    if not parts.hostname:
        raise ValueError("a Sentinel's URL names hosts")
    return parts.hostname, parts.port or 26379


def _once_more() -> Retry:
    return Retry(NoBackoff(), 1)
