"""What a query asks of the time and of the level of an entry, apart from all else: what an index can answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from logconsole.conditions import All, Compares, Condition, Either, Equals, Moment, Without
from logconsole.entry import Entry
from logconsole.query import Query

_LEVEL = frozenset({"level", "levelno"})


@dataclass(frozen=True)
class Bounds:
    """Entries that match the query were made in `since` <= `ts` < `until` (where not empty) and have a level wanted."""

    since: str
    until: str
    wants: Callable[[str, int | None], bool]
    """Whether entries of the level (name, and number where it is none of Python's) can match."""
    has_levels: bool
    """Whether some level is not wanted."""
    is_all: bool
    """Whether every such entry matches: the query asks for nothing else."""

    @property
    def is_everything(self) -> bool:
        """Whether every entry matches."""
        return self.is_all and not (self.since or self.until or self.has_levels)

    def holds(self, ts: str) -> bool:
        """Whether an entry made then, in the form of `canonical`, lies within."""
        return ts >= self.since and (not self.until or ts < self.until)


def bounds_of(query: Query) -> Bounds:
    """The bounds of the query."""
    since, until = [query.since], [query.until] if query.until else []
    levels: list[Condition] = []
    rest = False
    for part in _parts(query.condition):
        if isinstance(part, Moment) and part.relation in (">=", ">"):
            since.append(part.instant)
            rest |= part.relation == ">"
        elif isinstance(part, Moment) and part.relation == "<":
            until.append(part.instant)
        elif _is_about_level(part):
            levels.append(part)
        else:
            rest = True

    @lru_cache(maxsize=256)
    def wants(level: str, levelno: int | None) -> bool:
        if query.levels and level.upper() not in query.levels:
            return False
        probe = Entry(ts="", level=level, levelno=levelno, msg="")
        return all(part.matches(probe) for part in levels)

    return Bounds(max(since), min(until, default=""), wants, bool(levels or query.levels), not rest)


def _parts(condition: Condition) -> list[Condition]:
    """What must all match."""
    if isinstance(condition, All):
        return [inner for part in condition.parts for inner in _parts(part)]
    return [condition]


def _is_about_level(condition: Condition) -> bool:
    if isinstance(condition, (All, Either)):
        return all(map(_is_about_level, condition.parts))
    if isinstance(condition, Without):
        return _is_about_level(condition.part)
    return isinstance(condition, (Equals, Compares)) and condition.name in _LEVEL
