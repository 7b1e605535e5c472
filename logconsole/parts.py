"""The parts of a streamed answer on their way out, counted; their end is told once, however it comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol

from logconsole.context import Paths
from logconsole.lifetime import belonging


class Told(Protocol):
    """Who hears how a stream ended."""

    identity: str
    user: str
    hidden: Paths

    def log(self, status: int | None, size: int | None = None, *, aborted: bool = False) -> None: ...


class _Counted:
    def __init__(self, parts: Any, visit: Told, status: int) -> None:
        self._parts = iter(parts) if hasattr(parts, "__iter__") else aiter(parts)
        self._visit = visit
        self._status = status
        self._size = 0
        self._is_over = False

    def close(self) -> None:
        """Django closes every response; one that is not over by then was given up."""
        self._end(aborted=True)

    def _counted(self, part: bytes) -> bytes:
        self._size += len(part)
        return part

    def _end(self, *, aborted: bool) -> None:
        if not self._is_over:
            self._is_over = True
            self._visit.log(self._status, self._size, aborted=aborted)


class Parts(_Counted):
    """For a server without an event loop."""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with belonging(self._visit.identity, self._visit.user, self._visit.hidden):
            try:
                return self._counted(next(self._parts))
            except BaseException as error:
                self._end(aborted=not isinstance(error, StopIteration))
                raise


class AsyncParts(_Counted):
    """For a server with one."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        with belonging(self._visit.identity, self._visit.user, self._visit.hidden):
            try:
                return self._counted(await anext(self._parts))
            except BaseException as error:
                self._end(aborted=not isinstance(error, StopAsyncIteration))
                raise
