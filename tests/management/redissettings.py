"""Settings of the commands' processes on a host of a fleet: the store `redis` that the environment names."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "logconsole"]
LOGCONSOLE = {
    "STORES": {
        "ring": {"BACKEND": "logconsole.stores.ring.RingStore"},
        "redis": {"BACKEND": "logconsole.stores.redis.RedisStore", "OPTIONS": {"url": os.environ["REDIS_URL"]}},
    }
}
