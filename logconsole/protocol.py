"""The messages of the socket."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from logconsole.stores.base import Batch

MAX_FRAME = 16_384  # bytes of a message from the client
MAX_MESSAGES = 500  # of a client in a second: more than twice the acks that frames can be sent for
MAX_SUBSCRIBES = 20  # in a second: each one reads the store

MALFORMED = 4400
SIGNED_OUT = 4401
FORBIDDEN = 4403
NO_ACK = 4408
TOO_MANY = 4429
GOING_AWAY = 1001
FAILED = 1011


REASONS = {
    MALFORMED: "a message outside the protocol",
    SIGNED_OUT: "not signed in, or the ticket or the session has ended",
    FORBIDDEN: "not allowed",
    NO_ACK: "no ack for too long",
    TOO_MANY: "too many sockets",
    GOING_AWAY: "the server goes away",
    FAILED: "the subscription failed",
}
MAX_REASON = 123  # bytes, by RFC 6455


class Violation(ValueError):
    """A message outside the protocol."""


class Subscribe(msgspec.Struct, frozen=True, tag="subscribe", tag_field="type", forbid_unknown_fields=True):
    """What the client wants to see; it replaces what it wanted before."""

    id: int
    ticket: str | None = None
    store: str | None = None
    q: str | None = None
    level: list[str] | None = None
    since: str | None = None
    until: str | None = None
    after: str | None = None
    limit: int | None = None


class Ack(msgspec.Struct, frozen=True, tag="ack", tag_field="type", forbid_unknown_fields=True):
    """The client has painted the batch that ended at this cursor."""

    id: int
    after: str


_decoder: msgspec.json.Decoder[Subscribe | Ack] = msgspec.json.Decoder(Subscribe | Ack)


def received(text: str | None) -> Subscribe | Ack:
    """The client's message. Raises `Violation`."""
    if text is None or len(text) > MAX_FRAME:
        raise Violation("a message is text of at most 16 KiB")
    try:
        frame = text.encode()
        if len(frame) > MAX_FRAME:
            raise Violation("a message is text of at most 16 KiB")
        return _decoder.decode(frame)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Violation(str(error)) from error


class Rate:
    """So many in a second, or at once after a rest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._left, self._at = float(most), time.monotonic()

    def spend(self) -> bool:
        """Whether one more is within it."""
        now = time.monotonic()
        self._left = min(self._left + (now - self._at) * self._most, self._most)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Listener:
    """The messages of one client, as long as they are not too many."""

    def __init__(self) -> None:
        self._all, self._subscribes = Rate(MAX_MESSAGES), Rate(MAX_SUBSCRIBES)

    def received(self, text: str | None) -> Subscribe | Ack:
        """The next one. Raises `Violation`."""
        if not self._all.spend():
            raise Violation("too many messages")
        message = received(text)
        if isinstance(message, Subscribe) and not self._subscribes.spend():
            raise Violation("too many subscribes")
        return message


def reason(code: int, more: str = "") -> str:
    """What is said with a close code, as long as it may be."""
    whole = f"{REASONS[code]}: {more}" if more else REASONS[code]
    return whole.encode("utf-8", "replace")[:MAX_REASON].decode("utf-8", "ignore")


def batch_frame(subscription: int, batch: Batch) -> str:
    """Entries, and where to go on."""
    head = b'{"type":"batch","id":%d,' % subscription
    return (head + batch.encode()[1:]).decode("utf-8", "replace")


def frame(kind: str, **values: Any) -> str:
    """Any other message to the client."""
    return msgspec.json.encode({"type": kind, **values}).decode()
