"""What to match: the one place that decides whether an entry is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from logconsole.conditions import All, Condition
from logconsole.entry import Entry
from logconsole.syntax import Parser, SyntaxProblem
from logconsole.times import canonical, instant

ALL = All(())


class QueryError(ValueError):
    """A query that cannot be run; its text is for the person who wrote it."""

    def __init__(self, message: str, param: str, position: int | None = None) -> None:
        super().__init__(message)
        self.param = param
        """Which parameter is wrong: `q`, `level`, `since` or `until`."""
        self.position = position
        """Where in `q`, from 0."""


@dataclass(frozen=True)
class Query:
    """The entries that match; made by `Query.parse`."""

    text: str = ""
    levels: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""
    condition: Condition = ALL
    programs: int = field(default=0, compare=False)
    """Instructions of its regular expressions: so many steps for each byte of an entry may it take to decide."""
    _folded: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_folded", frozenset(level.casefold() for level in self.levels))

    @classmethod
    def parse(
        cls,
        text: str = "",
        *,
        levels: Iterable[str] = (),
        since: str | datetime | None = None,
        until: str | datetime | None = None,
        now: datetime | None = None,
        tz: tzinfo | None = None,
    ) -> Query:
        """The query in `text`, of these levels only (exact names), from `since` on and before `until`.

        `tz` is the zone of times that name none. Raises `QueryError`.
        """

        def moment(value: str) -> str:
            return instant(value, now, tz)

        parser = Parser(text, moment)
        try:
            condition = parser.parse()
        except SyntaxProblem as problem:
            raise QueryError(f"{problem.message} (position {problem.position + 1})", "q", problem.position) from problem
        return cls(
            text=text,
            levels=frozenset(level.upper() for level in levels),
            since=_bound("since", since, now, tz),
            until=_bound("until", until, now, tz),
            condition=condition,
            programs=parser.programs,
        )

    def matches(self, entry: Entry) -> bool:
        """Whether the entry is wanted."""
        if self.levels and entry.level.casefold() not in self._folded:
            return False
        if self.since or self.until:
            ts = canonical(entry.ts)
            if ts < self.since or (self.until and ts >= self.until):
                return False
        return self.condition.matches(entry)


def _bound(param: str, value: str | datetime | None, now: datetime | None, tz: tzinfo | None) -> str:
    try:
        return instant(value, now, tz) if value else ""
    except ValueError as error:
        raise QueryError(str(error), param) from error
