"""A process of a site that logs: `python -m tests.writer_process DIRECTORY SERVICE COUNT [THREADS [tell]]`."""

from __future__ import annotations

import logging
import logging.config
import os
import sys
import threading
from typing import Any

from django.conf import settings

FILE = "logconsole.stores.file.FileStore"
RING = "logconsole.stores.ring.RingStore"
SMALL = {"segment_bytes": 100_000, "retain_bytes": 10**9, "retain_segments": 10**4}


def configure(directory: str, service: str, *, ring: bool = False, **options: Any) -> None:
    """Settings and LOGGING as a project has them, with small segments, and with a ring beside if asked."""
    stores = {"file": {"BACKEND": FILE, "OPTIONS": {"directory": directory, **SMALL, **options}}}
    handlers = {"jsonl": {"class": "logconsole.handlers.JSONLHandler"}}
    if ring:
        stores["ring"] = {"BACKEND": RING, "OPTIONS": {"capacity": 100_000}}
        handlers["ring"] = {"class": "logconsole.handlers.RingBufferHandler"}
    settings.configure(LOGCONSOLE={"SERVICE": service, "STORES": stores})
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": handlers,
            "root": {"handlers": list(handlers), "level": "INFO"},
        }
    )


def configure_redis(url: str, service: str, level: str = "INFO", *, handlers: bool = True) -> None:
    """Settings and LOGGING of a host of a fleet; without its handler it only looks."""
    store = {"BACKEND": "logconsole.stores.redis.RedisStore", "OPTIONS": {"url": url}}
    settings.configure(LOGCONSOLE={"SERVICE": service, "STORES": {"redis": store, "ring": {"BACKEND": RING}}})
    kind = "RedisHandler" if handlers else "RingBufferHandler"
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {"one": {"class": f"logconsole.handlers.{kind}"}},
            "root": {"handlers": ["one"], "level": level},
        }
    )


def imports_early(url: str) -> None:
    """Say whether the client is imported before anything is logged."""
    configure_redis(url, "early")
    os.write(1, b'{"early": %s}' % str("redis" in sys.modules).lower().encode())


def write(thread: int, count: int, *, tell: bool = False) -> None:
    """Log numbered entries; tell the number of each on stdout once it is logged."""
    log = logging.getLogger("hammer")
    for number in range(count):
        log.info("entry %d", number, extra={"writer": thread, "number": number})
        if tell:
            os.write(1, b"%d\n" % number)


if __name__ == "__main__":
    configure(sys.argv[1], sys.argv[2])
    threads = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    tell = {"tell": "tell" in sys.argv}
    started = [
        threading.Thread(target=write, args=(thread, int(sys.argv[3])), kwargs=tell) for thread in range(threads)
    ]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
