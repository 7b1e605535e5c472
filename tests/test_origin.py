"""Where a handshake may come from."""

from __future__ import annotations

from typing import Any

import pytest

from logconsole.origin import is_trusted


def scope(origin: str | None, host: str | None = "testserver", **more: Any) -> dict[str, Any]:
    """A handshake, with further headers."""
    scheme = more.pop("scheme", None)
    headers = {"origin": origin, "host": host, **{name.replace("_", "-"): value for name, value in more.items()}}
    made = {"headers": [(name.encode(), value.encode()) for name, value in headers.items() if value is not None]}
    return {**made, "scheme": scheme} if scheme else made


@pytest.mark.parametrize(
    ("origin", "host", "scheme", "trusted"),
    [
        ("http://testserver", "testserver", None, True),
        ("http://testserver", "testserver", "ws", True),
        ("http://TESTSERVER", "testserver", "ws", True),
        ("http://testserver:80", "testserver", "ws", True),
        ("http://testserver", "testserver:80", "ws", True),
        ("https://testserver", "testserver", "wss", True),
        ("https://testserver", "testserver:443", "wss", True),
        ("http://testserver:8000", "testserver:8000", "ws", True),
        ("http://[::1]:8000", "[::1]:8000", "ws", True),
        ("https://testserver", "testserver", "ws", False),
        ("http://testserver", "testserver", "wss", False),
        ("http://testserver:9999", "testserver", "ws", False),
        ("http://testserver", "testserver:9999", "ws", False),
        ("http://localhost", "testserver", "ws", False),
        ("http://testserver.evil.example", "testserver", "ws", False),
        ("http://user@testserver", "testserver", "ws", False),
        ("http://testserver/path", "testserver", "ws", False),
        ("http://testserver:port", "testserver", "ws", False),
        ("ftp://testserver", "testserver", "ws", False),
        ("http://evil.example", "evil.example", "ws", False),
        ("http://testserver", None, "ws", False),
        ("null", "testserver", "ws", False),
        ("", "testserver", "ws", False),
        (None, "testserver", "ws", False),
    ],
)
def test_scheme_host_and_port_must_be_those_of_the_request(
    origin: str | None, host: str | None, scheme: str | None, trusted: bool, settings: Any
) -> None:
    """The usual port may be written or not; a host that is not ours trusts nobody."""
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "[::1]"]
    assert is_trusted(scope(origin, host, scheme=scheme)) is trusted


@pytest.mark.parametrize(
    ("origin", "trusted"),
    [
        ("https://office.example", True),
        ("https://office.example:8443", False),
        ("http://office.example", False),
        ("https://any.example.com", True),
        ("https://deep.any.example.com", True),
        ("https://example.com", True),
        ("http://any.example.com", False),
        ("https://any.example.com:8443", False),
        ("https://notexample.com", False),
        ("https://a.example.org:8443", True),
    ],
)
def test_trusted_origins_are_those_of_django(origin: str, trusted: bool, settings: Any) -> None:
    """CSRF_TRUSTED_ORIGINS, with subdomains as Django means them."""
    settings.CSRF_TRUSTED_ORIGINS = ["https://office.example", "https://*.example.com", "https://*.example.org:8443"]
    assert is_trusted(scope(origin)) is trusted


def test_a_proxy_that_ends_tls_is_believed_only_when_configured(settings: Any) -> None:
    """SECURE_PROXY_SSL_HEADER says how the browser came."""
    behind = scope("https://testserver", x_forwarded_proto="https")
    assert not is_trusted(behind)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert is_trusted(behind)
    assert not is_trusted(scope("https://testserver", x_forwarded_proto="http"))


def test_a_proxy_that_changes_the_host_is_believed_only_when_configured(settings: Any) -> None:
    """USE_X_FORWARDED_HOST says what the browser asked for."""
    behind = scope("http://localhost", "testserver", x_forwarded_host="localhost")
    assert not is_trusted(behind)
    settings.USE_X_FORWARDED_HOST = True
    assert is_trusted(behind)


def test_an_origin_sent_twice_is_none() -> None:
    """A browser sends one."""
    twice = scope("http://testserver")
    twice["headers"].append((b"origin", b"http://testserver"))
    assert not is_trusted(twice)
