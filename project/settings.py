"""Settings of the demo site."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()
LOG_DIR = Path(os.environ.get("LOG_DIR") or VAR_DIR / "logs").resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = os.environ.get("DEBUG", "true").lower() in {"1", "true", "yes", "on"}
SECRET_KEY = os.environ.get("SECRET_KEY") or "only-for-the-demo-on-your-own-machine-never-in-production"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "logconsole",
    "project.shop",
]
MIDDLEWARE = [
    "logconsole.middleware.AccessLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "project.shop.cart.context",
            ],
        },
    },
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "demo.sqlite3",
        # The site and the worker write side by side.
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;",
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "static/"
LANGUAGE_CODE = "en"
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

SHOP_PAUSES = 1.0
"""Factor on every pause that stands for real work; the tests set it to 0."""

STORES: dict[str, Any] = {
    "file": {
        "BACKEND": "logconsole.stores.file.FileStore",
        "OPTIONS": {"directory": LOG_DIR},
    },
    "ring": {
        "BACKEND": "logconsole.stores.ring.RingStore",
        "OPTIONS": {"capacity": 10_000},
    },
}

REDIS_URL = os.environ.get("REDIS_URL")
"""With it, the demo is one host of a fleet: its entries go to Redis, too, and the console opens with those of all."""
if REDIS_URL:
    STORES = {"redis": {"BACKEND": "logconsole.stores.redis.RedisStore", "OPTIONS": {"url": REDIS_URL}}, **STORES}

LOGCONSOLE = {"SERVICE": os.environ.get("SERVICE", "web"), "STORES": STORES}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{levelname:7} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "ring": {"class": "logconsole.handlers.RingBufferHandler"},
        "jsonl": {"class": "logconsole.handlers.JSONLHandler"},
        **({"redis": {"class": "logconsole.handlers.RedisHandler"}} if REDIS_URL else {}),
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "level": os.environ.get("CONSOLE_LEVEL", "WARNING"),
        },
    },
    "root": {"handlers": ["ring", "jsonl", "console", *(["redis"] if REDIS_URL else [])], "level": "INFO"},
    "loggers": {
        # Django's own console handler would print all of this a second time.
        "django": {"handlers": [], "propagate": True},
        # The middleware has the rest.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True, "level": "WARNING"},
        "shop": {"level": "DEBUG"},
        # The traffic maker's client; the requests themselves are logged by the site.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}
