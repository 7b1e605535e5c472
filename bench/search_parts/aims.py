"""What searching is to reach, and whether it does: the last table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.search_parts.commands import NOOP, TAIL, TWIN
from bench.search_parts.processes import Took
from bench.search_parts.queries import QUERIES
from bench.search_parts.rounds import OURS, WHOLE, Rows, figure, least

EVERYWHERE, STORE, HTTP = (OURS, WHOLE), (OURS,), (WHOLE,)


@dataclass(frozen=True)
class Aim:
    """One of a query: at most so many seconds, or so many times what the peer takes."""

    query: str
    bound: float
    peer: str = ""
    ours: tuple[str, ...] = EVERYWHERE


AIMS = (
    Aim("newest", 0.015),
    Aim("newest", 1.5, "ours at 10 MB", STORE),
    Aim("rare", 2.5, "rg"),
    Aim("rare", 1.3, "rg, 1 thread"),
    Aim("escaped", 2.5, "rg"),
    Aim("escaped", 1.3, "rg, 1 thread"),
    Aim("common", 0.030),
    Aim("errors", 0.030),
    Aim("critical", 0.1, "rg"),
    Aim("regex", 2.5, "rg"),
    Aim("regex_plain", 0.5, "rg"),
    Aim("timeline", 0.020),
    Aim("timeline_cold", 2.0, "DuckDB", STORE),
    Aim("timeline_search", 1.0, "DuckDB"),
    Aim("since", 0.2, "jq"),
    Aim("since", 3.0, "copying the bytes"),
    Aim("field", 1.0, "DuckDB"),
    Aim("field", 1.0, "jq"),
)
EXPORT_MB, DELAY_MS, TAIL_RATIO, TWIN_SECONDS = 30.0, 25.0, 1.25, 0.2


@dataclass(frozen=True)
class Line:
    """A row of the table: figures in milliseconds unless they say otherwise."""

    aim: str
    ours: str
    peer: str
    value: float | None
    bound: float
    unit: str = "x"
    is_whole: bool = True

    def __str__(self) -> str:
        if self.value is None:
            return f"| {self.aim} | {self.ours} | {self.peer} | - | <= {self.bound:g} {self.unit} | not measured |"
        reached = "yes" if self.value <= self.bound and self.is_whole else "no"
        reached += "" if self.is_whole else ": the answer is not complete"
        told = f"| {self.aim} | {self.ours} | {self.peer} | {figure(self.value)} {self.unit}"
        return f"{told} | <= {self.bound:g} {self.unit} | {reached} |"


def of_queries(found: Mapping[str, Rows], truth: dict[str, int]) -> Iterator[Line]:
    """Those of the queries that were measured."""
    for aim in AIMS:
        rows = found.get(aim.query)
        for name in aim.ours if rows else ():
            mine = least(rows, name)
            if mine is not None:
                yield line(aim, name, mine, least(rows, aim.peer), is_whole(rows[name], aim.query, truth))


def line(aim: Aim, name: str, mine: float, theirs: float | None, whole: bool) -> Line:
    """The row of one aim and one of our sides."""
    title, ours = f"{QUERIES[aim.query].title} ({name.removeprefix('ours, ')})", milliseconds(mine)
    if not aim.peer:
        return Line(title, ours, "", mine * 1e3, aim.bound * 1e3, "ms", whole)
    peer = f"{aim.peer}: {milliseconds(theirs)}" if theirs else f"{aim.peer}: not measured"
    return Line(title, ours, peer, mine / theirs if theirs else None, aim.bound, "x", whole)


def is_whole(took: list[Took], query: str, truth: dict[str, int]) -> bool:
    """Whether each answer has all that there is to find."""
    return all(one.hits == QUERIES[query].hits(truth) for one in took)


def of_others(
    exports: Mapping[str, list[Took]], lines: int, busy: list[float] | None, startup: Mapping[str, list[Took]]
) -> Iterator[Line]:
    """Those of memory, of other requests and of commands."""
    for name, found in exports.items():
        grown = max(took.grown for took in found) / 1e6
        whole = all(took.hits == lines for took in found)
        yield Line(f"memory of {name}", f"{grown:+.1f} MB", "", grown, EXPORT_MB, "MB", whole)
    if busy:
        yield Line("p99 of another request beside a search", f"{busy[1]:.1f}", "", busy[1], DELAY_MS, "ms")
    if startup:
        seconds = {name: min((took.seconds for took in found), default=None) for name, found in startup.items()}
        floor, tail, twin = seconds[NOOP], seconds[TAIL], seconds[TWIN]
        yield Line(TAIL, milliseconds(tail), f"{NOOP}: {milliseconds(floor)}", tail / floor, TAIL_RATIO)
        yield Line(TWIN, milliseconds(twin) if twin else "not there", "", twin, TWIN_SECONDS, "s")


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:,.1f}"


def tell(lines: list[Line]) -> None:
    """Print them."""
    print("\n## Aims\n\n| aim | ours, ms | peer, ms | measured | bound | reached |\n|---|---|---|---|---|---|")
    for one in lines:
        print(one)
