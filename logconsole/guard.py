"""The door of every address beside the page: who may enter, and what is said to the others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from logconsole import audit, lifetime
from logconsole.params import ParamError
from logconsole.stores.base import Unreachable
from logconsole.turns import TooMany


class Console(Protocol):
    """What the door asks of the model admin that it belongs to."""

    admin_site: Any

    def has_view_permission(self, request: HttpRequest) -> bool: ...

    def has_download_permission(self, request: HttpRequest) -> bool: ...


View = Callable[[HttpRequest, Console], HttpResponseBase]
Wrapped = Callable[..., HttpResponseBase]
METHODS = ("GET", "HEAD")


def endpoint(view: View, console: Console, *, takes: bool = False) -> Wrapped:
    """The view behind the access rule, with JSON for whatever goes wrong; `takes`: for who may download."""

    @login_not_required  # ours answers 401 itself, instead of a redirect to a page
    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponseBase:
        lifetime.deliver()
        return sealed(refusal(request, console, takes=takes) or _answer(view, request, console))

    return inner


def refusal(request: HttpRequest, console: Console, *, takes: bool) -> HttpResponse | None:
    """The answer to somebody who may not have this, or None."""
    if request.method not in METHODS:
        return not_allowed()
    if not request.user.is_authenticated:
        return error("Sign in first.", 401)
    if not console.admin_site.has_permission(request) or not console.has_view_permission(request):
        return forbidden(request, "You do not have permission to see the log.")
    if takes and not console.has_download_permission(request):
        return forbidden(request, "You do not have permission to download log entries.")
    return None


def forbidden(request: HttpRequest, message: str) -> JsonResponse:
    """403, and on record."""
    audit.refused(request.user, request.path)
    return error(message, 403)


def sealed(response: HttpResponseBase) -> HttpResponseBase:
    """The response, kept by nobody and taken for nothing else; the query in its address is told to no other site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def not_allowed() -> HttpResponse:
    """405."""
    response = error("Only GET and HEAD are allowed.", 405)
    response.headers["Allow"] = ", ".join(METHODS)
    return response


def error(message: str, status: int) -> JsonResponse:
    """What went wrong, in JSON."""
    return JsonResponse({"error": message}, status=status)


def _answer(view: View, request: HttpRequest, console: Console) -> HttpResponseBase:
    try:
        return view(request, console)
    except ParamError as problem:
        return JsonResponse(problem.answer, status=problem.status)
    except Unreachable as problem:
        return error(str(problem), 503)
    except TooMany as refused:
        return error(str(refused), 429)
