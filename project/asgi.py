"""The demo site as an ASGI application."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

from logconsole.asgi import websocket

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
application = websocket(get_asgi_application())
