"""The small site for servers of both kinds; what it prints is captured."""

from __future__ import annotations

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from logconsole.asgi import websocket
from logconsole.capture import capture_errors, capture_output

asgi = websocket(get_asgi_application())
wsgi = get_wsgi_application()
capture_output()
capture_errors()
