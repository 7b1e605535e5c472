"""The lines of a block of raw bytes that may match a query, before anything is decoded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge

from logconsole.query import Query
from logconsole.search.foreign import ESCAPE, NUMBER, has_foreign_escapes
from logconsole.search.literals import Buffer, Finder
from logconsole.search.needs import Need, needs, of_levels

__all__ = ["Sieve", "Span", "has_foreign_escapes"]

Span = tuple[int, int]
"""Where a line begins and ends, its newline left out."""
CHECKS = 4  # needs that a candidate is checked for beside the one that is searched
DENSE = 5  # candidates with more than a fifth of the bytes are too many
FEW = 64  # candidates before that is asked


class Sieve:
    """Leaves out lines that cannot match, never one that does. Made by `Sieve.of`."""

    def __init__(self, found: Iterable[Need]) -> None:
        ranked = sorted(dict.fromkeys(found), key=lambda need: need.rarity, reverse=True)
        self.needs = [need for need in ranked if need.rarity > 0][: CHECKS + 1]
        """What a line must have, the rarest first."""

    @classmethod
    def of(cls, query: Query) -> Sieve:
        """The sieve of a query."""
        return cls([*needs(query.condition), *of_levels(query.levels)])

    def spans(self, buffer: Buffer, lo: int, hi: int, *, plain: bool) -> list[Span] | None:
        """The lines in `buffer[lo:hi]` that may match, in order; None: decode them all, there is no telling them apart.

        The block holds complete lines. `plain`: `has_foreign_escapes` is known to be false of it.
        """
        if not self.needs:
            return None
        first, *checks = self.needs
        sifted = _thinned(buffer, lo, hi, first, checks if plain else [need for need in checks if not need.is_numeric])
        if plain or sifted is None:
            return sifted
        foreign = (*ESCAPE, NUMBER) if first.is_numeric else ESCAPE
        others = list(_lines(buffer, lo, hi, [one.finder(buffer, lo, hi) for one in foreign]))
        return list(dict.fromkeys(merge(sifted, others))) if others else sifted


def _thinned(buffer: Buffer, lo: int, hi: int, need: Need, checks: Sequence[Need]) -> list[Span] | None:
    """The lines that have all of it; None if they are too many."""
    found: list[Span] = []
    covered = 0
    for span in _lines(buffer, lo, hi, [one.finder(buffer, lo, hi) for one in need.options]):
        if checks and not all(_has(buffer, span, check) for check in checks):
            continue
        found.append(span)
        covered += span[1] - span[0]
        if len(found) % FEW == 0 and covered * DENSE > span[1] - lo:
            return None
    return found


def _has(buffer: Buffer, span: Span, need: Need) -> bool:
    start, end = span
    return any(one.find(buffer, start, end) >= 0 for one in need.options)


def _lines(buffer: Buffer, lo: int, hi: int, finders: Sequence[Finder]) -> Iterator[Span]:
    """The lines in which one of them finds something."""
    hits = [find(lo) for find in finders]
    while live := [hit for hit in hits if hit >= 0]:
        hit = min(live)
        start = max(buffer.rfind(b"\n", lo, hit) + 1, lo)
        end = buffer.find(b"\n", hit, hi)
        yield start, end
        hits = [find(end + 1) if 0 <= at <= end else at for at, find in zip(hits, finders, strict=True)]
