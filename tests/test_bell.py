"""What wakes one task."""

from __future__ import annotations

import asyncio

from logconsole.bell import Bell


async def test_a_ring_while_the_owner_is_busy_counts_once() -> None:
    """It is not lost, and not heard twice."""
    bell = Bell()
    bell.ring()
    bell.ring()
    assert await bell.wait(10)
    assert not await bell.wait(0.001)


async def test_a_ring_wakes_who_waits() -> None:
    """At once."""
    bell = Bell()
    asyncio.get_running_loop().call_soon(bell.ring)
    assert await bell.wait(10)
