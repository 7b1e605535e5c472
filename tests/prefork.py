"""A WSGI application that logs when it is loaded, for each request, and when its process ends."""

from __future__ import annotations

import atexit
import logging
import os
from collections.abc import Callable, Iterable
from typing import Any

from tests.writer_process import configure

log = logging.getLogger("prefork")
configure(os.environ["LOGCONSOLE_DIRECTORY"], "prefork", segment_bytes=5_000)
log.info("loaded by %d", os.getpid())
atexit.register(lambda: log.info("end of %d", os.getpid()))


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Log the path, and answer with the process that did."""
    log.info("request %s", environ["PATH_INFO"], extra={"answered_by": os.getpid()})
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
