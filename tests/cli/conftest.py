"""A store on disk, as the commands find it."""

from __future__ import annotations

from tests.management.conftest import directory, store

__all__ = ["directory", "store"]
