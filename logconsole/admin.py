"""The console in the admin: its page, and the addresses beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, get_resolver, get_urlconf, path, reverse
from django.utils.translation import gettext as _
from django.views.i18n import JavaScriptCatalog

from logconsole import access, audit, conf, guard, levels, lifetime, loggers, plain, setup, views
from logconsole.models import Console

try:
    from django.middleware.csp import get_nonce
except ImportError:  # before Django 6.0
    get_nonce = None  # type: ignore[assignment]  # a function where there is one

WINDOW = 100_000  # entries that the page holds, if they are small: window.js bounds their bytes, too
LIMIT = 500  # entries that it asks for at once
catalog = JavaScriptCatalog.as_view(packages=["logconsole"])


class ConsoleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker alone
    """Register it with `Console` on a site of your own: `site.register(Console, ConsoleAdmin)`.

    `search_fields`, `list_filter` and `actions` stay empty: themes would ask the database for rows.
    """

    change_list_template = "logconsole/console.html"
    plain_template = "logconsole/plain.html"
    loggers_template = "logconsole/loggers.html"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may look, by `LOGCONSOLE["PERMISSION"]`."""
        return access.can_view(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Who finds it on the index."""
        return self.has_view_permission(request)

    def has_download_permission(self, request: HttpRequest) -> bool:
        """Who may take entries away, by `LOGCONSOLE["DOWNLOAD_PERMISSION"]`."""
        return access.can_download(request.user)

    def has_levels_permission(self, request: HttpRequest) -> bool:
        """Who may change the levels of loggers."""
        return access.can_change_levels(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: there are no rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: there are no rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: there are no rows."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Ours before the model's own, which stay reversible for themes."""
        return [
            self._path("", self._page, "changelist"),
            self._path("ticket/", guard.endpoint(views.give_ticket, self), "ticket"),
            self._path("entries/", guard.endpoint(views.entries, self), "entries"),
            self._path("timeline/", guard.endpoint(views.timeline, self), "timeline"),
            self._path("facets/", guard.endpoint(views.facets, self), "facets"),
            self._path("download/", guard.endpoint(views.take, self, takes=True), "download"),
            self._path("loggers/", self._loggers, "loggers"),
            self._path("jsi18n/", guard.endpoint(_messages, self), "jsi18n"),
            self._path("ws/", views.socket_only, "ws"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The page; with `?plain=1`, a table without JavaScript."""
        lifetime.deliver()
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in guard.METHODS:
            return guard.not_allowed()
        if request.method == "GET":
            audit.viewed(request.user, request.path)
        request.current_app = self.admin_site.name  # as the admin does
        context = {**self._context(request), **(extra_context or {})}
        if request.GET.get("plain"):
            table = plain.context(request.GET, request.user)
            return TemplateResponse(request, self.plain_template, {**context, **table}, status=table["status"])
        return TemplateResponse(request, self.change_list_template, context)

    def loggers_view(self, request: HttpRequest) -> HttpResponse:
        """The levels of all loggers; POST changes one for a while."""
        lifetime.deliver()
        is_change = request.method == "POST"
        if not self.has_view_permission(request) or (is_change and not self.has_levels_permission(request)):
            raise PermissionDenied
        if is_change:
            loggers.act(request, request.POST)
            return HttpResponseRedirect(request.path)
        if request.method not in guard.METHODS:
            return guard.not_allowed()
        request.current_app = self.admin_site.name  # as the admin does
        shown = {"title": _("Loggers"), "can_change": self.has_levels_permission(request), **loggers.context()}
        return TemplateResponse(request, self.loggers_template, {**self._base_context(request), **shown})

    def console_config(self, request: HttpRequest) -> dict[str, Any]:
        """What the page's scripts must know."""
        aliases = conf.aliases()
        return {
            "stores": [{"alias": alias, "scope": conf.get_store(alias).scope} for alias in aliases],
            "can_download": self.has_download_permission(request),
            "time_zone": settings.TIME_ZONE,
            "login_url": reverse("admin:login", current_app=self.admin_site.name),
            "base_dir": str(getattr(settings, "BASE_DIR", "")),
            "window": WINDOW,
            "limit": LIMIT,
        }

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        shown = {
            "title": _("Live log"),
            "level_changes": loggers.banner(levels.seen()),
            "setup": setup.wrong(request.user),
        }
        return {**self._base_context(request), **shown, "console_config": self.console_config(request)}

    def _base_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "nonce": nonce_of(request)}

    @login_not_required  # the admin site sends to its own login
    def _page(self, request: HttpRequest) -> HttpResponseBase:
        return self._guarded(request, self.changelist_view)

    @login_not_required
    def _loggers(self, request: HttpRequest) -> HttpResponseBase:
        return self._guarded(request, self.loggers_view)

    def _guarded(self, request: HttpRequest, view: Callable[..., HttpResponse]) -> HttpResponseBase:
        """Who is signed in and may not look is told so; anybody else whom the site refuses may sign in."""
        try:
            if request.user.is_authenticated and not access.can_view(request.user):
                raise PermissionDenied
            response = self.admin_site.admin_view(view)(request)
        except PermissionDenied as denied:
            audit.refused(request.user, request.path)
            refuse: Any = get_resolver(get_urlconf()).resolve_error_handler(403)
            response = refuse(request, exception=denied)
        return guard.sealed(response)

    def _path(self, route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
        return path(route, view, name=f"{self.opts.app_label}_{self.opts.model_name}_{name}")


def nonce_of(request: HttpRequest) -> str:
    """The nonce that the Content-Security-Policy of this answer allows, by django-csp or Django 6; or nothing."""
    nonce = getattr(request, "csp_nonce", None)
    if nonce is None and get_nonce is not None:
        nonce = get_nonce(request)
    return "" if nonce is None else str(nonce)


def register() -> None:
    """Put the console on the default site, unless the project does that itself."""
    given = getattr(settings, "LOGCONSOLE", None)
    if not isinstance(given, dict) or given.get("ADMIN_AUTOREGISTER", True):
        admin.site.register(Console, ConsoleAdmin)


register()


def _messages(request: HttpRequest, console: guard.Console) -> HttpResponseBase:
    """The page's texts in the user's language, as a script."""
    return catalog(request)
