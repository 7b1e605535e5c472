"""Beside the other things that projects have in their admin, their debugging, their database."""

from __future__ import annotations

import pytest

from tests.compat.conftest import Look
from tests.newcomer import PAGE, Newcomer, sign_in

TOOLBAR = """
INSTALLED_APPS += ["debug_toolbar"]
MIDDLEWARE.insert(1, "debug_toolbar.middleware.DebugToolbarMiddleware")
INTERNAL_IPS = ["127.0.0.1"]
"""
LOCALE = """
LANGUAGE_CODE = "de-ch"
TIME_ZONE = "America/St_Johns"
USE_TZ = False
USE_THOUSAND_SEPARATOR = True
"""
ANOTHER = """
DATABASES["logs"] = {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "other.sqlite3"}


class Router:
    def db_for_read(self, model, **hints):
        assert model._meta.app_label != "logconsole", "a query for the console"

    db_for_write = db_for_read


DATABASE_ROUTERS = ["mysite.settings.Router"]
"""
FACTS = """
import django; django.setup()
from django.apps import apps
from django.core.management import call_command
for model in apps.get_app_config("logconsole").get_models():
    print(model.__name__, model._meta.managed)
call_command("sqlflush")
"""


@pytest.mark.parametrize("apps", [["unfold"], ["jazzmin"]], ids=str)
def test_in_a_themed_admin(apps: list[str], project: Newcomer, look: Look) -> None:
    """The page is one of the theme's; tests/e2e/test_athome.py looks at it in a browser."""
    project.append(project.settings, f"INSTALLED_APPS = [*{apps!r}, *INSTALLED_APPS]\n")
    look(project)


def test_beside_the_debug_toolbar(project: Newcomer, look: Look) -> None:
    """It shows itself on the page, and its own requests are no entries of the console's."""
    project.append(project.settings, TOOLBAR)
    urls = project.directory / "mysite" / "urls.py"
    project.append(urls, "from debug_toolbar.toolbar import debug_toolbar_urls\nurlpatterns += debug_toolbar_urls()\n")
    look(project)
    import httpx

    with project.serving("daphne") as url, httpx.Client(base_url=url, follow_redirects=True, timeout=20) as client:
        text = sign_in(client).text
        assert "djDebug" in text and "logconsole-config" in text
        assert client.get(f"{PAGE}entries/", params={"q": "marker:4711"}).json()["entries"]


def test_with_the_oddest_locale(project: Newcomer, look: Look) -> None:
    """Another language, local times without a zone, a zone of half hours, separators in every number of a template."""
    project.append(project.settings, LOCALE)
    found = look(project)
    assert found["entries"][0]["ts"].endswith("Z")


def test_no_query_and_no_table_of_ours(project: Newcomer, look: Look) -> None:
    """So it is all the same which database the project has, and how many."""
    project.append(project.settings, ANOTHER)
    look(project)
    said = project.run("-c", FACTS)
    assert said.splitlines()[0] == "Console False"
    assert "console" not in said.splitlines()[1:].__str__().lower()
