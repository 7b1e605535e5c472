"""One query after the other, all that can answer it in turns, for several rounds."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.search_parts.corpus import Corpus
from bench.search_parts.processes import Took
from bench.search_parts.queries import Asked

OURS, WHOLE = "ours, the store", "ours, over HTTP"
Target = Callable[[Path], Took]
Rows = dict[str, list[Took]]
"""What each target took, by its name; an empty list for one that could not be asked."""


@dataclass(frozen=True)
class Rounds:
    """How often everybody is asked."""

    count: int = 3
    slow: float = 8.0
    """Seconds; who takes longer is not asked a second time."""


def measured(
    targets: Mapping[str, Target | str], corpus: Corpus, store: Path, rounds: Rounds, *, is_cold: bool
) -> Rows:
    """Ask all of them in turns; a text instead of a target says why it is not asked."""
    rows: Rows = {name: [] for name in targets}
    for _ in range(rounds.count):
        for name, target in targets.items():
            if isinstance(target, str) or any(
                took.seconds > rounds.slow or took.note.startswith("!") for took in rows[name]
            ):
                continue
            if is_cold:
                with corpus.store() as fresh:
                    rows[name].append(guarded(target, fresh))
            else:
                rows[name].append(guarded(target, store))
    return rows


def guarded(target: Target, store: Path) -> Took:
    """An answer; one that failed says so, behind a `!`."""
    try:
        return target(store)
    except RuntimeError as problem:
        return Took(0.0, 0, note=f"! {problem}")


def least(rows: Rows, name: str) -> float | None:
    """Seconds, of the fastest round; None where there is none."""
    took = [one.seconds for one in rows.get(name, []) if not one.note.startswith("!")]
    return min(took, default=None)


def tell(asked: Asked, rows: Rows, why: Mapping[str, Target | str], expected: int) -> None:
    """Print the table of one query."""
    print(
        f"\n### {asked.title}: `{asked.text or ' '.join(asked.levels) or asked.since or 'everything'}`, {expected:,}\n"
    )
    print("| target | min ms | median ms | ours, the store, x this | over HTTP x this | hits | peak MB (grown) | |")
    print("|---|---|---|---|---|---|---|---|")
    for name, took in rows.items():
        seconds = [one.seconds for one in took if not one.note.startswith("!")]
        if not seconds:
            print(f"| {name} | {took[0].note if took else why[name]} |", flush=True)
            continue
        cells = [f"{min(seconds) * 1e3:,.1f}", f"{statistics.median(seconds) * 1e3:,.1f}"]
        cells += [times(least(rows, mine), least(rows, name)) for mine in (OURS, WHOLE)]
        cells += [f"{took[0].hits:,}", memory(name, max(took, key=lambda one: one.peak))]
        print(f"| {name} | {' | '.join(cells)} | {difference(rows, took, expected)} |", flush=True)


def figure(value: float) -> str:
    """Three digits, or all before the point."""
    return f"{value:,.3g}" if abs(value) < 1_000 else f"{value:,.0f}"


def memory(name: str, took: Took) -> str:
    """The most of a process; a small one is hidden by what it was started from."""
    whole = f"{took.peak / 1e6:,.0f}"
    if name in (OURS, WHOLE):
        return f"{whole} ({took.grown / 1e6:+,.1f})"
    return whole if took.grown > 0 else f"<= {whole}"


def times(mine: float | None, theirs: float | None) -> str:
    """A ratio."""
    return figure(mine / theirs) if mine and theirs else "-"


def difference(rows: Rows, took: list[Took], expected: int) -> str:
    """In words, what is not as it should be."""
    one = took[-1]
    said = [one.note] if one.note else []
    if one.hits != expected:
        said.append(f"{one.hits:,} hits instead of {expected:,}")
    mine = next((own.mark for own in rows.get(OURS, [])), "")
    if one.mark and mine and one.mark != mine:
        said.append("other lines than ours")
    if len(took) == 1:
        said.append("one round")
    return "; ".join(said)
