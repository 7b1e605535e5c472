"""A small site, its settings and its addresses in one module, with what the README adds to a project."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

README = Path(__file__).parents[2] / "README.md"

BASE_DIR = Path(os.environ["SITE_DIRECTORY"])
DEBUG = True
SECRET_KEY = "of the tests"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = __name__
DATABASES: dict[str, Any] = {}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
STATIC_URL = "static/"
TIME_ZONE = "UTC"
ADDED = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[0]
exec(ADDED, globals())  # noqa: S102  # what stands there is what is tested
INSTALLED_APPS = [app for app in INSTALLED_APPS if app not in os.environ.get("WITHOUT", "").split()]
ASGI_APPLICATION = "tests.live.counted_servers.asgi"
WSGI_APPLICATION = "tests.live.counted_servers.wsgi"
SILENCED_SYSTEM_CHECKS = ["logconsole.W003"]  # one of the servers is meant not to have it


def ok(request: Any, number: int) -> Any:
    """Answers, and prints."""
    from django.http import HttpResponse

    print(f"printed at {request.path}")  # noqa: T201
    sys.stderr.write(f"written at {request.path}\n")
    return HttpResponse("four")


def status(request: Any, code: int) -> Any:
    """Answers with that status."""
    from django.http import HttpResponse

    return HttpResponse(status=code, headers={"Location": "/ok/1/"} if code == 302 else {})


def failing(request: Any) -> Any:
    """Breaks."""
    raise RuntimeError("broken")


def streaming(request: Any, parts: int) -> Any:
    """Answers in so many parts of 4096 bytes."""
    from django.core.handlers.asgi import ASGIRequest
    from django.http import StreamingHttpResponse

    def sent() -> Iterator[bytes]:
        for _ in range(parts):
            yield b"x" * 4096

    async def sent_async() -> AsyncIterator[bytes]:
        for part in sent():
            await asyncio.sleep(0)
            yield part

    return StreamingHttpResponse(sent_async() if isinstance(request, ASGIRequest) else sent())


def addresses() -> list[Any]:
    """Once the settings are read."""
    from django.urls import path

    return [
        path("ok/<int:number>/", ok),
        path("status/<int:code>/", status),
        path("failing/", failing),
        path("streaming/<int:parts>/", streaming),
    ]


def __getattr__(name: str) -> Any:
    if name == "urlpatterns":
        return addresses()
    raise AttributeError(name)
