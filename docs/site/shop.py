"""The half hour of a shop that the pictures show, and what is logged while one is taken."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec

from logconsole.entry import Entry
from tests.e2e.site import Site
from tests.records import record

ROOT = Path(__file__).resolve().parent.parent.parent
TRACEBACK = """Traceback (most recent call last):
  File "shop/payments.py", line 48, in charge
    answer = gateway.capture(order.reference, order.total)
  File "/srv/.venv/lib/python3.13/site-packages/httpx/_client.py", line 1014, in send
    response = self._send_handling_auth(request)
  File "/srv/.venv/lib/python3.13/site-packages/httpx/_transports/default.py", line 101, in handle_request
    raise mapped_exc(message) from exc
httpx.ReadTimeout: The read operation timed out

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "shop/views.py", line 81, in checkout
    payments.charge(order)
  File "shop/payments.py", line 52, in charge
    raise PaymentError(order, "provider unreachable") from error
shop.payments.PaymentError: Order S204117: provider unreachable"""
SCENES = [
    ("INFO", "web", "logconsole.access", "GET /products/espresso-machine/ 200 31.4ms", {"bytes": 1033}),
    ("DEBUG", "web", "shop.cart", "Added Espresso machine", {"product": "espresso-machine", "pieces": 2}),
    ("INFO", "web", "logconsole.access", "POST /cart/add/espresso-machine/ 302 9.5ms", {"bytes": 0}),
    ("DEBUG", "web", "shop.search", "Search for 'walnut': 14 hits", {"duration_ms": 14.8}),
    ("INFO", "web", "logconsole.access", "GET /search/ 200 20.7ms", {"bytes": 881}),
    ("INFO", "worker", "shop.worker", "Job 442: pictures scaled to 640 pixels in 0.3 ms", {"attempt": 1}),
    ("INFO", "web", "shop.orders", "Order S204118 placed: 108.90 EUR", {"lines": 2}),
    ("INFO", "web", "logconsole.access", "GET /cart/ 200 4.9ms", {"bytes": 1518}),
    ("WARNING", "web", "logconsole.access", "GET /api/orders/28/ 404 26.0ms", {"route": "api/orders/<int:pk>/"}),
    ("DEBUG", "worker", "shop.worker", "Job 443: send_invoice begins", {"attempt": 1}),
    ("INFO", "cron", "shop.reports", "Stock counted: 318 products, 4 to be ordered", {"low": 4}),
    ("INFO", "web", "logconsole.access", "GET /products/ 200 8.8ms", {"bytes": 1333}),
    ("ERROR", "web", "shop.checkout", "Payment of order S204117 failed", {"order": "S204117", "attempt": 3}),
    ("INFO", "web", "logconsole.access", "GET /products/sencha-100-g/ 200 13.1ms", {"bytes": 1022}),
    ("WARNING", "worker", "shop.mail", "The mail server answers slowly: 4.2 s", {"duration_ms": 4210}),
]  # fmt: skip


def history() -> Iterator[Entry]:
    """Half an hour, busier now and then."""
    now = datetime.now(timezone.utc)
    moment = now - timedelta(minutes=30)
    for scene in itertools.cycle(SCENES):
        moment += timedelta(seconds=0.7 + 1.1 * ((moment.minute * 7) % 5) / 4)
        if moment >= now:
            return
        yield made(scene, moment)


def made(scene: tuple[str, str, str, str, dict[str, object]], moment: datetime) -> Entry:
    """One of the scenes, as if it were logged at a moment."""
    level, service, logger, message, extra = scene
    exc = TRACEBACK if level == "ERROR" else None
    built = record("%s", message, level=getattr(logging, level), exc_text=exc, **extra)
    entry = Entry.from_record(built, service=service, base_dir=str(ROOT))
    ts = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return msgspec.structs.replace(
        entry, ts=ts, logger=logger, host="app-1", pid=4121, request_id="7f3c" if service == "web" else ""
    )


def filled(site: Site) -> None:
    """The site's store holds the half hour and nothing else."""
    store = site.store()
    for entry in history():
        store.append(entry)
    store.close()


def busy(site: Site, many: int = 3_000) -> None:
    """So many entries at once."""
    store = site.store()
    for scene in itertools.islice(itertools.cycle(SCENES), many):
        store.append(made(scene, datetime.now(timezone.utc)))
    store.close()
