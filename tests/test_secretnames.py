"""Names of secrets are told from names that only sound like them."""

from __future__ import annotations

from typing import Any

import pytest

from logconsole.secretnames import NAMES, Names
from logconsole.terms import redactor

BUILT_IN: Any = redactor(None)
NAMES_OF_SECRETS = [
    *("password", "Password", "PASSWORD", "password1", "new_password2", "password_confirmation", "userPassword"),
    *("USER-PASSWORD", "db_password", "dbpassword", "passwd", "pwd", "passphrase", "DB_PASS", "email_pass"),
    *("http_auth", "user_password_hash"),
    *("token", "authToken", "csrftoken", "csrfmiddlewaretoken", "access_token", "refreshToken", "token_value"),
    *("X-Amz-Security-Token", "secret", "client_secret", "clientSecret", "SECRET_KEY", "SECRET_KEY_BASE"),
    *("SECRET_KEY_FALLBACKS", "secret_key_value", "private_key", "PrivateKey", "authorization", "HTTP_AUTHORIZATION"),
    *("Proxy-Authorization", "authorization_header", "cookie", "Set-Cookie", "HTTP_COOKIE", "cookies", "api_key"),
    *("apikey", "apiKey", "APIKey", "X-Api-Key", "AWS_SECRET_ACCESS_KEY", "session", "session_id", "sessionid"),
    *("JSESSIONID", "session_data", "user.session", "credential", "credentials", "user_tokens", "apiKeys"),
    *("csrf", "X-CSRFToken", "jwt", "otp"),
    *("cvv", "cvv2", "card_number", "creditCard"),
    *("pass", "Pass", "ftp_pass", "new_pass", "X-Goog-Signature", "X-Amz-Signature"),
]
OTHER_NAMES = [
    *("tokens_used", "token_count", "tokenizer", "token_type", "token_id", "passed", "compass", "bypass", "author"),
    *("password_length", "password_changed_at", "password_policy", "passwordless", "has_password_expired", "authority"),
    *("authorized", "authored_by", "secretary", "secret_name", "session_count", "session_engine"),
    *("obsession", "possession_id"),
    *("possession", "sessions_total", "cookie_banner_shown", "cookie_name", "cookie_policy", "key", "primary_key"),
    *("public_key", "cache_key", "keyboard", "api_key_id", "api", "api_version", "csrf_exempt", "user_id", "order_id"),
    *("sig", "signal", "design", "signature", "pass_count", "first_pass", "passthrough", "status_code", "zip_code"),
    *("status", "id", "path", "method", "pw_reset_at", "card", "card_type", "number", "codec", "code"),
]


@pytest.mark.parametrize("name", NAMES_OF_SECRETS)
def test_names_of_secrets_are_known_however_they_are_written(name: str) -> None:
    """In `extra` as in a message."""
    assert BUILT_IN.values({name: "hunter2"}) == {name: "[redacted]"}
    assert BUILT_IN.text(f"{name}=hunter2") == f"{name}=[redacted]"


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_names_that_only_contain_one_are_none(name: str) -> None:
    """A name counts by its last words."""
    assert BUILT_IN.values({name: "ada"}) == {name: "ada"}
    assert BUILT_IN.text(f"{name}=ada") == f"{name}=ada"


def test_a_signature_is_told_from_a_signal_by_its_length() -> None:
    """Under the one name that both have; and a password from a count."""
    long = "Zm9vYmFyYmF6cXV4cXV1eA"
    assert BUILT_IN.values({"sig": long, "request_sig": long}) == {"sig": "[redacted]", "request_sig": "[redacted]"}
    plain = {"sig": "SIGTERM", "signal": long, "pass": 3, "pass_count": 12}
    assert BUILT_IN.values(plain) is plain


def test_a_project_decides_about_names_that_are_both() -> None:
    """Added, they are secrets always; with `-`, never; and not where only its own names count."""
    values = {"pass": "hunter", "second_pass": "x", "sig": "SIGTERM"}
    added: Any = redactor(["pass", "sig"])
    assert added.values(values) == dict.fromkeys(values, "[redacted]")
    for setting in (["-pass", "-sig"], {"only": ["iban"]}):
        kept: Any = redactor(setting)
        assert kept.values(values) is values
        assert kept.text("pass=hunter sig=Zm9vYmFyYmF6cXV4cXV1eA") == "pass=hunter sig=Zm9vYmFyYmF6cXV4cXV1eA"


def test_names_are_remembered_within_bounds() -> None:
    """Keys that come from outside do not fill the memory."""
    names = Names(NAMES)
    for number in range(10_000):
        assert names[f"x{number}"] == ""
    assert names["x" * 1_000 + "_password"] == "one"
    assert len(names) < 5_000 and max(map(len, names)) < 100
