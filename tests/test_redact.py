"""No secret enters a store, and nothing else is hidden."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from logconsole import cards, conf, secrets
from logconsole.entry import Entry
from logconsole.handlers import JSONLHandler, RingBufferHandler
from logconsole.query import Query
from logconsole.redact import MOST, Redactor
from logconsole.safe import printable
from logconsole.terms import redactor
from tests.records import record
from tests.secrets import HARMLESS, JWT, PEM, RESET, SECRETS
from tests.web import configure

BUILT_IN: Any = redactor(None)
WHOLE = [template.replace("§", secret) for template, secret in SECRETS]
PIECES = [
    *("", "=", ":", ": ", ", ", "; ", "&", " ", '"', "'", '\\"', "\\", "://", "@", "/", "[", "]", "{", "}", ")", "<"),
    *(">", "%", "-", ".", "4242", "12", "None", "eyJ", "Bearer ", "Basic ", "[redacted]", "a", "é"),
    *("\n", '\n  File "', "    "),
]
GLUE = st.sampled_from(PIECES) | st.text(max_size=5)
PARTS = st.sampled_from([*WHOLE, *HARMLESS, "password", "token", "tokens", "Cookie", "Authorization", "user"])
TEXTS = st.lists(PARTS | GLUE, max_size=12).map("".join)


def entry(message: str = "hello", **values: Any) -> Entry:
    """The entry of such a record, as a site without settings keeps it."""
    return Entry.from_record(record("%s", message, **values), redactor=BUILT_IN)


def sign_in(**values: object) -> None:
    """Fails, and says too much."""
    raise ValueError(f"no login at postgres://ada:{values['password']}@db with {JWT}")


def searched_without_checks(text: str) -> str:
    """The text as all patterns leave it, each of them run."""
    for secret in (secrets.PRIVATE_KEY, secrets.PREFIXED, *secrets.LONG, *secrets.LOOSE):
        text = secret.hide(text)
    return BUILT_IN._pairs.hide(cards.hide(text, secrets.REDACTED))


@pytest.mark.parametrize(("template", "secret"), SECRETS)
def test_a_secret_in_a_message_is_hidden_and_what_stands_around_it_is_not(template: str, secret: str) -> None:
    """Whatever kind of secret it is."""
    made = entry(template.replace("§", secret))
    assert made.msg == template.replace("§", "[redacted]")
    assert json.dumps(secret, ensure_ascii=False)[1:-1] not in made.line.decode()


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_a_secret_stays_as_it_was(text: str) -> None:
    """Nobody can work with a log that hides order numbers, hashes and times."""
    assert entry(text).msg == text
    assert entry(value=text).extra == {"value": text}


def test_values_are_hidden_at_any_depth() -> None:
    """By the name they have, or by their looks."""
    made = entry(
        order={"id": 7, "payment": {"card": "4242 4242 4242 4242", "token": "t"}, "urls": ["redis://:pw@cache", "x"]},
        users=[{"name": "ada", "password": "p"}],
    )
    assert made.extra == {
        "order": {
            "id": 7,
            "payment": {"card": "[redacted]", "token": "[redacted]"},
            "urls": ["redis://:[redacted]@cache", "x"],
        },
        "users": [{"name": "ada", "password": "[redacted]"}],
    }


def test_a_value_of_a_name_is_hidden_whatever_it_is() -> None:
    """Also as a number or a structure, but not if it tells nothing."""
    hidden = {
        "password": 123456,
        "session": {"user": 7},
        "credentials": ["ada", "x"],
        "tokens": ["a", "b"],
        "secret": 0,
    }
    plain = {
        "password": None,
        "token": "",
        "cookie": True,
        "secret": False,
        "tokens": 512,
        "cookies": {},
        "session": [],
    }
    assert entry(**hidden).extra == dict.fromkeys(hidden, "[redacted]")
    assert entry(**plain).extra == plain


def test_pairs_in_a_list_are_names_with_their_values() -> None:
    """As the headers of an ASGI scope are; a list of two texts by itself is not a pair."""
    made = entry(headers=[(b"cookie", b"a=b"), ("Accept", "*/*"), ["x-api-key", "k"]], missing=["token", "email"])
    assert made.extra == {
        "headers": [["b'cookie'", "[redacted]"], ["Accept", "*/*"], ["x-api-key", "[redacted]"]],
        "missing": ["token", "email"],
    }


def test_what_is_a_secret_itself_is_hidden_as_a_name_too() -> None:
    """As a key, at any depth, and as the first of a pair; two that then look the same are both kept."""
    other = JWT.replace("dozjg", "xyzjg")
    made = entry(**{JWT: 1}, seen={JWT: 1, other: {JWT: "x", "n": 2}}, pairs=[[JWT, "x"], ["a", JWT], (JWT, 7)])
    assert made.extra == {
        "[redacted]": 1,
        "seen": {"[redacted]": 1, "[redacted] 2": {"[redacted]": "x", "n": 2}},
        "pairs": [["[redacted]", "x"], ["a", "[redacted]"], ["[redacted]", 7]],
    }
    assert entry(**{f"redis://:x1y@{number}": number for number in range(3)}).extra == {
        "redis://:[redacted]@0": 0,
        "redis://:[redacted]@1": 1,
        "redis://:[redacted]@2": 2,
    }


def test_the_line_has_no_secret_as_a_name(settings: Any, tmp_path: Path) -> None:
    """However often the same names came before, in the fastest way that there is."""
    configure(settings, tmp_path)
    logger = logging.Logger("own")
    logger.addHandler(RingBufferHandler())
    for _ in range(3):
        logger.warning("hello", extra={JWT: 1})
        logger.warning("hello", extra={"plain": 1})
    assert [made.extra for made in conf.get_store("ring").scan(Query())] == [{"[redacted]": 1}, {"plain": 1}] * 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("§ GET /admin/delete/7/ by mallory", "[redacted] GET /admin/delete/7/ by mallory"),
        ("§\ndeleted user 7\nfrom 10.0.0.7", "[redacted]\ndeleted user 7\nfrom 10.0.0.7"),
        ("§\nMIIEpAIBAAKCAQEA7bq8\n", "[redacted]\n"),
        (f"§\n{'A' * 64}\n{'B' * 64}\nx+/y==\nthen all was well", "[redacted]\nthen all was well"),
        (f"'§\\n{'A' * 64}\\n{'B' * 64}\\nx+/y==' was refused", "'[redacted]' was refused"),
        (f"§\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A\n\n{'A' * 64}\n and on", "[redacted]\n and on"),
        ("§ a § b", "[redacted] a [redacted] b"),
        (
            "§" + " b" * 20_000 + " -----END PRIVATE KEY-----",
            "[redacted]" + " b" * 20_000 + " -----END PRIVATE KEY-----",
        ),
    ],
    ids=range(8),
)
def test_a_key_that_has_no_end_hides_no_more_than_a_key(text: str, shown: str) -> None:
    """Whoever writes its first line into a message cannot hide what stands behind it."""
    assert BUILT_IN.text(text.replace("§", "-----BEGIN RSA PRIVATE KEY-----")) == shown


def test_numbers_caller_and_logger_are_not_touched() -> None:
    """They hold no secrets, and are what one finds an entry by."""
    made = entry(card=4242424242424242, name="shop.password=x", pathname="/srv/token=x/a.py")
    assert made.extra == {"card": 4242424242424242}
    assert (made.logger, made.caller) == ("shop.password=x", "/srv/token=x/a.py:7")


def test_nothing_to_hide_is_no_copy() -> None:
    """`values` returns the object it was given."""
    extra = {"id": 7, "path": "/shop/", "nested": {"list": [1, ["a", "b"], {"x": None}]}, "pairs": [["a", "b"]]}
    assert BUILT_IN.values(extra) is extra


def test_a_traceback_keeps_its_code_and_loses_its_literals() -> None:
    """What a source line computes is no secret; what it spells out is, and so is what the exception says."""
    password = "hunter2"
    try:
        sign_in(password=password, token="tk-4711", otp=4711)  # secret: s-4711
    except ValueError:
        made = entry(exc_info=sys.exc_info())
    assert 'sign_in(password=password, token="[redacted]", otp=[redacted])  # secret: [redacted]' in made.exc
    assert made.exc.endswith("ValueError: no login at postgres://ada:[redacted]@db with [redacted]")
    assert "hunter2" not in made.line.decode() and "4711" not in made.line.decode()


def test_a_source_line_with_a_text_in_it_is_not_code() -> None:
    """Nor are a comment and a number."""
    frame = '  File "/srv/shop/a.py", line 3, in f\n    {}\nValueError: x'
    for line in ('raise ValueError("token=abc")', "login()  # token=abc", "login(token=4711)", "f(it's, token=abc)"):
        assert "=[redacted]" in entry(exc_text=frame.format(line)).exc
    assert entry(exc_text=frame.format("login(token=abc)")).exc == frame.format("login(token=abc)")


def test_the_stack_is_redacted_too() -> None:
    """What `stack_info=True` gives."""
    assert entry(stack_info="Stack:\n  token=abc").stack == "Stack:\n  token=[redacted]"


def test_a_message_that_cannot_be_formatted_is_redacted_too() -> None:
    """It tells its arguments, and among them may be a secret."""
    made = Entry.from_record(record("%d and %s", {"password": "hunter2"}), redactor=BUILT_IN)
    assert "'password': '[redacted]'" in made.msg
    assert "hunter2" not in made.line.decode()


def test_lone_surrogates_hide_nothing() -> None:
    """They are written visibly, and the secret beside them is not."""
    assert entry("caf\udce9 password=hunter2").msg == "caf\\udce9 password=[redacted]"
    assert entry("caf\udce9").msg == "caf\\udce9"


def test_a_secret_is_hidden_before_the_text_is_cut() -> None:
    """Else its end would stand alone behind the cut."""
    made = Entry.from_record(record("x" * 60_000 + f" {PEM} " + "y" * 60_000), redactor=BUILT_IN, limit=65_536)
    assert "MII" not in made.msg and made.cut is not None
    made = Entry.from_record(record("password=" + "a b" * MOST + " token=abc"), redactor=BUILT_IN, limit=65_536)
    assert made.msg.startswith("password=[redacted]") and made.msg.endswith("token=[redacted]")
    assert made.cut is not None and made.cut > 3 * MOST


def test_what_cannot_be_searched_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error inside hides the field, raises nothing, and leaves the other fields alone."""

    def fail(*_: object) -> None:
        raise RecursionError("deep")

    monkeypatch.setattr(secrets, "hidden", fail)
    made = entry(f"sent {JWT}", path="/", gateway=JWT)
    assert made.msg == "[not redacted: RecursionError]"
    assert made.extra == {"path": "/", "gateway": "[not redacted: RecursionError]"}
    monkeypatch.setattr(Redactor, "_dict", fail)
    assert entry(password="hunter2").extra == {"password": "[not redacted: RecursionError]"}


