"""Secrets known by their looks: credentials in URLs, keys of well-known services, what Django signs, and the like.

No pattern backtracks beyond a bound, so the time that a text takes grows with its length only.
"""

from __future__ import annotations

import base64
import re
import string
from collections.abc import Callable, Iterable
from typing import NamedTuple

from logconsole import cards

REDACTED = "[redacted]"
_SHAPES = dict.fromkeys(map(ord, string.ascii_letters + string.digits + "-_"), "x") | dict.fromkeys(map(ord, ":@"), "=")
SHAPE = bytes(range(128)).decode().translate(_SHAPES).encode() + b"~" * 128
RUN = "x" * 13
CARDS = ("xxxx xxxx xxxx x", "xxxx xxxxxx xxxx")


class Secret(NamedTuple):
    """One kind of secret."""

    regex: re.Pattern[str]
    """Group 1 is the secret; without such a group, all that it matches."""
    needles: tuple[str, ...] = ()
    """Whatever the regex matches contains one of them. Optimization: they are looked for first."""
    is_one: Callable[[str], bool] = bool
    """Whether what looks like a secret is one."""

    def hide(self, text: str) -> str:
        """The text without such secrets."""
        return self.regex.sub(self._hidden, text)

    def _hidden(self, match: re.Match[str]) -> str:
        group = 1 if match.re.groups and match[1] is not None else 0
        if not self.is_one(match[group]):
            return match[0]
        start, end = (at - match.start() for at in match.span(group))
        return match[0][:start] + REDACTED + match[0][end:]


def _is_basic(token: str) -> bool:
    """Whether this is a name and a password in base64, and not the next word of a sentence."""
    bare = token.rstrip("=")
    try:
        decoded = base64.b64decode(bare + "=" * (-len(bare) % 4))
    except ValueError:
        return False
    return b":" in decoded and min(decoded) >= 32


PRIVATE_KEY = Secret(  # as far as its end; without one, what looks like a key, so that nobody hides the rest by it
    re.compile(
        r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?:"
        r"(?:[^-]|-(?!----(?:BEGIN|END) )){0,16384}-----END [A-Z ]{0,30}PRIVATE KEY[A-Z ]{0,9}-----"
        r"|(?:[A-Z ]{0,9}-----)?(?:(?:\s|\\[nr]){1,9}(?:Proc-Type|DEK-Info): [\w,-]{1,80}){0,2}"
        r"(?:(?:\s|\\[nr]){0,9}[A-Za-z0-9+/]{40,}={0,2}){0,400}"
        r"(?:[ \t]{0,9}(?:[\r\n]|\\[nr]){1,4}[ \t]{0,9}[A-Za-z0-9+/]{1,76}={0,2}(?=\s*(?:[\r\n\\\"']|\Z))){0,2})"
    ),
    ("PRIVATE KEY",),
)
URL = Secret(re.compile(r"""://[^\s/?#:"'<>\\]*:([^\s/?#"'<>\\]+)@"""), ("@",))
RAW_URL = Secret(  # with a `/`, `?` or `#` in the password that should be encoded; a port and a path are none
    re.compile(
        r"""://(?!\[|[A-Za-z]:/)(?:[^\s/?#:@"'<>\\]{1,100}:(?!\d{1,5}[/?#,;])|:)"""
        r"""([^\s/?#@"'<>\\]{0,100}[/?#][^\s"'<>\\]{0,200}?)@(?=[\w.\[\]-]{1,255}(?:[:/?#\s"',;)]|\Z))"""
    ),
    ("@",),
)
CALLBACK = Secret(  # what an OAuth provider sends the visitor back with; other codes are shorter, or stand elsewhere
    re.compile(
        r"""(?:(?:callback|oauth2?|oidc|sso|complete|authorize)[\w/.:-]{0,80}\?(?:[^\s#"'<>]{0,300}&)?code="""
        r"""|[?&]code=(?=[^\s&#"'<>]{20}|[^\s&#"'<>]{6,200}&(?:[^\s#"'<>]{0,200}&)?state=))"""
        r"""((?!\[redacted\])[^\s&#"'<>\\]{5,}[^\s&#"'<>\\.,;:!?)\]}])"""
    ),
    ("?code=", "&code="),
)
BEARER = Secret(
    re.compile(
        r"[Bb]earer +"  # and then not the next word of a sentence:
        r"(?![A-Za-z]?[a-z]{0,15}(?:[/-][a-z]{1,15})*(?:\.[a-z]{0,15})?[,:;!?)]*(?:\s|$))"
        r"([A-Za-z0-9._~+/-]{6,}=*)"
    ),
    ("earer ",),
)
BASIC = Secret(re.compile(r"[Bb]asic +([A-Za-z0-9+/]{4,}={0,2})"), ("asic ",), _is_basic)
LOOSE = (URL, RAW_URL, BEARER, BASIC, CALLBACK)

