"""The console's place in the admin, and its permissions. No table."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoRows(models.Manager["Console"]):
    """Finds nothing, without asking the database."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[Console]:
        """Never runs SQL."""
        return super().get_queryset().none()


class Console(models.Model):
    """Not a table: what makes the admin list the console, and lets permissions be given for it."""

    key = models.CharField(max_length=1, primary_key=True, editable=False)  # no field of DEFAULT_AUTO_FIELD

    objects = NoRows()

    class Meta:
        managed = False
        base_manager_name = "objects"  # dumpdata --all reads through it
        default_permissions = ("view",)
        permissions = (
            ("download_console", _("Can download log entries")),
            ("change_levels", _("Can change log levels")),
        )
        verbose_name = _("log entry")
        verbose_name_plural = _("Live log")

    def __str__(self) -> str:
        return self.key
