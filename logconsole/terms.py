"""The setting `REDACT`, understood: names and patterns beside the built-in ones, or instead of them."""

from __future__ import annotations

import re
from typing import Any

from logconsole.redact import Redactor
from logconsole.secretnames import NAMES, SOMETIMES, Names
from logconsole.secrets import Secret

_SIGNS = re.compile(r"[\\\[\](){}*+?.^$|]")
_NAME = re.compile(r"-?[^\W\d_][\w-]*")


def redactor(setting: Any) -> Redactor | None:
    """What hides what the setting asks for, None if that is nothing. What is not understood counts as not written."""
    if setting is False:
        return None
    terms = listed(setting) or []
    names = [term for term in terms if is_name(term)]
    kept = [name[1:] for name in names if name[0] == "-"]
    added = [name for name in names if name[0] != "-"]
    own = [Secret(pattern) for term in terms if is_pattern(term) and (pattern := compiled(term)[0])]
    if not is_only(setting):
        return Redactor(Names([*NAMES, *added], kept, SOMETIMES), own)
    return Redactor(Names(added, kept), own, by_looks=False) if added or own else None


def listed(setting: Any) -> list[Any] | None:
    """The names and patterns in the setting; None for what is no such setting."""
    if setting is None or isinstance(setting, bool):
        return []
    terms = setting["only"] if is_only(setting) else setting
    return list(terms) if isinstance(terms, (list, tuple)) else None


def is_only(setting: Any) -> bool:
    """Whether the built-in names and patterns are replaced."""
    return isinstance(setting, dict) and setting.keys() == {"only"} and isinstance(setting["only"], (list, tuple))


def is_name(term: Any) -> bool:
    """Whether it is a name, or one with `-` before it."""
    return isinstance(term, str) and bool(_NAME.fullmatch(term))


def is_pattern(term: Any) -> bool:
    """Whether it stands between slashes, has a character that means something in a pattern, or is compiled."""
    if isinstance(term, re.Pattern):
        return isinstance(term.pattern, str)
    return isinstance(term, str) and (_is_between_slashes(term) or bool(_SIGNS.search(term)))


def compiled(pattern: str | re.Pattern[str]) -> tuple[re.Pattern[str] | None, str]:
    """The pattern, or why Python cannot compile it."""
    if isinstance(pattern, re.Pattern):
        return pattern, ""
    try:
        return re.compile(pattern[1:-1] if _is_between_slashes(pattern) else pattern), ""
    except Exception as error:  # of several kinds: too many groups, too large a number, too deep
        return None, str(error)


def _is_between_slashes(term: str) -> bool:
    return len(term) > 2 and term[0] == term[-1] == "/"
