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
        self.process_view: Callable[..., Any] = self._note_user_async if self.is_async else self._note_user

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

    def _note_user(self, request: HttpRequest, *_: Any) -> None:
        """Whose request it is: known now, since every other middleware has run."""
        if conf.settings().log_user and hasattr(request, "user"):
            context.user.set(request.user.get_username())

    async def _note_user_async(self, request: HttpRequest, *_: Any) -> None:
        if conf.settings().log_user and hasattr(request, "auser"):
            context.user.set((await request.auser()).get_username())
