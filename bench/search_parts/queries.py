"""What is asked: each query as our language has it, and what it is to find."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

MINUTES = 7 * 24 * 60
FIRST = datetime(2026, 1, 5)
START, END = FIRST.isoformat() + "Z", (FIRST + timedelta(minutes=MINUTES)).isoformat() + "Z"
SINCE = (FIRST + timedelta(seconds=MINUTES * 60 * 0.99)).isoformat() + "Z"
"""From here on stands the last hundredth of the time."""
NEWEST = 500
BUCKETS = 60
STEP = 10_800  # seconds: the round step that makes at most so many spans of seven days
RAW = {
    "rare": "webhook signature rejected",
    "escaped": r'said \\"žluťoučký kůň\\" in c:\\\\tmp',
    "regex": "(deadlock|lock wait) (detected|exceeded) on table [a-z_]+",
    "regex_plain": r"\b[a-z]{4}\d{2}-[a-z]{6}\b",
}
"""The same for who searches whole lines: a regular expression for JSON as it is stored."""


@dataclass(frozen=True)
class Asked:
    """One query."""

    name: str
    title: str
    text: str = ""
    levels: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    most: int = 0
    """How many of the newest are wanted; 0: all."""
    kind: str = "entries"
    """`entries`, `timeline` or `export`."""
    truth: str = ""
    """The name of what the corpus says about its number of hits; the same as `name` if empty."""

    @property
    def params(self) -> dict[str, object]:
        """What stands in the address of a request."""
        given = {"q": self.text, "level": list(self.levels), "since": self.since, "until": self.until, "store": "file"}
        return {name: value for name, value in given.items() if value}

    def asked_anew(self, number: int) -> Asked:
        """The same with an end so many seconds later, where nothing is: no earlier answer can be given again."""
        return replace(self, until=(FIRST + timedelta(minutes=MINUTES, seconds=number)).isoformat() + "Z")

    def hits(self, truth: dict[str, int]) -> int:
        """How many there are to find."""
        found = truth.get(self.truth or self.name, truth["lines"])
        return min(found, self.most) if self.most else found


def timeline(name: str, title: str, text: str = "", truth: str = "lines") -> Asked:
    """One over the whole of the seven days, so that the steps are the same whenever it is asked."""
    return Asked(name, title, text, since=START, until=END, kind="timeline", truth=truth)


QUERIES = {
    asked.name: asked
    for asked in (
        Asked("newest", "newest 500", most=NEWEST),
        Asked("rare", "rare literal, any case, all of it", '"webhook signature rejected"'),
        Asked("escaped", "the same, not ASCII, with quotes", r'"said \"žluťoučký kůň\" in c:\\tmp"'),
        Asked("common", "common word, newest 500", "order", most=NEWEST),
        Asked("errors", "level >= ERROR, newest 500", "level>=error", most=NEWEST),
        Asked("critical", "CRITICAL only, newest 500", levels=("CRITICAL",), most=NEWEST),
        Asked("regex", "regex with alternation, rare", "/(deadlock|lock wait) (detected|exceeded) on table [a-z_]+/"),
        Asked("regex_plain", "regex without a literal", r"/\b[a-z]{4}\d{2}-[a-z]{6}\b/"),
        timeline("timeline_cold", "timeline, no index yet"),
        timeline("timeline", "timeline, index there"),
        timeline("timeline_search", "timeline of a search", "timeout", "timeline_search"),
        Asked("since", "last 1 % of the time, exported", since=SINCE, kind="export"),
        Asked("field", "field filter", "status>=500 path:/api/v1/orders*"),
    )
}
