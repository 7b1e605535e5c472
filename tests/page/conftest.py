"""Modules of the page on a blank page of a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.chromium import chromium
from tests.page.test_sources import PACKAGE


@pytest.fixture(scope="module")
def blank(request: pytest.FixtureRequest) -> Iterator[Page]:
    """A blank page with the modules that a file of tests names in `MODULES`, loaded in that order."""
    with chromium() as browser:
        page = browser.new_page()
        for name in request.module.MODULES:
            page.add_script_tag(path=PACKAGE / "static" / "logconsole" / f"{name}.js", type="module")
        page.add_script_tag(content="globalThis.isLoaded = true", type="module")  # modules run in their order
        page.wait_for_function("() => globalThis.isLoaded")
        yield page


@pytest.fixture
def run(blank: Page, request: pytest.FixtureRequest) -> Any:
    """Run the body of a function in the page; `lc` is the namespace, `x` what is passed.

    A file of tests may name what each body begins with in `BEGINNING`.
    """
    start = "const lc = globalThis.logconsole;" + getattr(request.module, "BEGINNING", "")
    return lambda body, x=None: blank.evaluate(f"async (x) => {{ {start} {body} }}", x)
