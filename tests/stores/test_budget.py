"""The time that a call may take ends early when nobody waits for its answer."""

from __future__ import annotations

import asyncio
import threading

from logconsole.stores.base import Budget, off_loop


def search(began: threading.Event, ended: threading.Event) -> None:
    """Goes on until its time is over, which would be in an hour."""
    budget = Budget(3_600)
    began.set()
    while not budget.is_spent():
        pass
    ended.set()


async def test_search_ends_with_who_waits_for_it() -> None:
    """A client that asks for something else leaves no thread behind that searches on."""
    began, ended = threading.Event(), threading.Event()
    task = asyncio.create_task(off_loop(search, began, ended))
    await asyncio.to_thread(began.wait)
    task.cancel()
    await asyncio.to_thread(ended.wait)
    assert task.cancelled()


async def test_answer_of_a_search_comes_back() -> None:
    """And a search that nobody gives up has its time."""
    assert await off_loop(lambda: Budget(3_600).is_spent()) is False
    assert not Budget(3_600).is_spent() and Budget(-1).is_spent()
