"""The browser of the tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@contextmanager
def chromium(**options: Any) -> Iterator[Browser]:
    """Chromium as it is installed; it ends here, so that no event loop of its own is left running."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "Chromium is missing: `make test` installs it"
    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"], **options)
        yield launched
        launched.close()
