"""The demo site, with one store for all that is logged, and next to nothing on the terminal."""

from __future__ import annotations

import os

from tests.live.settings import *  # noqa: F403  # as Django's own documentation does it
from tests.live.settings import LOGCONSOLE, LOGGING

ROOT_URLCONF = "bench.livesite.urls"
LOGCONSOLE = {**LOGCONSOLE, "MAX_CLIENTS": 200}
LOGGING = {
    **LOGGING,
    "root": {"handlers": os.environ.get("HANDLERS", "ring").split(), "level": "INFO"},
    "loggers": {**LOGGING["loggers"], "daphne": {"handlers": ["console"], "propagate": False}},  # where it listens
}
