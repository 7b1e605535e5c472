"""What is set while one request is served, and let go at its end.

Django logs about a request when every middleware is done with it, so the end is Django's own signal.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started

from logconsole.context import Paths, delivering, paths, request_id, user


def begin(identity: str) -> None:
    """From here on everything that is logged belongs to this request."""
    forget()
    request_id.set(identity)


def deliver() -> None:
    """Until the request is finished nothing of it enters a store: it is the console's own."""
    delivering.set(True)


@contextmanager
def delivery(*, active: bool = True) -> Iterator[None]:
    """Nothing that is logged inside enters a store; with `active=False`, it does again."""
    token = delivering.set(active)
    try:
        yield
    finally:
        delivering.reset(token)


@contextmanager
def belonging(identity: str, name: str, hidden: Paths = ()) -> Iterator[None]:
    """What is logged inside belongs to that request, although it may be served elsewhere by now."""
    tokens = request_id.set(identity), user.set(name), paths.set(hidden)
    try:
        yield
    finally:
        request_id.reset(tokens[0])
        user.reset(tokens[1])
        paths.reset(tokens[2])


def forget(**_: Any) -> None:
    """The next request of this thread begins with nothing."""
    request_id.set("")
    user.set("")
    paths.set(())
    delivering.set(False)


request_started.connect(forget, dispatch_uid="logconsole.lifetime")
request_finished.connect(forget, dispatch_uid="logconsole.lifetime")
