"""Tables as Markdown has them, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def head(names: Sequence[str]) -> str:
    """The two lines above the rows."""
    return f"{row(names)}\n|{'---|' * len(names)}"


def row(cells: Iterable[str]) -> str:
    """A row."""
    return f"| {' | '.join(cells)} |"
