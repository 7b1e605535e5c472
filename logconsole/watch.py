"""The open sockets of this process, whose users are checked again: a socket outlives what let it in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Iterable
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import user_logged_out
from django.db import transaction
from django.db.models.signals import post_delete, post_save

from logconsole import conf, lifetime, recheck, ticket
from logconsole.protocol import SIGNED_OUT, TOO_MANY
from logconsole.recheck import Guest
from logconsole.stores.wake import Wake

PLENTY = 10  # sockets of one user
logger = logging.getLogger("logconsole")


class Watch:
    """The sockets of one event loop, and the one task that checks their users."""

    def __init__(self) -> None:
        self.guests: set[Guest] = set()
        self._loop = asyncio.get_running_loop()
        self._wake = Wake()
        self._leaving: set[asyncio.Task[None]] = set()
        self._task = asyncio.create_task(self._run())

    def check_soon(self) -> None:
        """Check everybody now; from any thread."""
        self._wake()

    def sign_out(self, session: str, pk: Any) -> None:
        """Turn out those of that session (or, where it has no key, of that user); from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop was closed, and its sockets with it
            self._loop.call_soon_threadsafe(self._sign_out, session, pk)

    def make_room(self, guest: Guest) -> None:
        """Turn it out in favour of somebody else; from any thread."""
        guest.is_leaving = True
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._turn_out, guest, TOO_MANY)

    def end(self) -> None:
        """The last socket is gone."""
        self._task.cancel()

    def _sign_out(self, session: str, pk: Any) -> None:
        for guest in self.guests:
            if guest.session == session and (session or guest.pk == pk):
                self._turn_out(guest, SIGNED_OUT)

    def _turn_out(self, guest: Guest, code: int) -> None:
        """In a task of its own: a client that does not read must not hold up the others."""
        task = asyncio.ensure_future(guest.turn_out(code))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _run(self) -> None:
        while True:
            event = self._wake.register()
            try:
                await asyncio.wait_for(event.wait(), conf.settings().recheck_seconds)
            except asyncio.TimeoutError:
                self._wake.forget(event)
            await self._check()

    async def _check(self) -> None:
        try:
            found = await database_sync_to_async(recheck.verdicts)(list(self.guests))
        except Exception:
            # A database that is away is when the log is wanted most: all stay, and are checked again.
            with lifetime.delivery(active=False):
                logger.warning("The users of open sockets could not be checked", exc_info=True)
            return
        for guest, code in found.items():
            self._turn_out(guest, code)


_watches: dict[asyncio.AbstractEventLoop, Watch] = {}


def count() -> int:
    """How many sockets are open in this process."""
    return sum(len(watch.guests) for watch in list(_watches.values()))


def has_place(pk: Any, *, is_admitted: bool) -> bool:
    """Whether one more socket of that user finds one of `MAX_CLIENTS`, among those with a ticket or those without.

    Where most of them are one user's, who has none is given one of those.
    """
    held = _held(is_admitted=is_admitted)
    return len(held) < conf.settings().max_clients or _spare(held, pk) is not None


def take_place(pk: Any, *, is_admitted: bool) -> bool:
    """The same; and whoever has to make room for it is turned out."""
    held = _held(is_admitted=is_admitted)
    if len(held) < conf.settings().max_clients:
        return True
    spare = _spare(held, pk)
    for watch in list(_watches.values()):
        if spare in watch.guests:
            watch.make_room(spare)
    return spare is not None


def _held(*, is_admitted: bool) -> list[Guest]:
    guests = [guest for watch in list(_watches.values()) for guest in list(watch.guests)]
    return [guest for guest in guests if guest.is_admitted is is_admitted and not guest.is_leaving]


def _spare(held: list[Guest], pk: Any) -> Guest | None:
    """The socket that makes room for the first one of that user; None, if nobody has plenty."""
    counts = Counter(guest.pk for guest in held)
    (other, count), *_ = counts.most_common(1)
    has_plenty = count >= PLENTY and count > len(held) // 2
    return next(guest for guest in held if guest.pk == other) if has_plenty and not counts[pk] else None


def join(guest: Guest) -> None:
    """From now on its user is checked."""
    loop = asyncio.get_running_loop()
    if loop not in _watches:
        _watches[loop] = Watch()
    _watches[loop].guests.add(guest)


def leave(guest: Guest) -> None:
    """The socket is closed."""
    loop = asyncio.get_running_loop()
    watch = _watches.get(loop)
    if watch is not None:
        watch.guests.discard(guest)
        if not watch.guests:
            _watches.pop(loop).end()


def connect() -> None:
    """Hear of logouts and of changed users in this process, to act at once."""
    user_logged_out.connect(_logged_out, dispatch_uid="logconsole.watch")
    for signal in (post_save, post_delete):
        signal.connect(_changed, sender=settings.AUTH_USER_MODEL, dispatch_uid="logconsole.watch")


def _logged_out(*, request: Any = None, user: Any = None, **_: Any) -> None:
    session = getattr(request, "session", None)
    for watch in list(_watches.values()):
        if session is None:
            watch.check_soon()
        else:
            watch.sign_out(ticket.identity(session), getattr(user, "pk", None))


def _changed(*, using: str, update_fields: Iterable[str] | None = None, **_: Any) -> None:
    if _watches and set(update_fields or ()) != {"last_login"}:
        transaction.on_commit(_check_all, using=using)


def _check_all() -> None:
    for watch in list(_watches.values()):
        watch.check_soon()
