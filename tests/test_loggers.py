"""The page of the loggers: who may look, who may change, and what is on record."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from logconsole import conf
from logconsole.handlers import JSONLHandler
from logconsole.levels import applied
from tests.web import PAGE, client_of, configure, page, staff

LOGGERS = f"{PAGE}loggers/"
RULE = "logconsole.change_levels"
NAME = "loggers.of.tests"
log = logging.getLogger(NAME)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _undone(settings: Any, tmp_path: Path) -> Iterator[None]:
    """A file store, kept by a handler; afterwards nothing is changed."""
    configure(settings, tmp_path)
    logging.getLogger().addHandler(JSONLHandler())
    logging.getLogger(f"{NAME}.child")
    log.setLevel(logging.WARNING)
    applied.undo()
    yield
    applied.undo()


@pytest.fixture
def client() -> Client:
    """The browser of somebody who may change levels."""
    return client_of(staff("ada", RULE))


def post(client: Client, **values: str) -> str:
    """Send the form; the page that comes then."""
    answer = client.post(LOGGERS, values, follow=True)
    assert answer.redirect_chain == [(LOGGERS, 302)]
    return answer.content.decode()


def test_page_lists_every_logger(client: Client) -> None:
    """With what is configured, and what is inherited."""
    text = client.get(LOGGERS).content.decode()
    row = text.partition(f'<th scope="row">{NAME}</th>')[2].partition("</tr>")[0]
    child = text.partition(f'<th scope="row">{NAME}.child</th>')[2].partition("</tr>")[0]
    assert row.count("<td>WARNING</td>") == 2
    assert "<td></td>" in child and '<td class="lc-levels-inherited">WARNING</td>' in child
    assert '<th scope="row">root</th>' in text


def test_change_is_made_shown_and_on_record(client: Client) -> None:
    """At once, with a banner on both pages, in the admin's log and in the store."""
    text = post(client, logger=NAME, level="DEBUG", minutes="15")
    assert log.level == logging.DEBUG
    for shown in (text, client.get(PAGE).content.decode()):
        assert f"{NAME} is at DEBUG in all processes, set by ada." in shown and "data-left=" in shown
    told = f"Logger {NAME} is at DEBUG for 15 minutes"
    assert LogEntry.objects.get().change_message == told
    audit = conf.get_store("file").older(conf.parse_query("logger:logconsole.audit")).entries
    assert [made.msg for made in audit] == [f"ada changes levels: {told}", "ada looks at the log"]


def test_one_click_is_debug_and_another_takes_it_back(client: Client) -> None:
    """The buttons of a row send its logger."""
    post(client, debug=NAME, minutes="15")
    assert log.level == logging.DEBUG
    post(client, reset=NAME)
    assert log.level == logging.WARNING
    assert LogEntry.objects.count() == 2


def test_all_are_taken_back_at_once(client: Client) -> None:
    """Whoever changed them."""
    post(client, debug=NAME, minutes="5")
    post(client, logger=f"{NAME}.child", level="ERROR", minutes="60")
    post(client, reset="")
    assert (log.level, logging.getLogger(f"{NAME}.child").level) == (logging.WARNING, logging.NOTSET)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"logger": NAME},
        {"logger": NAME, "level": "LOUD", "minutes": "15"},
        {"logger": NAME, "level": "DEBUG", "minutes": "7"},
        {"logger": NAME, "level": "DEBUG", "minutes": "²"},
        {"logger": "x" * 201, "level": "DEBUG", "minutes": "15"},
        {"logger": "a\nb", "level": "DEBUG", "minutes": "15"},
        {"logger": "", "level": "DEBUG", "minutes": "15"},
        {"logger": "logconsole.audit", "level": "CRITICAL", "minutes": "15"},
        {"reset": NAME},
        {"reset": "x" * 201},
        {"reset": "a\nb"},
        {"reset": " "},
    ],
)
def test_wrong_values_change_nothing(client: Client, values: dict[str, str]) -> None:
    """They are told, and not on record."""
    assert 'class="error"' in post(client, **values)
    assert (applied.changes, LogEntry.objects.count()) == ({}, 0)


@pytest.mark.parametrize("name", ["root", "logconsole"])
def test_audit_log_goes_on_whatever_level_is_above_it(client: Client, name: str) -> None:
    """Whoever changes levels cannot hide that, or what they do next."""
    post(client, logger=name, level="CRITICAL", minutes="15")
    page(client, "download/").close()
    kept = conf.get_store("file").older(conf.parse_query("logger:logconsole.audit")).entries
    assert [made.msg for made in kept] == [
        f"ada changes levels: Logger {name} is at CRITICAL for 15 minutes",
        "ada downloads entries of store file as text: all",
    ]


def test_a_name_that_no_logger_has_makes_none(client: Client) -> None:
    """It is shown, taken back, and leaves nothing in any process."""
    before = set(logging.root.manager.loggerDict)
    for number in range(3):
        invented = f"invented.{number}"
        assert f"{invented} is at DEBUG" in post(client, logger=invented, level="DEBUG", minutes="15")
        assert "has the level that is configured" in post(client, reset=invented)
    assert set(logging.root.manager.loggerDict) == before
    assert applied.changes == {}


def test_who_may_only_look_cannot_change() -> None:
    """No form is shown, and none is taken."""
    client = client_of(staff("eve"))
    assert 'id="lc-levels-form"' not in client.get(LOGGERS).content.decode()
    assert client.post(LOGGERS, {"debug": NAME, "minutes": "15"}).status_code == 403
    assert log.level == logging.WARNING


def test_form_of_another_site_is_refused() -> None:
    """Without the token nothing is changed."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff("ada", RULE))
    assert client.post(LOGGERS, {"debug": NAME, "minutes": "15"}).status_code == 403
    assert log.level == logging.WARNING


def test_nobody_else_is_let_in() -> None:
    """Strangers are sent to the login; another method is none."""
    assert Client().get(LOGGERS).status_code == 302
    assert client_of(staff("ada", RULE)).put(LOGGERS).status_code == 405
