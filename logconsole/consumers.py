"""The socket: who may open it, what it understands, and when it is closed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer

from logconsole import audit, origin, params, protocol, ticket, watch
from logconsole.access import can_view
from logconsole.context import delivering
from logconsole.params import ParamError
from logconsole.protocol import Ack, Subscribe, Violation
from logconsole.pump import NotAcknowledged, Pump
from logconsole.recheck import Guest

TICKET_SECONDS = 10.0  # for the first message
GOODBYE_SECONDS = 1.0  # for the client's answer when the server stops
logger = logging.getLogger("logconsole")


class Gone(Exception):
    """The client left while it was sent something."""


class ConsoleConsumer(AsyncConsumer):  # type: ignore[misc]  # Channels ships no types
    """One browser: a ticket opens it, every `subscribe` replaces what it shows."""

    channel_layer_alias = ""  # none: entries are pulled from the store, so nothing is received from a layer

    def __init__(self) -> None:
        self._is_closed = False
        self._guest: Guest | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._pump: Pump | None = None
        self._task: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._listener = protocol.Listener()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve until the client or the server goes; Channels calls no handler when it is cancelled."""
        delivering.set(True)
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            await self._say_goodbye(receive)
            raise
        finally:
            self._release()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Past Channels' own, which goes to another thread and back for every message, acks included."""
        if message["type"] == "websocket.receive":
            await self._received(message.get("text"))
        elif message["type"] == "websocket.connect":
            await self._connect()
        elif message["type"] == "websocket.disconnect":
            raise StopConsumer

    async def _connect(self) -> None:
        """A foreign page is refused; everybody else is told why by a code, which only an open socket has."""
        if not origin.is_trusted(self.scope):
            await self.base_send({"type": "websocket.close", "code": protocol.FORBIDDEN})
            raise StopConsumer
        refusal = await self._refusal()
        if refusal is None:
            self._guest = Guest.of(self.scope["user"], self.scope["session"], self._close)
            watch.join(self._guest)
            self._deadline = asyncio.get_running_loop().call_later(TICKET_SECONDS, self._expire)
        await self.base_send({"type": "websocket.accept"})
        if refusal is not None:
            await self._close(refusal)
            raise StopConsumer

    async def _refusal(self) -> int | None:
        user = self.scope["user"]
        if not user.is_authenticated:
            return protocol.SIGNED_OUT
        if not await database_sync_to_async(can_view)(user):
            audit.refused(user, self.scope["path"])
            return protocol.FORBIDDEN
        may_come = watch.has_place(user.pk, is_admitted=True) and watch.take_place(user.pk, is_admitted=False)
        return None if may_come else protocol.TOO_MANY

    async def _received(self, text: str | None) -> None:
        if self._is_closed:
            return
        try:
            message = self._listener.received(text)
            if isinstance(message, Ack):
                self._acknowledge(message)
            elif (refusal := self._admission(message)) is None:
                await self._subscribe(message)
            else:
                await self._close(refusal)
        except Violation as violation:
            await self._close(protocol.MALFORMED, str(violation))
        except Gone:
            self._release()

    def _admission(self, message: Subscribe) -> int | None:
        """What speaks against it: the first message carries a good ticket, and finds a place; the others have one."""
        guest, user = self._guest, self.scope["user"]
        if guest is not None and guest.is_admitted:
            return None
        if guest is None or ticket.admit(message.ticket or "", user, self.scope["session"]) is None:
            return protocol.SIGNED_OUT
        if not watch.take_place(user.pk, is_admitted=True):
            return protocol.TOO_MANY
        guest.is_admitted = True
        if self._deadline is not None:
            self._deadline.cancel()
        return None

    def _acknowledge(self, message: Ack) -> None:
        if self._guest is None or not self._guest.is_admitted:
            raise Violation("the first message is a subscribe")
        if self._pump is not None and message.id == self._pump.subscription:
            self._pump.acknowledge(message.after)

    async def _subscribe(self, message: Subscribe) -> None:
        """Show this from now on; if it cannot be shown, say so and go on with what was."""
        try:
            asked, limit = await asyncio.to_thread(params.from_message, message)
        except ParamError as problem:
            await self._send(protocol.frame("error", id=message.id, **problem.answer))
            return
        await self._stop()
        if not self._is_closed:
            audit.viewed(self.scope["user"], self.scope["path"])
            self._pump = Pump(message.id, asked, message.after, limit, self._send, self.scope["user"])
            self._task = asyncio.create_task(self._run(self._pump))

    async def _run(self, pump: Pump) -> None:
        try:
            await pump.run()
        except NotAcknowledged:
            await self._close(protocol.NO_ACK)
        except Gone:
            return  # its disconnect is on the way
        except Exception:
            logger.exception("A subscription to store %s failed", pump.asked.alias)
            await self._close(protocol.FAILED)

    async def _stop(self) -> None:
        """Once this returns, nothing of the subscription is sent any more."""
        task, self._task, self._pump = self._task, None, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _send(self, text: str) -> None:
        if self._is_closed:
            raise Gone
        try:
            await self.base_send({"type": "websocket.send", "text": text})
        except Exception as error:  # every server has its own way to say that nobody is there
            raise Gone from error

    async def _close(self, code: int, why: str = "") -> None:
        if self._is_closed:
            return
        self._release()
        reason = protocol.reason(code, why)
        for allowed in (code, 1000):  # daphne takes no code between 1000 and 3000
            with contextlib.suppress(Exception):  # or the client was quicker
                await self.base_send({"type": "websocket.close", "code": allowed, "reason": reason})
                return

    async def _say_goodbye(self, receive: Any) -> None:
        """The server stops: daphne drops what is not out when we end, so the client's answer is waited for."""
        if self._is_closed:
            return
        await self._close(protocol.GOING_AWAY)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(_disconnect(receive), GOODBYE_SECONDS)

    def _expire(self) -> None:
        self._closing = asyncio.ensure_future(self._close(protocol.SIGNED_OUT))

    def _release(self) -> None:
        """Let go of everything; what runs in the task that asks for it runs to its end."""
        self._is_closed = True
        if self._deadline is not None:
            self._deadline.cancel()
        if self._guest is not None:
            watch.leave(self._guest)
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()


async def _disconnect(receive: Any) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass
