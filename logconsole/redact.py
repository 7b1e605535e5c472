"""Redaction: what is logged, with `[redacted]` in place of the secrets in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import is_
from typing import Any

from logconsole import cards, routes, secrets
from logconsole.context import Paths, paths
from logconsole.pairs import Pairs
from logconsole.safe import printable
from logconsole.secretnames import SHORT, Kind, Names
from logconsole.secrets import REDACTED, Secret

MOST = 131_072  # characters of a text that are searched; an entry keeps half as many at most
_RUN, _SHAPE = secrets.RUN, secrets.SHAPE
_GROUPS, _FEWER_GROUPS = secrets.CARDS
_NUMBERS = (int, float)
_PLAIN = frozenset({int, float, bool, type(None)})
_NOTHING: tuple[Any, ...] = ("", [], {})


class Redactor:
    """Hides the values of these names, and what its patterns match. Never raises."""

    def __init__(self, names: Names, own: Iterable[Secret] = (), *, by_looks: bool = True) -> None:
        self._names = names
        self._own = tuple(own)
        self._by_looks = by_looks
        self._pairs = Pairs(names)

    def path(self, path: str, taken: Mapping[str, Any]) -> str:
        """The path without those of the values its route takes whose names are those of secrets: `<str:token>`."""
        return routes.hidden(path, routes.secrets_of(taken, self.hides))

    def paths(self, request: Any) -> Paths:
        """How the path of the request may be written, and what is shown instead; nothing if it holds no secret."""
        return routes.paths_of(request, self.hides)

    def fields(self, values: dict[str, Any]) -> None:
        """Redact these fields of an entry to be, in place: message, traceback, stack and `extra`."""
        values["msg"] = self.text(values["msg"])
        if values["exc"]:
            values["exc"] = self.text(values["exc"])
        if values["stack"]:
            values["stack"] = self.text(values["stack"])
        if values["extra"]:
            values["extra"] = self.values(values["extra"])

    def text(self, value: str) -> str:
        """The text without secrets; `[not redacted: ...]` if it cannot be searched.

        Optimization: most texts hold nothing that could be a secret, which the conditions here find out at once.
        """
        if known := paths.get():
            value = routes.without(value, known)
        try:
            shape = value.encode().translate(_SHAPE).decode()
            if (
                _RUN in shape
                or "earer " in value
                or "asic " in value
                or "PRIVATE KEY" in value
                or "code=" in value
                or ("=" in shape and "@" in value and "://" in value)
                or ((_GROUPS in shape or _FEWER_GROUPS in shape) and cards.may_be_in(value))
            ):
                return self._searched(value, by_looks=self._by_looks)
            if "=" in shape or self._own:
                return self._searched(value, by_looks=False)
            return value
        except UnicodeEncodeError:  # lone surrogates
            return self.text(printable(value))
        except Exception as error:
            return _told(error)

    def values(self, extra: dict[str, Any]) -> dict[str, Any]:
        """The values without secrets, at any depth; the same object if there are none.

        Optimization: most hold numbers and short texts, which need no copy.
        """
        names = self._names
        try:
            for name, value in extra.items():
                kind = type(value)
                is_plain = kind in _PLAIN or (kind is str and self.text(value) is value)
                if names[name] or not is_plain or self.text(name) is not name:
                    return self._dict(extra)
            return extra
        except Exception as error:
            return dict.fromkeys(map(self.text, extra), _told(error))

    def hides(self, name: str) -> bool:
        """Whether the values of this name are secrets."""
        return bool(self._names[name])

    def is_secret(self, name: str) -> bool:
        """Whether there is a secret in the name itself, as where sessions are counted by their keys."""
        return self.text(name) is not name

    def _searched(self, text: str, *, by_looks: bool) -> str:
        if len(text) > MOST:  # the middle will be cut out of the entry anyway
            head, tail = (self._searched(half, by_looks=by_looks) for half in (text[: MOST // 2], text[-MOST // 2 :]))
            return f"{head}{'.' * (len(text) - MOST)}{tail}"
        for secret in self._own:
            text = secret.hide(text)
        if by_looks:
            text = secrets.hidden(text)
        return self._pairs.hide(text)  # last: what is left of a value that was hidden in part goes with it

    def _dict(self, values: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, value in values.items():
            made[_unused(self.text(name), made)] = self._item(self._names[name], value)
        is_same = all(map(is_, made.values(), values.values())) and all(map(is_, made, values))
        return values if is_same else made

    def _item(self, kind: Kind, value: Any) -> Any:
        """The value of a name of that kind."""
        if not kind:
            return self._any(value)
        if kind == "long" and type(value) is str and len(value) <= SHORT:
            return self.text(value)
        is_number = type(value) in _NUMBERS
        tells = kind == "one" if is_number else not isinstance(value, (bool, type(None))) and value not in _NOTHING
        return REDACTED if tells else value

    def _any(self, value: Any) -> Any:
        if type(value) is str:
            return self.text(value)
        if type(value) is dict:
            return self._dict(value)
        return self._list(value) if type(value) is list else value

    def _list(self, values: list[Any]) -> list[Any]:
        made = [self._pair(value) if _is_pair(value) else self._any(value) for value in values]
        return values if all(map(is_, made, values)) else made

    def _pair(self, pair: list[Any]) -> list[Any]:
        """One of several headers or parameters: `[("Cookie", "..."), ...]`."""
        name, value = self.text(pair[0]), self._item(self._names[pair[0]], pair[1])
        return pair if name is pair[0] and value is pair[1] else [name, value]


def _is_pair(value: Any) -> bool:
    return type(value) is list and len(value) == 2 and type(value[0]) is str


def _unused(name: str, taken: dict[str, Any]) -> str:
    """The name, or with its place behind it: two that were hidden look the same, and both values are kept."""
    number, found = len(taken), name
    while found in taken:
        number += 1
        found = f"{name} {number}"
    return found


def _told(error: Exception) -> str:
    return f"[not redacted: {type(error).__name__}]"
