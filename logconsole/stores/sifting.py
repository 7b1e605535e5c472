"""Which lines of a page may match a query, found before any of them is decoded."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from logconsole.query import Query
from logconsole.search.foreign import has_foreign_escapes
from logconsole.search.sieve import Sieve

FEW = 64  # lines that are not worth the look


class Sifting:
    """For one query. Leaves out lines that cannot match, never one that does."""

    def __init__(self, query: Query) -> None:
        self._sieve = Sieve.of(query)

    def __call__(self, lines: Sequence[bytes]) -> Sequence[bytes | None]:
        """The same lines, with None for each that need not be looked at."""
        if len(lines) < FEW or not self._sieve.needs:
            return lines
        text = b"\n".join(lines) + b"\n"
        if text.count(b"\n") != len(lines):  # somebody else's
            return lines
        is_plain = self._sieve.is_numeric and not has_foreign_escapes(text, 0, len(text))
        spans = self._sieve.spans(text, 0, len(text), plain=is_plain)
        if spans is None:
            return lines
        starts = accumulate((len(line) + 1 for line in lines), initial=0)
        wanted = {start for start, _ in spans}
        return [line if start in wanted else None for line, start in zip(lines, starts, strict=False)]
