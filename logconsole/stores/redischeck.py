"""What is wrong with the configuration of a Redis store."""

from __future__ import annotations

from contextlib import closing

from django.core.checks import CheckMessage, Error, Warning
from redis import RedisError

from logconsole.stores.optioncheck import is_count, is_length, wrong
from logconsole.stores.redislink import SCHEMES, Link, client_of, options_of

_URL = 'a URL such as "redis://redis.internal:6379/0"; it begins with one of ' + ", ".join(SCHEMES)


def check(url: object, key: object, maxlen: object, retain_seconds: object) -> list[CheckMessage]:
    """The mistakes that would lose entries; a server that does not answer is a warning only."""
    found = [*_options(url, key, maxlen, retain_seconds), *_both(maxlen, retain_seconds)]
    return found or _server(str(url), str(key))


def _options(url: object, key: object, maxlen: object, retain_seconds: object) -> list[CheckMessage]:
    is_age = retain_seconds is None or is_length(retain_seconds)
    return wrong(
        [
            ("url", _shown(url), _is_url(url), _URL),
            ("key", key, isinstance(key, str) and bool(key), 'a name such as "logconsole"'),
            ("maxlen", maxlen, maxlen is None or is_count(maxlen), "a whole number above 0, such as 1_000_000"),
            ("retain_seconds", retain_seconds, is_age, "a number above 0, such as 86_400"),
        ]
    )


def _both(maxlen: object, retain_seconds: object) -> list[CheckMessage]:
    if maxlen is None or retain_seconds is None:
        return []
    return [
        Error(
            "Both maxlen and retain_seconds are given: a stream is bounded by one of them.",
            hint="Leave one out: maxlen bounds the memory, retain_seconds the age.",
            id="logconsole.E019",
        )
    ]


def _is_url(url: object) -> bool:
    if not isinstance(url, str):
        return False
    scheme, _, rest = url.partition("://")
    try:
        if "+cluster" not in scheme:
            client_of(url).close()
        elif scheme in SCHEMES:  # making a client of a cluster would ask it
            options_of(url.replace("+cluster", "", 1))
        else:
            return False
    except Exception:  # of any kind: the client takes options from the URL
        return False
    return bool(rest.strip("/"))


def _shown(url: object) -> object:
    """Without a password, which may be an option too."""
    if not isinstance(url, str) or not ("@" in url or "?" in url):
        return url
    scheme, _, rest = url.partition("://")
    place, asks, _ = rest.rpartition("@")[2].partition("?")
    return f"{scheme}://{'[redacted]@' if '@' in rest else ''}{place}{'?[redacted]' if asks else ''}"


def _server(url: str, key: str) -> list[CheckMessage]:
    try:
        with closing(Link(url, key)) as link:
            if not link.is_cluster:
                policy = str(link.client.info("memory").get("maxmemory_policy", ""))
                return _policy(policy)
            link.client.ping()
    except (RedisError, OSError) as error:
        return [_unreachable(url, str(error))]
    return []


def _policy(policy: str) -> list[CheckMessage]:
    """A Redis that makes room by itself throws away whole streams."""
    if not policy.startswith("allkeys-"):
        return []
    return [
        Warning(
            f"When its memory is full, Redis drops whole keys (maxmemory-policy {policy}): all entries of a service.",
            hint="Give the log a Redis of its own with maxmemory-policy noeviction: it is bounded by"
            " maxlen or retain_seconds, and what it refuses is counted.",
            id="logconsole.W011",
        )
    ]


def _unreachable(url: str, why: str) -> CheckMessage:
    return Warning(
        f"Redis at {_shown(url)} does not answer: {why}.",
        hint="The site runs without it; until it answers, entries are held in memory and the oldest are lost."
        " Look at the store's url, and whether this host may connect.",
        id="logconsole.W012",
    )
