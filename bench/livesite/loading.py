"""The addresses by which a site is told to log: `load/` begins, `made/` waits for the end."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import path

from bench.livesite.load import Load

loads: list[Load] = []


def load(request: HttpRequest) -> JsonResponse:
    """Threads of this process begin to log."""
    given = request.GET
    made = Load(int(given["rate"]), float(given["seconds"]), int(given["threads"]), is_text="text" in given)
    loads.append(made.start())
    return JsonResponse({})


def made(request: HttpRequest) -> JsonResponse:
    """What they made."""
    return JsonResponse(loads.pop().made())


urlpatterns = [path("load/", load), path("made/", made)]
