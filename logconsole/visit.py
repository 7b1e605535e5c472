"""One request, from its beginning until its answer is out or given up."""

from __future__ import annotations

import logging
import re
import time
from typing import Any

from django.conf import settings as django_settings
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.encoding import escape_uri_path

from logconsole import conf, lifetime
from logconsole.context import Paths, paths, user
from logconsole.parts import AsyncParts, Parts
from logconsole.relay import HEADER, accepted

_ADDRESS = re.compile(r"(?:^|/)logconsole/console/(?:[a-z0-9]+/)?$")
_OURS = ("changelist", "ticket", "entries", "timeline", "facets", "download", "loggers", "jsi18n", "ws")
_NAMES = frozenset(f"logconsole_console_{name}" for name in _OURS)
access = logging.getLogger("logconsole.access")


class Visit:
    """A request being served; begins when it is made."""

    def __init__(self, request: HttpRequest) -> None:
        self._began = time.perf_counter()
        self._request = request
        self.method = request.method or ""
        self.path = request.path  # as it came in: others may change it
        self.identity = accepted(request.headers.get(HEADER))
        self.user = ""
        self.hidden: Paths = ()
        self.is_logged = False
        lifetime.begin(self.identity)
        if _is_console(request):
            lifetime.deliver()
            self.is_logged = True

    def answered(self, response: HttpResponseBase) -> HttpResponseBase:
        """The response with its id; logged now, or when the last part of it is out."""
        self.user, self.hidden = user.get(), paths.get()
        response.headers[HEADER] = self.identity
        if isinstance(response, StreamingHttpResponse):
            self._follow(response)
        else:
            size = None if self.method == "HEAD" else len(getattr(response, "content", b""))
            self.log(response.status_code, size)
        return response

    def failed(self, error: BaseException) -> None:
        """There will be no response: a server error, or the client (or the server) went away before."""
        if isinstance(error, Exception):
            self.log(500)
        else:
            self.log(None, aborted=True)

    def log(self, status: int | None, size: int | None = None, *, aborted: bool = False) -> None:
        """The one entry of this request; again, and nothing happens."""
        if self.is_logged or self._is_excluded():
            return
        self.is_logged = True
        path, duration_ms = self._shown_path(), round((time.perf_counter() - self._began) * 1000, 1)
        extra = {
            "method": self.method,
            "path": path,
            "route": getattr(self._request.resolver_match, "route", None),
            "status": status,
            "duration_ms": duration_ms,
            "bytes": size,
            "aborted": aborted or None,
        }
        message = "%s %s %s %sms" + (" aborted" if aborted else "")
        with lifetime.belonging(self.identity, self.user or user.get()):
            access.log(
                _level(status),
                message,
                *(self.method, path, "-" if status is None else status, duration_ms),
                extra={key: value for key, value in extra.items() if value is not None},
            )

    def _shown_path(self) -> str:
        """The path, on one line, without what its route takes as a secret."""
        path, match = self.path, self._request.resolver_match
        redactor = conf.settings().redactor
        if redactor is not None and match is not None:
            path = redactor.path(path, match.kwargs)
        return path if path.isprintable() else escape_uri_path(path)

    def _follow(self, response: StreamingHttpResponse) -> None:
        """Have it logged when it ends; a file that the server sends past us, when it is closed."""
        if isinstance(response, FileResponse) and self._is_sent_by_server(response):
            self._log_at_close(response)
        elif response.is_async:
            response.streaming_content = AsyncParts(response.streaming_content, self, response.status_code)
        else:
            response.streaming_content = Parts(response.streaming_content, self, response.status_code)

    def _is_sent_by_server(self, response: FileResponse) -> bool:
        return response.file_to_stream is not None and "wsgi.file_wrapper" in self._request.META

    def _log_at_close(self, response: FileResponse) -> None:
        close, size = response.close, response.headers.get("Content-Length")

        def closed() -> None:
            self.log(response.status_code, int(size) if size else None)
            close()

        response.close = closed  # type: ignore[method-assign]  # Django's own way to hear of the end

    def _is_excluded(self) -> bool:
        """Whether nobody wants to know: what the settings say, and whatever the console itself turned out to be."""
        match = self._request.resolver_match
        return self._request.path.startswith(_prefixes()) or (match is not None and _is_ours(match))


def _prefixes() -> tuple[str, ...]:
    given = conf.settings().access_log_exclude
    if given is not None:
        return tuple(given)
    static: Any = django_settings.STATIC_URL
    return (static,) if static and static != "/" else ()


def _is_console(request: HttpRequest) -> bool:
    """Whether this is the console on some admin site; known before the view is, so that nothing gets in."""
    if not _ADDRESS.search(request.path_info):
        return False
    try:
        return _is_ours(resolve(request.path_info))
    except Resolver404:
        return False


def _is_ours(match: ResolverMatch) -> bool:
    return match.url_name in _NAMES and "admin" in match.app_names


def _level(status: int | None) -> int:
    if status is None or status < 400:
        return logging.INFO
    return logging.WARNING if status < 500 else logging.ERROR
