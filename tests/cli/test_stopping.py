"""A signal that ends a process, and who hears of it."""

from __future__ import annotations

import signal

import pytest

from logconsole.cli.stopping import Signals, Stopped


def test_the_inner_of_two_has_it_first() -> None:
    """And afterwards the outer one again."""
    came: list[str] = []
    before = signal.getsignal(signal.SIGTERM)
    with Signals() as outer, outer.reacting(lambda: came.append("outer")):
        with Signals() as inner, inner.reacting(lambda: came.append("inner")):
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
    assert came == ["inner", "outer"]
    assert signal.getsignal(signal.SIGTERM) is before


def test_it_is_raised_where_nothing_else_is_asked_for() -> None:
    """With its number; one that came a moment before counts."""
    with Signals() as signals:
        with pytest.raises(Stopped) as raised:
            signal.raise_signal(signal.SIGTERM)
        assert raised.value.number == signal.SIGTERM
        with pytest.raises(Stopped), signals.reacting(signals.stop):
            raise AssertionError("it begins with the signal that came")