@given(TEXTS)
@example("password:::===")
@example("AKIAIOSFODNN7EXAMPLEhvs.CAESIJ1234567890abcdefgh")
@example("Basic YTpiwhsec_4eC39HqLyjWDarjtT1zdp7dc")
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    """What has been redacted is known as such."""
    once = BUILT_IN.text(text)
    assert BUILT_IN.text(once) == once


@given(GLUE, GLUE, st.integers(0, 20))
def test_no_check_in_advance_overlooks_what_a_pattern_would_find(before: str, after: str, cut: int) -> None:
    """The conditions that save the patterns' time let pass whatever any of them matches."""
    for secret in (*WHOLE, *(secret for _, secret in SECRETS)):
        text = printable(before + secret[cut % (len(secret) + 1) :] + after)
        assert BUILT_IN.text(text) == searched_without_checks(text)


@given(st.recursive(st.integers() | TEXTS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=9))
def test_any_values_are_redacted_without_an_error(value: Any) -> None:
    """And twice is no more than once."""
    once = BUILT_IN.values({"value": value})
    assert "[not redacted" not in str(once)
    assert BUILT_IN.values(once) == once


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "a=",
            "=",
            ":",
            "= ",
            '="',
            "=]",
            "password=",
            "token: ",
            "password=a,",
            "password=)",
            "password={",
            "token=,,",
        ),
        *("token='", 'token=\\"', "token=\\", "cookie: a;", "cookie=a;b", "Authorization: x ", "authorization=Digest"),
        *("1", "4242 ", "4242-4242-", "4242424242424242 ", "eyJ", "eyJa.", "eyJaaaaaaaaaa.", "eyJaaaaaaaaaa.a."),
        *(
            "?code=",
            "&code=a",
            "callback?code=",
            "callback?a&",
            "://a:b/",
            "://:/@",
            "-----BEGIN PRIVATE KEY-----\nA\n",
        ),
        *(
            "-----BEGIN PRIVATE KEY-----" + "A" * 40,
            "pass: ",
            "sig=",
            "://",
            "://a:b",
            "x:y@",
            "earer ",
            "Bearer a-",
            "Bearer a/a",
            "Basic aaaa",
            "-----BEGIN PRIVATE KEY",
            "/a:",
        ),
        *(
            "/1-",
            f"/{RESET}"[:30],
            ":aaaaaa",
            "ghp_",
            "sk-",
            "SG.",
            "xox",
            "AKIA",
            "x",
            "-",
            " ",
            "\\",
            "é=",
            "password[",
        ),
        *("    password=x\n", '  File "\n    password=x\n', "pbkdf2_sha256$1$a$", "'\"", "[[", "((", "{{", "<<"),
    ],
)
def test_hostile_texts_end(unit: str) -> None:
    """No pattern backtracks without a bound, over 64 kB of anything; the suite's time limit would tell."""
    for text in (unit * (65_536 // len(unit)), "password=" + unit * (65_536 // len(unit)) + "\n"):
        assert "[not redacted" not in BUILT_IN.text(text)


def test_both_handlers_keep_the_entry_redacted(settings: Any, tmp_path: Path) -> None:
    """Without a word about it in the settings, in memory as on disk."""
    configure(settings, tmp_path)
    logger = logging.Logger("own")
    logger.addHandler(RingBufferHandler())
    logger.addHandler(JSONLHandler())
    logger.warning("login with password=%s", "hunter2", extra={"api_key": "hunter2"})
    for alias in ("ring", "file"):
        (made,) = conf.get_store(alias).scan(Query())
        assert (made.msg, made.extra) == ("login with password=[redacted]", {"api_key": "[redacted]"})
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*.jsonl"))
    assert b"[redacted]" in written and b"hunter2" not in written
