"""The demo's site around its pages: the addresses, templates and middleware of project.settings."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

TEMPLATES = Path(__file__).parents[2] / "templates"


@pytest.fixture(autouse=True)
def _shop(settings: Settings, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    settings.ROOT_URLCONF = "project.urls"
    settings.SHOP_PAUSES = 0
    settings.VAR_DIR = tmp_path
    (options := dict(settings.TEMPLATES[0])).update(DIRS=[TEMPLATES])
    processors = [*options["OPTIONS"]["context_processors"], "project.shop.cart.context"]
    settings.TEMPLATES = [{**options, "OPTIONS": {"context_processors": processors}}]
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.DEBUG, "shop")


@pytest.fixture
def visitor() -> Client:
    """A browser that is shown the site's own error pages, and whose forms are checked."""
    return Client(raise_request_exception=False)
