"""Records to log and entries to keep, for the whole suite."""

from __future__ import annotations

import logging
from typing import Any

from logconsole.entry import Entry


def record(message: str = "hello", *args: object, level: int = logging.INFO, **values: Any) -> logging.LogRecord:
    """A record as `logging` makes it, with further attributes as `extra=` would set them."""
    made = logging.LogRecord("shop.orders", level, "/srv/shop/orders.py", 7, message, args, None)
    vars(made).update(values)
    return made


def entry(message: str = "hello", *args: object, level: int = logging.INFO, **values: Any) -> Entry:
    """An entry of such a record."""
    return Entry.from_record(record(message, *args, level=level, **values), base_dir="/srv/shop")


class Hostile:
    """Cannot be turned into text."""

    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__
