"""Whether a WebSocket handshake comes from a page of this site: a browser sends cookies from any other, too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils.http import is_same_domain

PORTS = {"http": 80, "https": 443}
Site = tuple[str, str, "int | None"]


def is_trusted(scope: Mapping[str, Any]) -> bool:
    """Whether the Origin has the scheme, host and port of the request, or stands in CSRF_TRUSTED_ORIGINS."""
    handshake = Handshake(scope)
    origin = handshake.META.get("HTTP_ORIGIN", "")
    try:
        came_from, host = _site(urlsplit(origin)), handshake.get_host()
        ours = _site(urlsplit(f"{handshake.scheme}://{host}"))
        return came_from is not None and (came_from == ours or _is_listed(came_from))
    except (DisallowedHost, ValueError):
        return False


class Handshake(HttpRequest):
    """The handshake as Django sees a request, so that its settings for proxies and hosts hold here too."""

    def __init__(self, scope: Mapping[str, Any]) -> None:
        super().__init__()
        self.META = _meta(scope.get("headers", ()))
        server = scope.get("server") or ("unknown", 80)
        self.META |= {"SERVER_NAME": server[0], "SERVER_PORT": str(server[1] or 80)}
        self._is_secure = scope.get("scheme", "ws") in ("wss", "https")

    def _get_scheme(self) -> str:
        return "https" if self._is_secure else "http"


def _meta(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their WSGI names; one that was sent twice is joined, and then matches nothing."""
    meta: dict[str, str] = {}
    for name, value in headers:
        key = "HTTP_" + name.decode("latin1").upper().replace("-", "_")
        text = value.decode("latin1")
        meta[key] = f"{meta[key]},{text}" if key in meta else text
    return meta


def _site(url: SplitResult) -> Site | None:
    """Scheme, host and port, the usual port filled in; None if that is not all there is."""
    if url.scheme not in PORTS or not url.hostname or url.path or url.query or url.fragment or url.username:
        return None
    return url.scheme, url.hostname, url.port or PORTS[url.scheme]


def _is_listed(came_from: Site) -> bool:
    return any(_allows(urlsplit(listed), came_from) for listed in settings.CSRF_TRUSTED_ORIGINS)


def _allows(listed: SplitResult, came_from: Site) -> bool:
    """Whether an item of CSRF_TRUSTED_ORIGINS names this origin; `https://*.example.com` its subdomains."""
    scheme, host, port = came_from
    if "*" not in listed.netloc:
        return _site(listed) == came_from
    named = _site(urlsplit(f"{listed.scheme}://any{listed.netloc.lstrip('*')}"))
    if named is None or (named[0], named[2]) != (scheme, port):
        return False
    return is_same_domain(host, named[1].removeprefix("any"))
