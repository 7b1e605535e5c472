"""A process whose level is changed by another one."""

from __future__ import annotations

import logging
import os
import sys
import time

from tests.writer_process import configure, configure_redis

NAME = "levels.of.tests"


def follows(kind: str, where: str) -> None:
    """Say when the level changes; with files, by what it logs itself."""
    log = logging.getLogger(NAME)
    if kind == "file":
        configure(where, "worker")
    else:
        configure_redis(where, "worker", handlers=kind == "redis")
    log.warning("begins")
    for wanted in (True, False):
        while log.isEnabledFor(logging.DEBUG) is not wanted:
            if kind == "file":
                log.warning("goes on")
            time.sleep(0.01)
        os.write(1, b"%a\n" % wanted)
    sys.stdin.readline()
