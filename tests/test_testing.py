"""What a project's tests can say about what its code logs."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from logconsole import lifetime
from logconsole.pytest_plugin import logged as fixture
from logconsole.testing import Logged, logged

log = logging.getLogger("shop.orders")
logged_here = fixture


def test_entries_are_as_a_store_would_keep_them(settings: Any) -> None:
    """Redacted, cut, with the id of the request; nothing is kept afterwards."""
    settings.LOGCONSOLE = {"REDACT": ["iban"], "MAX_ENTRY_BYTES": 1024}
    with logged() as found, lifetime.belonging("abc", ""):
        log.info("paid by iban=DE1", extra={"token": "t", "order": 7})
        log.debug("x" * 5000)
    log.info("afterwards")
    first, second = found.entries
    assert found.messages[0] == first.msg == "paid by iban=[redacted]"
    assert (first.extra, first.request_id) == ({"token": "[redacted]", "order": 7}, "abc")
    assert second.cut is not None
    assert [entry.level for entry in found.matching("order:7 level>=info")] == ["INFO"]


def test_level_and_logger_can_be_chosen() -> None:
    """And are afterwards what they were."""
    shop = logging.getLogger("shop")
    before = shop.level, shop.handlers[:]
    with logged(logging.WARNING, "shop") as found:
        log.info("quiet")
        log.warning("loud")
        logging.getLogger("other").error("elsewhere")
    assert found.messages == ["loud"]
    assert (shop.level, shop.handlers) == before


@pytest.mark.parametrize(
    "values",
    [
        {"msg": "by hunter2"},
        {"msg": "x", "extra": {"a": [{"b": "hunter2"}]}},
        {"msg": "x", "extra": {"hunter2": 1}},
        {"msg": "x", "exc_info": ValueError("hunter2")},
        {"msg": "x", "extra": {"pin": 471100}},
    ],
)
def test_a_secret_that_was_logged_is_told(values: dict[str, Any]) -> None:
    """Wherever in the entry it is, and where the call stands."""
    with logged() as found:
        log.error(**values)
    with pytest.raises(AssertionError, match=r"text \d of 2 was logged at tests/test_testing.py:\d+"):
        found.assert_none_has("hunter2", "471100")
    found.assert_none_has("hunter3")


def test_the_fixture_is_the_same(logged_here: Logged) -> None:
    """For whoever uses pytest."""
    log.info("password=%s", "hunter2")
    logged_here.assert_none_has("hunter2")
    assert logged_here.messages == ["password=[redacted]"]
