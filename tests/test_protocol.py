"""The messages of the socket, and how many of them."""

from __future__ import annotations

import pytest

from logconsole import protocol
from logconsole.protocol import Listener, Rate, Violation, reason

ACK = '{"type":"ack","id":1,"after":"5"}'
SUBSCRIBE = '{"type":"subscribe","id":1}'


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, as the test wants it."""
    now = [100.0]
    monkeypatch.setattr(protocol.time, "monotonic", lambda: now[0])  # type: ignore[attr-defined]
    return now


def test_a_rate_is_so_many_at_once_and_in_a_second(clock: list[float]) -> None:
    """A rest gives back what it lasted, and never more than a second's worth."""
    rate = Rate(10)
    assert [rate.spend() for _ in range(11)] == [True] * 10 + [False]
    clock[0] += 0.5
    assert [rate.spend() for _ in range(6)] == [True] * 5 + [False]
    clock[0] += 3600
    assert [rate.spend() for _ in range(11)] == [True] * 10 + [False]


def test_too_many_messages_are_a_violation(clock: list[float]) -> None:
    """Fewer of those that read the store; what a browser paints is always within."""
    listener = Listener()
    for _ in range(protocol.MAX_SUBSCRIBES):
        listener.received(SUBSCRIBE)
    with pytest.raises(Violation, match="too many subscribes"):
        listener.received(SUBSCRIBE)
    for _ in range(protocol.MAX_MESSAGES - protocol.MAX_SUBSCRIBES - 1):
        listener.received(ACK)
    with pytest.raises(Violation, match="too many messages"):
        listener.received(ACK)
    clock[0] += 1
    listener.received(ACK)


@pytest.mark.parametrize("more", ["", "x" * 500, "é" * 500, "\ud800" * 500])
def test_a_reason_is_as_long_as_it_may_be(more: str) -> None:
    """A frame with a longer one would be refused."""
    for code in (protocol.MALFORMED, protocol.TOO_MANY, protocol.FAILED):
        made = reason(code, more)
        assert made.startswith(protocol.REASONS[code])
        assert len(made.encode()) <= 123
