"""Settings of the commands' processes: a store in the directory that the environment names."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "logconsole"]
LOGCONSOLE = {
    "STORES": {
        "ring": {"BACKEND": "logconsole.stores.ring.RingStore"},
        "file": {
            "BACKEND": os.environ.get("LOGCONSOLE_BACKEND", "logconsole.stores.file.FileStore"),
            "OPTIONS": {"directory": os.environ["LOGCONSOLE_DIRECTORY"], "poll_seconds": 0.01},
        },
    }
}
# Everything that is logged goes into the store, so that a command which logs would be seen in it.
LOGGING_CONFIG = "logging.config.dictConfig"  # type: ignore[assignment]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"jsonl": {"class": "logconsole.handlers.JSONLHandler"}},
    "root": {"handlers": ["jsonl"], "level": "DEBUG"},
}
