"""The app, as INSTALLED_APPS has it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LogConsoleConfig(AppConfig):
    """A live log console inside the admin."""

    name = "logconsole"
    verbose_name = _("Log console")

    def ready(self) -> None:
        """Register the checks, and what must hear of a logout or of a changed user."""
        from logconsole import checks, watch

        checks.register()
        watch.connect()
