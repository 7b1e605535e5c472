"""What is right on one's own machine, and rarely is on a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Info

from logconsole.checks import check_for_deployment, deployment
from tests.web import FILE

REDIS = "logconsole.stores.redis.RedisStore"


def ids(check: Any) -> list[str]:
    """What the check finds."""
    return [str(message.id).removeprefix("logconsole.") for message in check()]


@pytest.mark.parametrize(
    ("redact", "found"),
    [(False, ["W017"]), ({"only": []}, ["W017"]), (None, []), (True, []), (["-session"], []), ({"only": ["a"]}, [])],
)
def test_redaction_that_is_off_is_told(redact: Any, found: list[str], settings: Any) -> None:
    """Secrets would be kept."""
    settings.LOGCONSOLE = {"REDACT": redact}
    assert ids(deployment.secrets_shown) == found


def test_a_log_for_all_staff_is_told(settings: Any) -> None:
    """Not as a warning: a site may have two of them."""
    settings.LOGCONSOLE = {}
    (message,) = deployment.staff_unlimited()
    assert isinstance(message, Info) and message.id == "logconsole.W018"
    settings.LOGCONSOLE = {"PERMISSION": "logconsole.view_console"}
    assert ids(deployment.staff_unlimited) == []


@pytest.mark.parametrize(("mode", "found"), [(0o755, ["W019"]), (0o751, ["W019"]), (0o750, []), (0o2770, [])])
def test_a_directory_that_everybody_may_enter_is_told(
    mode: int, found: list[str], settings: Any, tmp_path: Path
) -> None:
    """Made by hand; one that is not there yet will be ours."""
    directory = tmp_path / "logs"
    settings.LOGCONSOLE = {"STORES": {"file": {"BACKEND": FILE, "OPTIONS": {"directory": directory}}}}
    assert ids(deployment.directory_open) == []
    directory.mkdir()
    directory.chmod(mode)
    assert ids(deployment.directory_open) == found


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("redis://:hunter2@cache.example.org:6379/0", "cache.example.org"),
        ("redis+sentinel://ada:hunter2@s1:26379,s2:26379/mymaster", "s1"),
        ("redis://[2001:db8::1]:6379/0", "2001:db8::1"),
        ("rediss://cache:6379/0", None),
        ("redis://localhost:6379/0", None),
        ("redis://[::1]:6379", None),
        ("unix:///run/redis.sock", None),
    ],
)
def test_redis_over_a_network_in_clear_is_told(url: str, host: str | None, settings: Any) -> None:
    """With the host, without the password."""
    settings.LOGCONSOLE = {"STORES": {"redis": {"BACKEND": REDIS, "OPTIONS": {"url": url}}}}
    messages = list(deployment.redis_clear())
    assert [message.id for message in messages] == (["logconsole.W020"] if host else [])
    assert all(f" {host} " in message.msg and "hunter2" not in message.msg for message in messages)


def test_check_deploy_asks_all_of_it(settings: Any, tmp_path: Path) -> None:
    """Nothing of it comes with a plain check."""
    directory = tmp_path / "logs"
    directory.mkdir(0o755)
    directory.chmod(0o755)
    store = {"BACKEND": FILE, "OPTIONS": {"directory": directory}}
    settings.LOGCONSOLE = {"STORES": {"file": store}, "REDACT": False}
    settings.ASGI_APPLICATION = "tests.checks.test_socket.django"
    assert sorted(ids(check_for_deployment)) == ["W014", "W017", "W018", "W019"]
