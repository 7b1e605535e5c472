"""The demo site under real servers; what it logs goes to the file alone, unless a test says otherwise."""

from __future__ import annotations

import json
import os

from project.settings import *  # noqa: F403  # as Django's own documentation does it
from project.settings import INSTALLED_APPS, LOG_DIR, LOGCONSOLE, LOGGING

INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in os.environ.get("WITHOUT", "").split()]
ROOT_URLCONF = "tests.live.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # made for speed here
_REDIS = {alias: store for alias, store in LOGCONSOLE["STORES"].items() if alias == "redis"}
LOGCONSOLE = {
    "STORES": {
        **_REDIS,
        "file": {
            "BACKEND": "logconsole.stores.file.FileStore",
            "OPTIONS": {"directory": LOG_DIR, **json.loads(os.environ.get("FILE_OPTIONS", "{}"))},
        },
        "ring": {"BACKEND": "logconsole.stores.ring.RingStore"},
    },
    **json.loads(os.environ.get("LOGCONSOLE", "{}")),
}
LOGGING = {
    **LOGGING,
    "root": {
        "handlers": os.environ.get("HANDLERS", "jsonl console").split() + list(_REDIS),
        "level": os.environ.get("ROOT", "INFO"),
    },
}
for _name in os.environ.get("NOISY", "").split():
    LOGGING["loggers"] = {**LOGGING["loggers"], _name: {"level": "DEBUG", "handlers": [], "propagate": True}}
