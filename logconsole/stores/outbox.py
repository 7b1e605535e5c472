"""What one writer has sent to the streams: each batch arrives once, and what Redis forgets is noticed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from itertools import groupby

import msgspec

from logconsole.stores.redislink import WRITER_SECONDS, Limit, Link

REMEMBERED = 10_000  # batches whose sizes are known, should Redis come back without them
NEW_SECONDS = 0.005  # between a new service's first word and its first entry: readers must know of it before


class _Made(msgspec.Struct):
    service: str = ""


_decode = msgspec.json.Decoder(_Made).decode


class _Sent:
    """What of one service has arrived."""

    def __init__(self) -> None:
        self.number = 0
        """Of the latest batch."""
        self.sizes: deque[tuple[int, int]] = deque(maxlen=REMEMBERED)
        """Numbers and sizes of the latest batches."""
        self.at = 0.0


class Outbox:
    """Numbers the batches of one process, for each service."""

    def __init__(self, writer: str) -> None:
        self.writer = writer
        self.service = "web"
        """Of the line sent last."""
        self._sent: dict[str, _Sent] = {}
        self._done = 0
        """Lines of the batch in hand that have arrived already."""

    def send(self, link: Link, lines: Sequence[bytes], limit: Limit) -> int:
        """Send the lines, each to the stream of its service; how many sent earlier are gone.

        Raises what the link does; the same lines again then go on where it was left.
        """
        gone = seen = 0
        for service, found in groupby(lines, _service_of):
            part = list(found)
            seen += len(part)
            if seen > self._done:
                gone += self._add(link, service, part, limit)
                self._done, self.service = seen, service
        self._done = 0
        return gone

    def _add(self, link: Link, service: str, lines: list[bytes], limit: Limit) -> int:
        sent = self._sent.get(service) or self._enlisted(link, service)
        before = link.add(service, self.writer, sent.number + 1, lines, limit)
        gone = _gone(sent, before)
        if gone:
            link.enlist(service)  # that is forgotten, too
            sent.sizes.clear()
        sent.number += 1
        sent.at = time.monotonic()
        sent.sizes.append((sent.number, len(lines)))
        return gone

    def _enlisted(self, link: Link, service: str) -> _Sent:
        link.enlist(service)
        time.sleep(NEW_SECONDS)
        sent = self._sent[service] = _Sent()
        return sent


def _gone(sent: _Sent, before: int | None) -> int:
    """How many lines Redis took and has no more: it was restarted, or a replica took over without them."""
    if time.monotonic() > sent.at + WRITER_SECONDS / 2:
        return 0  # it may only have forgotten who we are
    return sum(count for number, count in sent.sizes if number > (before or 0))


def _service_of(line: bytes) -> str:
    return _decode(line).service or "web"
