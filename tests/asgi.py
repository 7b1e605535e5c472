"""The tests' site as an ASGI application, wrapped as the documentation says."""

from __future__ import annotations

from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

from logconsole.asgi import websocket

application = websocket(ASGIStaticFilesHandler(get_asgi_application()))
