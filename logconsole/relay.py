"""The id of a request, taken along to where its work goes on: another service, a queue, a worker."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from logconsole import levels
from logconsole.context import request_id
from logconsole.lifetime import belonging

HEADER = "X-Request-ID"
_IDENTITY = re.compile(r"[A-Za-z0-9._-]{1,128}")


def accepted(given: object) -> str:
    """The id, if it is one: up to 128 letters, digits, `.`, `_` and `-`; else a new one."""
    return given if isinstance(given, str) and _IDENTITY.fullmatch(given) else uuid.uuid4().hex


def outgoing() -> dict[str, str]:
    """Headers for a message or a request that is sent on behalf of this one; none outside of a request."""
    identity = request_id.get()
    return {HEADER: identity} if identity else {}


@contextmanager
def incoming(headers: Mapping[Any, Any]) -> Iterator[str]:
    """What is logged inside belongs to the request in the headers that came; without one, to a new id."""
    given = next((value for name, value in headers.items() if str(name).lower() == HEADER.lower()), None)
    identity = accepted(given)
    levels.begin()
    with belonging(identity, ""):
        yield identity
