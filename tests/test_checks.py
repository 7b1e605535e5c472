"""What `manage.py check` tells."""

from __future__ import annotations

import io
import logging
import logging.handlers
import queue
import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import AppConfig, apps
from django.core.checks import Info
from django.core.management import call_command

import logconsole
from logconsole.checks import check_configuration, check_for_deployment, site
from logconsole.handlers import JSONLHandler, RingBufferHandler
from logconsole.stores import locking
from tests.web import FILE, RING, set_logging

CONFIG = "logging.config.dictConfig"
PACKAGE = Path(logconsole.__file__).parent


def ids() -> list[str]:
    """The ids of what is found."""
    return [str(message.id).removeprefix("logconsole.") for message in check_configuration()]


def may_look(user: Any) -> bool:
    """A rule of a project."""
    return False


@pytest.fixture(autouse=True)
def _attached() -> None:
    """Records reach a store, and each request is logged once."""
    logging.getLogger().addHandler(RingBufferHandler())
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("django.server").propagate = False  # as Django has it


def test_a_site_that_is_right_hears_nothing() -> None:
    """The tests' own settings, asked by the command."""
    err = io.StringIO()
    call_command("check", stdout=io.StringIO(), stderr=err)
    assert err.getvalue() == ""


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, []),
        (None, []),
        (["STORES"], ["E001"]),
        ({"SERVISE": "web"}, ["E002"]),
        ({"COLOUR": "red"}, ["E002"]),
        ({"REDACT": None}, []),
        ({"REDACT": True}, []),
        ({"REDACT": False}, []),
        ({"REDACT": ["iban", "-session", r"/ORD-(\d+)/"]}, []),
        ({"REDACT": ("iban",)}, []),
        ({"REDACT": {"only": ["password"]}}, []),
        ({"REDACT": {"only": []}}, []),
        ({"REDACT": "iban"}, ["E016"]),
        ({"REDACT": 5}, ["E016"]),
        ({"REDACT": {"only": "iban"}}, ["E016"]),
        ({"REDACT": {"keys": ["iban"]}}, ["E016"]),
        ({"REDACT": ["iban", "a b", "", 5, "/iban"]}, ["E017"] * 4),
        ({"REDACT": ["/(/", "/ok/"]}, ["E018"]),
        ({"REDACT": {"only": ["/a{99999999999}/"]}}, ["E018"]),
        ({7: "red"}, ["E002"]),
        ({"SERVICE": 5}, ["E003"]),
        ({"MAX_CLIENTS": True}, ["E003"]),
        ({"MAX_ENTRY_BYTES": "64k"}, ["E003"]),
        ({"RECHECK_SECONDS": "30"}, ["E003"]),
        ({"RECHECK_SECONDS": 0.5}, []),
        ({"ACCESS_LOG_EXCLUDE": "/static/"}, ["E003"]),
        ({"ACCESS_LOG_EXCLUDE": None}, []),
        ({"LOG_USER": 1}, ["E003"]),
        ({"STORES": {"ring": {}}}, ["E004"]),
        ({"STORES": {"ring": RING}}, ["E004"]),
        ({"STORES": {"ring": {"BACKEND": "logconsole.stores.ring.Ring"}}}, ["E005"]),
        ({"STORES": {"ring": {"BACKEND": "nowhere.Store"}}}, ["E005"]),
        ({"STORES": {"ring": {"BACKEND": 5}}}, ["E005"]),
        ({"STORES": {"ring": {"BACKEND": "io.StringIO"}}}, ["E005"]),
        ({"STORES": {"ring": {"BACKEND": RING, "OPTIONS": {"size": 5}}}}, ["E007"]),
        ({"STORES": {"ring": {"BACKEND": RING, "OPTIONS": 5}}}, ["E007"]),
        ({"STORES": {"ring": {"BACKEND": RING, "OPTIONS": {"capacity": "10"}}}}, ["E015"]),
        ({"STORES": {"ring": {"BACKEND": RING, "OPTIONS": {"capacity": -1, "max_bytes": True}}}}, ["E015", "E015"]),
        *(
            ({"STORES": {"ring": {"BACKEND": FILE, "OPTIONS": {"directory": "logs", **options}}}}, found)
            for options, found in (
                ({"segment_seconds": 0}, ["E015"]),
                ({"segment_bytes": "10MB"}, ["E015"]),
                ({"mode": "0640"}, ["E015"]),
                ({"mode": 0o440}, ["E015"]),
                ({"poll_seconds": 0, "retain_days": -1}, ["E015", "E015"]),
                ({"retain_segments": 1}, ["E006"]),
                ({"retain_days": 0.5}, ["E006"]),
                ({"retain_days": 0.5, "segment_seconds": 3600}, []),
            )
        ),
        ({"STORES": {"file": {"BACKEND": FILE, "OPTIONS": {"directory": ""}}}}, ["E012"]),
        ({"MAX_ENTRY_BYTES": 65_537}, ["E010"]),
        ({"STORES": {"ring": {"BACKEND": FILE}}}, ["E007"]),
        ({"STORES": {"ring": {"BACKEND": FILE, "OPTIONS": {"directory": None}}}}, ["E012"]),
        ({"STORES": {}}, ["E014"]),
        ({"STORES": ["ring"]}, ["E014"]),
        ({"SERVICE": ""}, ["E008"]),
        ({"PERMISSION": "view"}, ["E009"]),
        ({"PERMISSION": "nowhere.view_log"}, ["E009"]),
        ({"PERMISSION": "auth."}, ["E009"]),
        ({"PERMISSION": "tests.nowhere.may_look"}, ["E009"]),
        ({"PERMISSION": 5}, ["E009"]),
        ({"DOWNLOAD_PERMISSION": "tests.test_checks.nobody"}, ["E009"]),
        ({"PERMISSION": "logconsole.view_console"}, []),
        ({"PERMISSION": "tests.test_checks.may_look"}, []),
        ({"PERMISSION": may_look}, []),
        ({"MAX_ENTRY_BYTES": 100}, ["E010"]),
        ({"MAX_CLIENTS": 0, "RECHECK_SECONDS": -1}, ["E013", "E013"]),
        ({"STORES": {"memory": {"BACKEND": RING}}}, ["E011"]),
    ],
)
def test_a_mistake_in_the_settings_is_told(given: Any, found: list[str], settings: Any) -> None:
    """With what to write instead."""
    settings.LOGCONSOLE = given
    assert ids() == found
    assert all(message.hint for message in check_configuration())


