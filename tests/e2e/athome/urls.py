"""The demo's addresses, and a second admin site that lets only superusers in."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import path

from logconsole.admin import ConsoleAdmin
from logconsole.models import Console
from project.urls import urlpatterns as demo


class OpsSite(admin.AdminSite):
    """As a project would write its own."""

    site_header = "Operations"

    def has_permission(self, request: HttpRequest) -> bool:
        """Superusers alone."""
        return request.user.is_active and request.user.is_superuser


ops = OpsSite(name="ops")
ops.register(Console, ConsoleAdmin)
urlpatterns = [path("ops/", ops.urls), *demo]
