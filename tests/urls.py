"""The addresses of the tests' site: the admin, where the demo has it too."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
