"""What the worker does when nobody looks: mails, pictures, stock."""

from __future__ import annotations

import json
import logging
import random
import smtplib
from collections.abc import Callable, Mapping

from django.db.models import F

from project.shop.models import Order, Product

MAIL_SERVER = ("127.0.0.1", 9)  # the discard port: nothing listens there
KEPT_ORDERS = 500

Task = Callable[[random.Random], str]
"""A task does its work and returns what it has done, or raises."""


class Retry(Exception):
    """It did not work now, and may later."""


class TaskError(Exception):
    """It did not work, and never will."""


def send_invoice(chance: random.Random) -> str:
    """Mail the invoice of the newest paid order; the mail server is away at times."""
    order = Order.objects.filter(status=Order.Status.PAID).first()
    if order is None:
        return "no invoice to send"
    if chance.random() < 0.25:
        _connect()
    return f"invoice of {order} sent to {order.email}"


def _connect() -> None:
    try:
        smtplib.SMTP(*MAIL_SERVER, timeout=5).close()
    except OSError as error:
        raise Retry("Mail server {}:{} unreachable".format(*MAIL_SERVER)) from error


def ship_orders(chance: random.Random) -> str:
    """Put some paid orders into parcels."""
    paid = Order.objects.filter(status=Order.Status.PAID).order_by("pk")
    picked = list(paid.values_list("pk", flat=True)[: chance.randint(1, 5)])
    count = Order.objects.filter(pk__in=picked).update(status=Order.Status.SHIPPED)
    return f"{count} orders shipped" if count else "no order to ship"


def refill_stock(chance: random.Random) -> str:
    """Order more of what runs low."""
    logging.getLogger("shop.stock").debug("Comparing the shelves with the books")
    refilled = Product.objects.filter(stock__lt=10).update(stock=F("stock") + chance.randint(20, 60))
    return f"{refilled} products refilled" if refilled else "all shelves are full"


def resize_pictures(chance: random.Random) -> str:
    """Make thumbnails; one supplier's pictures come with a broken description."""
    logger = logging.getLogger("shop.pictures")
    width = chance.choice((320, 640, 1280))
    logger.debug("Scaling to %d pixels", width, extra={"width": width})
    description = '{"width": 1280, "height":' if chance.random() < 0.1 else '{"width": 1280}'
    try:
        json.loads(description)
    except ValueError as error:
        raise TaskError("Picture without a usable description") from error
    return f"pictures scaled to {width} pixels"


def forget_old_orders(chance: random.Random) -> str:
    """Keep the newest orders only, or the demo would fill the disk some day."""
    kept = Order.objects.values_list("pk", flat=True)[KEPT_ORDERS : KEPT_ORDERS + 1]
    deleted = 0
    for newest_old in kept:
        deleted, _ = Order.objects.filter(pk__lte=newest_old).delete()
    return f"{deleted} rows of old orders deleted" if deleted else "no order is old"


TASKS: Mapping[Task, int] = {
    send_invoice: 6,
    resize_pictures: 5,
    ship_orders: 3,
    refill_stock: 2,
    forget_old_orders: 1,
}
"""What there is to do, and how often it comes up."""
