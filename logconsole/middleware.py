"""One entry for every request, and an id that everything logged during it carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from logconsole import conf, context
from logconsole.visit import Visit

Answer = Callable[[HttpRequest], Any]


class AccessLogMiddleware:
    """Logs to `logconsole.access`; stands first in MIDDLEWARE, so that nothing happens outside of it."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)
        self.process_view: Callable[..., Any] = self._note_async if self.is_async else self._note

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer the request, and log that."""
        if self.is_async:
            return self._answer_async(request)
        visit = Visit(request)
        try:
            return visit.answered(self.get_response(request))
        except BaseException as error:
            visit.failed(error)
            raise

    async def _answer_async(self, request: HttpRequest) -> HttpResponseBase:
        visit = Visit(request)
        try:
            return visit.answered(await cast("Awaitable[HttpResponseBase]", self.get_response(request)))
        except BaseException as error:  # cancellation included: the client left
            visit.failed(error)
            raise

    def _note(self, request: HttpRequest, *_: Any) -> None:
        """Whose request it is, and what its route takes: known now, since every other middleware has run."""
        _note_path(request)
        if conf.settings().log_user and hasattr(request, "user"):
            context.user.set(request.user.get_username())

    async def _note_async(self, request: HttpRequest, *_: Any) -> None:
        _note_path(request)
        if conf.settings().log_user and hasattr(request, "auser"):
            context.user.set((await request.auser()).get_username())


def _note_path(request: HttpRequest) -> None:
    redactor = conf.settings().redactor
    if redactor is not None and (found := redactor.paths(request)):
        context.paths.set(found)
