"""The addresses of the demo site, and two for the tests."""

from __future__ import annotations

import gc
import logging
import resource
import threading
from types import GeneratorType

from django.http import HttpRequest, JsonResponse
from django.urls import include, path

from logconsole import download, watch

READERS = (download._written.__code__, download._copied.__code__)

logger = logging.getLogger("noise")


def log(request: HttpRequest) -> JsonResponse:
    """Log so many entries of that length, with that text in front and a number behind."""
    text, count, size = request.GET["text"], int(request.GET["count"]), int(request.GET.get("size", 0))
    for number in range(count):
        logger.info("%s %d%s", text, number, " " + "x" * size if size else "")
    return JsonResponse({})


def state(request: HttpRequest) -> JsonResponse:
    """How the process is doing."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return JsonResponse(
        {
            "memory": memory,
            "threads": threading.active_count(),
            "sockets": watch.count(),
            "downloads": sum(_is_download(held) for held in gc.get_objects()),
        }
    )


def _is_download(held: object) -> bool:
    """Whether it is what reads the store for one."""
    return isinstance(held, GeneratorType) and held.gi_code in READERS


urlpatterns = [path("log/", log), path("state/", state), path("", include("project.urls"))]
