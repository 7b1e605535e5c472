"""A process whose level is changed by another one."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time

from tests.writer_process import configure, configure_redis

NAME = "levels.of.tests"


def follows(kind: str, where: str) -> None:
    """Say when the level changes; with files, by what it logs when it is time to look, with Redis without a word."""
    log = logging.getLogger(NAME)
    if kind == "file":
        configure(where, "worker")
    else:
        configure_redis(where, "worker", handlers=kind == "redis")
    log.warning("begins")
    from logconsole import levels  # what it is configured with must be known before

    looked = threading.Event()
    levels.board().watch(looked.set)
    for wanted in (True, False):
        while log.isEnabledFor(logging.DEBUG) is not wanted:
            looked.wait(levels.applied.look_at - time.time() if kind == "file" else None)
            looked.clear()
            if kind == "file":
                log.warning("goes on")
        os.write(1, b"%a\n" % wanted)
    sys.stdin.readline()