JWT = Secret(
    re.compile(
        r"(eyJ(?:(?<![A-Za-z0-9_-]eyJ)[A-Za-z0-9_-]{10,}"
        r"|(?=([A-Za-z0-9_-]{10,400}))\2)"  # glued to something: in bounds, and without a way back
        r"(?:\.[A-Za-z0-9_-]{4,}){1,4})"
    ),
    ("eyJ",),
)
SIGNED = Secret(  # by django.core.signing: a time and a signature, or a signature alone in a path
    re.compile(r"(?::[0-9A-Za-z]{6}|/[^\s/?#:\"']{1,200}):([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])"),
    (":",),
)
RESET = Secret(  # the token for a new password: /reset/<uidb64>/<token>/, or allauth's /<uidb36>-<token>/
    re.compile(r"/(?:[0-9A-Za-z]{1,13}-)?([0-9a-z]{6}-[0-9a-f]{32})(?![A-Za-z0-9_-])"),
    ("/",),
)
TOKEN = Secret(re.compile(r"[Tt]oken +([0-9a-f]{40})(?![A-Za-z0-9])"), ("oken ",))  # of Django REST framework
HASH = Secret(re.compile(r"pbkdf2_sha256\$[0-9]+\$[A-Za-z0-9]+\$[A-Za-z0-9+/]+=*"), ("pbkdf2_sha256$",))  # Django's own
CLOUD = Secret(
    re.compile(
        r"(?:AKIA|ASIA)[A-Z0-9]{16}[A-Za-z0-9]*|AIza[A-Za-z0-9_-]{35,}|ya29\.[A-Za-z0-9_-]{20,}"  # Amazon, Google
        r"|(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}|hvs\.[A-Za-z0-9_-]{20,}"  # SendGrid, Vault
    ),
    ("AKIA", "ASIA", "AIza", "ya29.", "SG.", "hvs."),
)
LONG = (JWT, HASH, CLOUD, SIGNED, RESET, TOKEN)
"""Whatever these match has the shape `RUN` in it."""

PREFIXED = Secret(
    re.compile(
        r"[rs]k_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9]{16,}"  # Stripe
        r"|gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{20,}"  # GitHub, GitLab
        r"|xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{20,}"  # Slack
        r"|(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{30,})"  # OpenAI, Anthropic, Hugging Face
        r"|npm_[A-Za-z0-9]{36,}|pypi-[A-Za-z0-9_-]{50,}"
        r"|(?:dop_v1_[0-9a-f]{64}|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32})[A-Za-z0-9]*"  # DigitalOcean, Shopify
    ),
    (
        *("k_live_", "k_test_", "whsec_", "gho_", "ghp_", "ghr_", "ghs_", "ghu_", "github_pat_", "glpat-", "xox"),
        *("xapp-", "sk-", "hf_", "npm_", "pypi-", "dop_v1_", "shp"),
    ),
)
"""As `LONG`, and there is a `_` or a `-` in it."""


def hidden(text: str) -> str:
    """The text without any of these secrets."""
    text = _without(text, (PRIVATE_KEY,))
    if RUN in shape(text):
        text = _without(text, (PREFIXED,)) if "_" in text or "-" in text else text
        text = _without(text, LONG)
    text = _without(text, LOOSE)
    return cards.hide(text, REDACTED) if cards.may_be_in(text) else text


def shape(text: str) -> str:
    """The text with `x` for each letter, digit, `_` and `-`, and `=` for `:` and `@`, too."""
    return text.encode("ascii", "replace").translate(SHAPE).decode()


def _without(text: str, secrets: Iterable[Secret]) -> str:
    for secret in secrets:
        for needle in secret.needles:
            if needle in text:
                text = secret.hide(text)
                break
    return text
