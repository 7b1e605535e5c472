"""The setting `REDACT` extends what is built in, replaces it, or switches it off."""

from __future__ import annotations

import re
from typing import Any

import pytest

from logconsole import conf
from tests.secrets import JWT


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (None, "password=[redacted] iban=DE1 order ORD-77 ref:x9 session=[redacted]"),
        (True, "password=[redacted] iban=DE1 order ORD-77 ref:x9 session=[redacted]"),
        (["iban"], "password=[redacted] iban=[redacted] order ORD-77 ref:x9 session=[redacted]"),
        (("IBAN", r"/ORD-\d+/"), "password=[redacted] iban=[redacted] order [redacted] ref:x9 session=[redacted]"),
        ([re.compile(r"ord-\d+", re.I)], "password=[redacted] iban=DE1 order [redacted] ref:x9 session=[redacted]"),
        (
            [r"\bORD-\d+", "(", re.compile(b"DE1")],
            "password=[redacted] iban=DE1 order [redacted] ref:x9 session=[redacted]",
        ),
        ([r"/ORD-(\d+)/"], "password=[redacted] iban=DE1 order ORD-[redacted] ref:x9 session=[redacted]"),
        (
            [r"/ORD-(?P<id>\d+)|ref:x9/"],
            "password=[redacted] iban=DE1 order ORD-[redacted] [redacted] session=[redacted]",
        ),
        (["-session"], "password=[redacted] iban=DE1 order ORD-77 ref:x9 session=s"),
        ({"only": ["iban"]}, "password=x iban=[redacted] order ORD-77 ref:x9 session=s"),
        ({"only": [r"/ORD-\d+/"]}, "password=x iban=DE1 order [redacted] ref:x9 session=s"),
        ({"only": []}, "password=x iban=DE1 order ORD-77 ref:x9 session=s"),
        (False, "password=x iban=DE1 order ORD-77 ref:x9 session=s"),
        (
            ["iban", "/(/", 5, "not a name", "/y*/"],
            "password=[redacted] iban=[redacted] order ORD-77 ref:x9 session=[redacted]",
        ),
        ("wrong", "password=[redacted] iban=DE1 order ORD-77 ref:x9 session=[redacted]"),
        ({"only": "wrong"}, "password=[redacted] iban=DE1 order ORD-77 ref:x9 session=[redacted]"),
    ],
)
def test_the_setting_extends_replaces_and_switches_off(setting: Any, expected: str, settings: Any) -> None:
    """What is not understood hides nothing more, and nothing less."""
    settings.LOGCONSOLE = {"REDACT": setting}
    assert conf.redacted("password=x iban=DE1 order ORD-77 ref:x9 session=s") == expected


def test_only_own_patterns_leave_the_rest_alone(settings: Any) -> None:
    """Replaced means replaced: what is known by its looks is not hidden either."""
    settings.LOGCONSOLE = {"REDACT": {"only": ["iban"]}}
    assert conf.redacted(f"{JWT} 4242424242424242 redis://:pw@cache iban=DE1") == (
        f"{JWT} 4242424242424242 redis://:pw@cache iban=[redacted]"
    )


def test_the_patterns_are_compiled_once(settings: Any) -> None:
    """And again when the setting changes."""
    before = conf.settings().redactor
    assert before is not None and conf.settings().redactor is before
    settings.LOGCONSOLE = {"REDACT": ["iban"]}
    assert conf.settings().redactor is not before
    settings.LOGCONSOLE = {"REDACT": False}
    assert conf.settings().redactor is None
