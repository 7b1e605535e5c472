"""What another process of the host logs."""

from __future__ import annotations

import logging

import msgspec

from logconsole.entry import Entry
from tests.e2e.site import Site
from tests.records import record


def log(
    site: Site,
    *messages: str,
    level: int = logging.INFO,
    service: str = "worker",
    request_id: str = "",
    **values: object,
) -> None:
    """One entry for each message, with these values as its extra."""
    store = site.store()
    for message in messages:
        entry = Entry.from_record(record("%s", message, level=level, **values), service=service)
        store.append(msgspec.structs.replace(entry, request_id=request_id))
    store.close()
