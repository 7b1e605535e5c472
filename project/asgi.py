"""The demo site as an ASGI application."""

from __future__ import annotations

import os

from django.conf import settings
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

from logconsole.asgi import websocket

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
site = get_asgi_application()

# A real site has its static files served in front of it; the demo has nothing in front.
application = websocket(ASGIStaticFilesHandler(site) if settings.DEBUG else site)
