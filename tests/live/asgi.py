"""The site as an ASGI application, with the patience of the socket as the test wants it."""

from __future__ import annotations

import os

from logconsole import pump
from project.asgi import application

for _name in ("ACK_SECONDS", "IDLE_SECONDS"):
    if _name in os.environ:
        setattr(pump, _name, float(os.environ[_name]))

__all__ = ["application"]
