"""The names that secrets go by: `db_password` and `X-Api-Key` are some, `password_length` and `author` are none.

A name counts by its last words, however they are joined: `user_password`, `userPassword`, `USER-PASSWORD`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Literal

Kind = Literal["", "one", "many", "header", "long", "alone"]
"""No secret; a secret; several, or their number; a header, whose value may be several words long; a secret if it is
long; a secret unless it is a number, or a word in a sentence."""

NAMES = (
    *("password", "passwd", "pwd", "pw", "passphrase", "passcode", "db_pass", "user_pass", "admin_pass", "root_pass"),
    *("smtp_pass", "mail_pass", "email_pass", "mysql_pass", "pg_pass", "redis_pass", "proxy_pass"),
    *("basic_auth", "http_auth", "proxy_auth"),
    *("token", "secret", "jwt", "bearer", "otp", "totp", "csrf", "xsrf", "credential", "credentials"),
    *("session", "session_id", "session_key", "sess_id", "phpsessid", "authorization", "cookie", "cookies"),
    *("api_key", "access_key", "account_key", "auth_key", "encryption_key", "master_key", "private_key"),
    *("recovery_key", "secret_key", "secret_key_base", "shared_key", "signing_key", "storage_key", "subscription_key"),
    *("backup_code", "recovery_code", "security_code", "verification_code", "credit_card", "card_number", "cc_number"),
    *("ftp_pass", "ssh_pass", "ldap_pass", "login_pass", "auth_pass", "api_pass", "app_pass", "new_pass", "old_pass"),
    *("cvv", "cvc", "amz_signature", "goog_signature"),
)
SOMETIMES: dict[str, Kind] = {"sig": "long", "pass": "alone"}
"""Names that are those of secrets in some places only: `sig` by its last word, `pass` if that is the whole name."""
SHORT = 15  # characters; a signature has more, a signal and its number have not

_HEADERS = frozenset({"authorization", "cookie", "cookies"})
_GLUED = (  # these end longer words too: `csrftoken`; the others do not, or `obsession` would be a secret
    *("password", "passwd", "passphrase", "token", "secret", "credentials"),
    *("apikey", "accesskey", "privatekey", "secretkey", "sessionid", "sessid"),
)
_QUALIFIERS = frozenset(
    {
        *("again", "confirm", "confirmation", "data", "encoded", "encrypted", "fallback", "fallbacks"),
        *("hash", "hashed", "header", "new", "old", "plain", "raw", "repeat", "str", "string", "value", "values"),
    }
)
LONGEST = 64  # characters: a name counts by its end, so no more of it is looked at
MOST = 4096  # names remembered
_BREAK = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])")


class Names(dict[str, Kind]):
    """The kind of any name. Optimization: a dictionary that remembers, because every key that is logged is asked."""

    def __init__(
        self, words: Iterable[str], kept: Iterable[str] = (), sometimes: Mapping[str, Kind] = MappingProxyType({})
    ) -> None:
        super().__init__()
        self._sometimes = sometimes
        self._kept = frozenset(map(_squashed, kept))
        self._secret = frozenset(map(_squashed, words)) - self._kept
        self._glued = tuple(word for word in _GLUED if word in self._secret)

    def __missing__(self, name: str) -> Kind:
        kind = self._kind(_words(name[-LONGEST:]))
        if len(name) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[name] = kind
        return kind

    def _kind(self, words: list[str]) -> Kind:
        bare = _unqualified(words)
        endings = {*_endings(words), *_endings(bare)}
        if not self._kept.isdisjoint(endings):
            return ""
        last = bare[-1] if bare else ""
        if endings & self._secret:
            return "header" if last in _HEADERS else "one"
        if last.endswith(self._glued):
            return "one"
        kind = self._sometimes.get(last, "")
        if kind:
            return kind if kind == "long" or len(bare) == 1 else ""
        return "many" if last.endswith("s") and self._is_plural(endings) else ""

    def _is_plural(self, endings: set[str]) -> bool:
        singular = {ending[:-1] for ending in endings}
        return bool(singular & self._secret) or any(ending.endswith(self._glued) for ending in singular)


def _words(name: str) -> list[str]:
    return [word.lower() for word in _BREAK.split(name) if word]


def _squashed(name: str) -> str:
    return "".join(_words(name))


def _unqualified(words: list[str]) -> list[str]:
    """Without what only says which one it is: `password2`, `token_value`."""
    end = len(words)
    while end and (words[end - 1] in _QUALIFIERS or words[end - 1].isdigit()):
        end -= 1
    return words[:end]


def _endings(words: list[str]) -> Iterator[str]:
    """The last word, the last two as one, and so on."""
    ending = ""
    for word in reversed(words):
        ending = word + ending
        yield ending
