"""The addresses of the tests' site, and those of the load."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("bench.livesite.loading")), path("", include("tests.live.urls"))]
