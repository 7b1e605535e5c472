"""Waking those who wait, from wherever something is logged."""

from __future__ import annotations

import asyncio
import threading

from logconsole.stores.wake import Wake


async def test_many_calls_from_other_threads_wake_each_waiter() -> None:
    """However often it is called, everybody who waits is woken, and nobody else."""
    wake = Wake()
    waiting, forgotten = [wake.register() for _ in range(3)], wake.register()
    wake.forget(forgotten)
    callers = [threading.Thread(target=wake) for _ in range(4)]
    for caller in callers:
        caller.start()
    await asyncio.gather(*(event.wait() for event in waiting))
    for caller in callers:
        caller.join()
    assert not forgotten.is_set()


async def test_call_of_a_signal_handler_does_not_wait_for_what_it_interrupted() -> None:
    """The thread that is just registering may be the one that a signal handler logs in."""
    wake = Wake()
    event = wake.register()
    with wake._lock:
        wake()
    await event.wait()
