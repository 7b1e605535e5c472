"""A Django site with one of the peers in it, named by PEER, as its README sets it up; run by the peers' Python."""

from __future__ import annotations

import importlib
import os

import django
from django.conf import settings

PEER, REDIS = os.environ["PEER"], os.environ.get("REDIS", "")
APPS = {
    "live_logs": "django_live_logs",
    "realtime_logs": "django_realtime_logs",
    "log_viewer": "python_log_viewer.contrib.django",
}
TO_FILE = {"class": "logging.FileHandler", "filename": "runtime.log", "formatter": "line"}
TO_SOCKET = {"class": "django_live_logs.handlers.WebSocketLogHandler"}
IN_MEMORY = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
IN_REDIS = {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [REDIS]}}

settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="only for a benchmark",  # noqa: S106  # of a site that lives for one run
    ROOT_URLCONF="bench.livesite.loading",
    INSTALLED_APPS=[APPS[PEER]],
    DATABASES={},
    CHANNEL_LAYERS={"default": IN_REDIS if REDIS else IN_MEMORY},
    LIVE_LOGS_PASSWORD="bench",  # noqa: S106  # of a site that lives for one run
    LOG_VIEWER_DIR=os.getcwd(),
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
        "handlers": {"all": TO_SOCKET if PEER == "live_logs" else TO_FILE},
        "root": {"handlers": ["all"], "level": "INFO"},
    },
)
django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import include, path

from bench.livesite import loading

if PEER == "log_viewer":
    loading.urlpatterns.append(path("logs/", include("python_log_viewer.contrib.django.urls")))
    sockets = []
else:
    sockets = importlib.import_module(f"{APPS[PEER]}.routing").websocket_urlpatterns
application = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": URLRouter(sockets)})
