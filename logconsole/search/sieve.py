"""The lines of a block of raw bytes that may match a query, before anything is decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge

from logconsole.query import Query
from logconsole.search.foreign import ESCAPE, NUMBER, has_foreign_escapes
from logconsole.search.needs import Need, needs, of_levels
from logconsole.search.stringsearch import Buffer, Finder

__all__ = ["Sieve", "Span", "has_foreign_escapes"]

Span = tuple[int, int]
"""Where a line begins and ends, its newline left out."""
CHECKS = 4  # needs beside the one that is searched first
DENSE = 3  # candidates that are more than a third of the lines are too many
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

    @property
    def is_numeric(self) -> bool:
        """Whether it is slow where numbers may be spelled otherwise than our encoder spells them."""
        return bool(self.needs) and self.needs[0].is_numeric

    def spans(self, buffer: Buffer, lo: int, hi: int, *, plain: bool) -> list[Span] | None:
        """The lines in `buffer[lo:hi]` that may match, in order; None: decode them all, there is no telling them apart.

        The block holds complete lines. `plain`: `has_foreign_escapes` is known to be false of it.
        """
        for need, sparse in [*((need, True) for need in self.needs), *((need, False) for need in self.needs[:1])]:
            checks = [other for other in self.needs if other is not need and other.is_check(plain=plain)]
            sifted = _thinned(buffer, lo, hi, need, checks, sparse=sparse)
            if sifted is not None:
                return sifted if plain else _with_foreign(buffer, lo, hi, need, sifted)
        return None


def _thinned(
    buffer: Buffer, lo: int, hi: int, need: Need, checks: Sequence[Need], *, sparse: bool
) -> list[Span] | None:
    """The lines that have all of it; None if they are too many, or with `sparse`, those that have the first need."""
    found: list[Span] = []
    count = covered = passed = 0
    counted = lo
    finds = [_find(check) for check in checks]
    for span in _lines(buffer, lo, hi, [one.finder(buffer, lo, hi) for one in need.options]):
        passes = True
        for find in finds:
            if find(buffer, *span) < 0:
                passes = False
                break
        if passes:
            found.append(span)
        if passes or sparse:
            count, covered = count + 1, covered + span[1] - span[0]
            if count % FEW == 0 and covered * DENSE > span[1] - lo:
                passed, counted = passed + buffer.count(b"\n", counted, span[1]), span[1]
                if count * DENSE > passed:
                    return None
    return found


def _with_foreign(buffer: Buffer, lo: int, hi: int, need: Need, sifted: list[Span]) -> list[Span]:
    """These lines and those that may hide what is needed by how they are spelled."""
    foreign = (*ESCAPE, NUMBER) if need.is_numeric else ESCAPE
    others = list(_lines(buffer, lo, hi, [one.finder(buffer, lo, hi) for one in foreign]))
    return list(dict.fromkeys(merge(sifted, others))) if others else sifted


def _find(need: Need) -> Callable[[Buffer, int, int], int]:
    """Where it begins in a line, -1 if it is not there."""
    finds = [one.find for one in need.options]
    if len(finds) == 1:
        return finds[0]
    return lambda buffer, start, end: max(find(buffer, start, end) for find in finds)


def _lines(buffer: Buffer, lo: int, hi: int, finders: Sequence[Finder]) -> Iterator[Span]:
    """The lines in which one of them finds something."""
    find = finders[0] if len(finders) == 1 else _first_of(finders, lo)
    hit = find(lo)
    while hit >= 0:
        start = max(buffer.rfind(b"\n", lo, hit) + 1, lo)
        end = buffer.find(b"\n", hit, hi)
        yield start, end
        hit = find(end + 1)


def _first_of(finders: Sequence[Finder], lo: int) -> Finder:
    """The first hit of any, each of which looks on only when its last one lies behind."""
    hits = [find(lo) for find in finders]

    def first(position: int) -> int:
        for number, hit in enumerate(hits):
            if 0 <= hit < position:
                hits[number] = finders[number](position)
        return min((hit for hit in hits if hit >= 0), default=-1)

    return first
