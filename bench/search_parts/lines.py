"""What the lines of a corpus say: a busy shop for seven days, written by our own encoder.

What is to be found is planted in numbers that are known; nothing else contains it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from logconsole.entry import Entry

Said = tuple[str, dict[str, Any] | None]
"""A message, and what the call passed as `extra`."""
NAMES = ("ada", "Zoë Müller", "Łukasz", "grace", "東京 太郎", "linus", "margaret", "O'Neil")
PATHS = (
    "/api/v1/orders",
    "/api/v1/orders",
    "/api/v1/carts",
    "/api/v1/users",
    "/shop/items",
    "/shop/search",
    "/checkout",
)
encode = msgspec.json.Encoder().encode


def cache(chance: random.Random) -> Said:
    return f'cache miss for key "user:{chance.randrange(90_000)}:cart", took {chance.random() * 9:.2f} ms', None


def sql(chance: random.Random) -> Said:
    said = f'SELECT "id", "name" FROM "shop_item" WHERE "id" = {chance.randrange(10**6)} LIMIT 21'
    return said, {"sql_ms": round(chance.random() * 30, 3), "rows": chance.randrange(22), "alias": "default"}


def access(chance: random.Random) -> Said:
    return _request(chance, (200, 200, 200, 201, 204, 304, 404)[chance.randrange(7)])


def failed_access(chance: random.Random) -> Said:
    return _request(chance, (500, 502, 503)[chance.randrange(3)])


def order(chance: random.Random) -> Said:
    number = chance.randrange(10**6)
    extra = {"order_id": number, "total": round(chance.random() * 400, 2), "customer": NAMES[chance.randrange(8)]}
    return f"Order {number} placed by {extra['customer']}", extra


def mail(chance: random.Random) -> Said:
    return f'confirmation for "{NAMES[chance.randrange(8)]}" handed to smtp-{chance.randrange(4)}, {PATHS[4]}', None


def stock(chance: random.Random) -> Said:
    return f"stock of item {chance.randrange(10**5)} is now {chance.randrange(500)} in warehouse north", None


def slow(chance: random.Random) -> Said:
    tries = chance.randrange(1, 6)
    return f"upstream timeout, try {tries} of 5", {
        "upstream": f"payments-{tries}",
        "waited_ms": chance.randrange(9_999),
    }


def low(chance: random.Random) -> Said:
    item = chance.randrange(10**5)
    return f"item {item} runs low", {"item": item, "left": chance.randrange(9), "supplier": NAMES[chance.randrange(8)]}


def failed(chance: random.Random) -> Said:
    number = chance.randrange(10**6)
    return f"payment of order {number} failed", {"order_id": number, "gateway": "acme", "attempt": chance.randrange(5)}


def down(chance: random.Random) -> Said:
    return "database is not reachable, giving up", {"replica": chance.randrange(3), "waited_ms": 30_000}


def _request(chance: random.Random, status: int) -> Said:
    method, path = ("GET", "POST")[chance.random() < 0.2], PATHS[chance.randrange(7)]
    path, took = f"{path}/{chance.randrange(10**5)}", round(chance.random() * 300, 1)
    extra = {"method": method, "path": path, "status": status, "duration_ms": took, "bytes": chance.randrange(90_000)}
    return f"{method} {path} {status} {took}ms", extra


Kind = tuple[float, str, str, str, Callable[[random.Random], Said]]
KINDS: tuple[Kind, ...] = (
    (12.0, "DEBUG", "shop.cache", "web", cache),
    (16.0, "DEBUG", "django.db.backends", "web", sql),
    (30.0, "INFO", "logconsole.access", "web", access),
    (13.0, "INFO", "shop.orders", "web", order),
    (8.0, "INFO", "shop.mail", "worker", mail),
    (6.0, "INFO", "shop.stock", "worker", stock),
    (4.65, "WARNING", "shop.upstream", "worker", slow),
    (4.45, "WARNING", "shop.stock.levels", "worker", low),
    (5.0, "ERROR", "shop.payments", "web", failed),
    (0.9, "ERROR", "logconsole.access", "web", failed_access),
)
DOWN: Kind = (0.0, "CRITICAL", "shop.database", "web", down)
PLANTED = {
    "rare": "Webhook Signature Rejected by partner",
    "escaped": 'said "Žluťoučký Kůň" in C:\\tmp',
    "regex": "Deadlock detected on table shop_order",
    "regex_plain": "voucher qwer42-zxcvbn used twice",
}
"""What stands in the lines that a search is to find, in any case."""


def tracebacks(chance: random.Random) -> list[str]:
    """Some of them, 2.1 kB long in the middle."""
    return [_traceback(chance) for _ in range(60)]


def _traceback(chance: random.Random) -> str:
    lines = ["Traceback (most recent call last):"]
    for _ in range(chance.randrange(8, 24)):
        module, line = ("views", "gateway", "models", "retry", "transport")[chance.randrange(5)], chance.randrange(900)
        lines.append(f'  File "/srv/shop/releases/current/shop/payments/{module}.py", line {line}, in {module}_step')
        lines.append(f"    return self.send({module}, attempt={line})")
    return "\n".join([*lines, f"shop.payments.errors.Declined: card declined (code {chance.randrange(99)})"])


class Lines:
    """Makes lines; counts what it made, for who searches them."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self.tracebacks = tracebacks(random.Random("tracebacks"))
        self.made = dict.fromkeys(["lines", "critical", "field", "timeline_search", *PLANTED], 0)

    def minute(self, moment: str, count: int, planted: dict[int, str]) -> Iterator[bytes]:
        """So many lines of the minute `2026-01-05T13:07:`; `planted` says which of them are special."""
        kinds = self.chance.choices(KINDS, [kind[0] for kind in KINDS], k=count)
        random_number = self.chance.random
        for number, kind in enumerate(kinds):
            second = (number + random_number()) * 60 / count
            if random_number() < 0.009:  # late
                second = max(second - random_number() * 1.5, 0.0)
            special = planted.get(number, "")
            ts = f"{moment}{min(second, 59.999999):09.6f}Z"
            yield self._line(ts, DOWN if special == "critical" else kind, special)

    def _line(self, ts: str, kind: Kind, special: str) -> bytes:
        _, level, logger, service, say = kind
        chance = self.chance
        msg, extra = say(chance)
        exc = self.tracebacks[chance.randrange(60)] if say is failed else ""
        if special in PLANTED:
            text = PLANTED[special] if chance.random() < 0.5 else PLANTED[special].upper()
            if exc:
                exc += f": {text}"
            elif extra and chance.random() < 0.5:
                extra["detail"] = text
            else:
                msg += f": {text}"
        self._count(say, extra, special)
        worker = chance.randrange(8)
        return encode(
            Entry(
                ts=ts,
                level=level,
                msg=msg,
                logger=logger,
                service=service,
                host=f"{service}-1",
                pid=4_000 + worker,
                thread="MainThread" if worker % 2 else f"asyncio_{worker}",
                caller=f"shop/{say.__name__}.py:{worker * 31 + 7}",
                exc=exc,
                extra=extra,
            )
        )

    def _count(self, say: Callable[[random.Random], Said], extra: dict[str, Any] | None, special: str) -> None:
        made = self.made
        made["lines"] += 1
        if special:
            made[special] += 1
        if say is slow:
            made["timeline_search"] += 1
        elif say is failed_access and extra and extra["path"].startswith("/api/v1/orders"):
            made["field"] += 1
