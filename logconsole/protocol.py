"""The messages of the socket."""

from __future__ import annotations

from typing import Any

import msgspec

from logconsole.stores.base import Batch

MAX_FRAME = 16_384  # bytes of a message from the client

MALFORMED = 4400
SIGNED_OUT = 4401
FORBIDDEN = 4403
NO_ACK = 4408
TOO_MANY = 4429
GOING_AWAY = 1001
FAILED = 1011


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


def batch_frame(subscription: int, batch: Batch) -> str:
    """Entries, and where to go on."""
    head = b'{"type":"batch","id":%d,' % subscription
    return (head + batch.encode()[1:]).decode("utf-8", "replace")


def frame(kind: str, **values: Any) -> str:
    """Any other message to the client."""
    return msgspec.json.encode({"type": kind, **values}).decode()
