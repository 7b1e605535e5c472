"""Secrets in the path of a request, known by the name that its route has for them: `invitation/<str:token>/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from logconsole.context import Paths
from logconsole.safe import text as text_of
from logconsole.secrets import REDACTED

Write = Callable[[str], str]


def hidden(path: str, secrets: list[str]) -> str:
    """The path without them."""
    for secret in secrets:
        path = re.sub(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", REDACTED, path)
    return path


def secrets_of(taken: Mapping[str, Any], hides: Callable[[str], object]) -> list[str]:
    """What a route takes under the names of secrets."""
    return [part for name, value in taken.items() if hides(name) and (part := text_of(value))]


def paths_of(request: Any, hides: Callable[[str], object]) -> Paths:
    """Each way to write the request's path, up to the last secret in it, with what is shown instead. Never raises."""
    try:
        match = getattr(request, "resolver_match", None)
        secrets = secrets_of(match.kwargs, hides) if match is not None else []
        return tuple(dict(_shown(request, secrets)).items()) if secrets else ()
    except Exception:  # of any kind: it may be anything that is called `request`
        return ()


def without(text: str, paths: Paths) -> str:
    """The text without the secrets in these paths."""
    for path, shown in paths:
        if path in text:
            text = re.sub(rf"{re.escape(path)}(?![\w-])", lambda _, shown=shown: shown, text)  # type: ignore[misc]
    return text


def _shown(request: Any, secrets: list[str]) -> Iterator[tuple[str, str]]:
    for path in (request.path, request.path_info):
        for write in (str, _quoted, _escaped):
            written = write(path)
            shown = hidden(written, [write(secret) for secret in secrets])
            behind = len(shown) - shown.rfind(REDACTED) - len(REDACTED)
            if REDACTED in shown:
                yield written[: len(written) - behind], shown[: len(shown) - behind]


def _quoted(path: str) -> str:
    """As in an address."""
    return quote(path, safe="/:@&+$,-_.!~*'()")


def _escaped(path: str) -> str:
    """As Django logs it."""
    return path.encode("unicode_escape").decode()