def test_a_slip_of_the_pen_is_recognised(settings: Any) -> None:
    """The key that was probably meant is named."""
    settings.LOGCONSOLE = {"SERVISE": "web"}
    assert check_configuration()[0].hint == "Did you mean 'SERVICE'?"


def test_a_missing_extra_is_named(settings: Any) -> None:
    """What to install."""
    settings.LOGCONSOLE = {"STORES": {"all": {"BACKEND": "nowhere.redis.RedisStore"}}}
    assert "logconsole[redis]" in str(check_configuration()[0].hint)


def test_a_store_speaks_for_itself(settings: Any, tmp_path: Path) -> None:
    """What it finds wrong is passed on."""
    options = {"directory": tmp_path, "segment_bytes": 100, "retain_bytes": 150}
    settings.LOGCONSOLE = {"STORES": {"ring": {"BACKEND": FILE, "OPTIONS": options}}}
    assert ids() == ["E006"]


def test_a_console_that_nobody_writes_to_is_told(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the project configures logging by itself."""
    logging.getLogger().handlers.clear()
    assert ids() == []
    set_logging(monkeypatch, LOGGING_CONFIG=CONFIG)
    assert ids() == ["W004"]


def test_handlers_behind_a_queue_or_a_buffer_are_found(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are attached all the same."""
    set_logging(monkeypatch, LOGGING_CONFIG=CONFIG)
    root = logging.getLogger()
    root.handlers.clear()
    root.addHandler(logging.handlers.MemoryHandler(10, target=RingBufferHandler()))
    assert ids() == []
    root.handlers.clear()
    queued: Any = logging.handlers.QueueHandler(queue.SimpleQueue())
    queued.listener = logging.handlers.QueueListener(queue.SimpleQueue(), JSONLHandler())
    logging.getLogger("shop").addHandler(queued)
    assert ids() == ["E011"]


@pytest.mark.parametrize(
    ("name", "level", "named", "found"),
    [
        ("django.request", logging.NOTSET, False, ["W010"]),
        ("django.request", logging.ERROR, False, []),
        ("django.server", logging.INFO, False, ["W010"]),
        ("uvicorn.access", logging.INFO, True, ["W010"]),
        ("uvicorn.access", logging.INFO, False, []),
        ("gunicorn.access", logging.WARNING, True, []),
    ],
)
def test_a_request_that_is_kept_twice_is_told(
    name: str, level: int, named: bool, found: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what silences the second one; not where a server sets its logger up by itself."""
    set_logging(monkeypatch, LOGGING_CONFIG=CONFIG, LOGGING={"loggers": {name: {}} if named else {}})
    logging.getLogger().setLevel(logging.INFO)
    logger = logging.getLogger(name)
    logger.setLevel(level)
    logger.propagate = True
    assert ids() == found
    assert all(f'"{name}": ' in str(message.hint) for message in check_configuration())
    logger.propagate = False
    assert ids() == []
    logger.propagate = True
    settings.MIDDLEWARE = []
    assert ids() == []


def test_a_handler_that_takes_errors_only_keeps_no_request_twice(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its level counts as well."""
    set_logging(monkeypatch, LOGGING_CONFIG=CONFIG)
    logging.getLogger("django.request").setLevel(logging.NOTSET)
    logging.getLogger().handlers[:] = [RingBufferHandler(logging.ERROR)]
    assert ids() == []


def test_a_site_without_an_asgi_application_is_told(settings: Any) -> None:
    """The page then polls."""
    settings.ASGI_APPLICATION = None
    assert ids() == ["W001"]


@pytest.mark.parametrize(
    ("names", "debug", "found"),
    [
        (["daphne", "django.contrib.staticfiles"], True, []),
        (["django.contrib.staticfiles", "daphne"], False, ["W003"]),
        (["django.contrib.staticfiles"], True, ["W003"]),
        (["django.contrib.staticfiles"], False, []),
    ],
)
def test_a_runserver_without_sockets_is_told(
    names: list[str], debug: bool, found: list[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """daphne stands before the static files; on a server it need not be an app."""
    settings.DEBUG = debug
    monkeypatch.setattr(apps, "get_app_configs", lambda: [AppConfig(name, logconsole) for name in names])
    assert [str(message.id).removeprefix("logconsole.") for message in site.daphne_misplaced()] == found


def test_stores_of_one_process_are_told_before_deployment(settings: Any, tmp_path: Path) -> None:
    """Not as a warning: for one process they are right."""
    settings.LOGCONSOLE = {"PERMISSION": "logconsole.view_console"}
    (message,) = check_for_deployment()
    assert isinstance(message, Info)
    assert message.id == "logconsole.W005"
    stores = {"ring": {"BACKEND": FILE, "OPTIONS": {"directory": tmp_path / "logs"}}}
    settings.LOGCONSOLE = {"STORES": stores, "PERMISSION": "logconsole.view_console"}
    assert check_for_deployment() == []
    settings.LOGCONSOLE = ["wrong"]
    assert check_for_deployment() == []


@pytest.mark.parametrize("name", ["MEDIA_ROOT", "STATIC_ROOT", "STATICFILES_DIRS"])
def test_a_directory_that_is_served_is_told(name: str, settings: Any, tmp_path: Path) -> None:
    """Whoever knows a file's name would read the log; a directory beside it is none of that."""
    served = tmp_path / "served"
    setattr(settings, name, [("prefix", str(served))] if name == "STATICFILES_DIRS" else str(served))
    for directory, found in [(served, [name]), (served / "a" / "logs", [name]), (tmp_path / "served2", [])]:
        settings.LOGCONSOLE = {"STORES": {"ring": {"BACKEND": FILE, "OPTIONS": {"directory": directory}}}}
        told = [message for message in check_configuration() if message.id == "logconsole.W008"]
        assert [name for message in told if name in message.msg] == found
        assert len(told) == len(found)


def test_a_platform_without_locks_is_told(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There one process may write."""
    settings.LOGCONSOLE = {"STORES": {"ring": {"BACKEND": FILE, "OPTIONS": {"directory": tmp_path}}}}
    assert ids() == []
    monkeypatch.setattr(locking, "fcntl", None)
    assert ids() == ["W009"]


def test_every_id_is_of_one_message() -> None:
    """In the whole package."""
    source = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    given = re.findall(r'id="logconsole\.([EW]\d{3})"', source)
    assert sorted(given) == sorted(set(given))
    assert len(given) > 15
