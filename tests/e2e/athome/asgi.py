"""The site as an ASGI application."""

from __future__ import annotations

from project.asgi import application

__all__ = ["application"]
