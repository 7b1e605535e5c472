"""The shop as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """What Django needs to know about the shop."""

    name = "project.shop"
    verbose_name = "Shop"
