"""The site of the live bench, with a command that does nothing, for what commands cost at least."""

from __future__ import annotations

from bench.livesite.settings import *  # noqa: F403  # as Django's own documentation does it
from bench.livesite.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "bench.search_parts"]
