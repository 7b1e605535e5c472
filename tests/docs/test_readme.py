"""The README claims what was measured, and shows what is there."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT, page

README = (ROOT / "README.md").read_text("utf-8")
COMPARED = README.partition("## Beside others")[2].partition("\n## ")[0]
MEASURED = {
    "**logconsole**, file": "file, daphne | own threads",
    "**logconsole**, ring": "ring, daphne | own threads",
    "django-live-logs": "django-live-logs | own threads",
    "django-realtime-logs": "django-realtime-logs | own threads",
    "python-log-viewer": "python-log-viewer | own threads",
    "frontail, a program beside the site, without users or a filter": "frontail, messages parsed | 1 other process",
}


def rows(text: str) -> list[list[str]]:
    """The cells of the tables in a text."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")
    ]


@pytest.mark.parametrize("name", MEASURED)
def test_each_number_of_the_comparison_was_measured(name: str) -> None:
    """Ten clients at 1,000/s, in the one run that the page on performance shows."""
    (shown,) = (row for row in rows(COMPARED) if row[0] == name)
    (line,) = re.findall(
        rf"^\| {re.escape(MEASURED[name])} \| 10 \| 1,000 \|.*$", page("explanation/performance.md"), re.M
    )
    (measured,) = rows(line)
    median, p99, lost, _, twice, *_ = measured[5:]
    share = re.search(r"[\d.]+%", lost)
    assert shown[2].partition(",")[0] == (share[0] if share else "0")
    assert (f"{twice} twice" in shown[2]) == (twice != "0")
    assert shown[3] == f"{median}, {p99}"
    assert shown[4] == measured[12]


def test_nobody_of_importance_is_left_out() -> None:
    """Each peer of the run is in the table."""
    ran = set(
        re.findall(
            r"^\| ([\w-]+(?:, messages parsed)?) \|.*\| 10 \| 1,000 \|", page("explanation/performance.md"), re.M
        )
    )
    named = {line.partition(" |")[0] for line in MEASURED.values()}
    assert {name for name in ran if name not in ("ring", "file")} <= named


def test_pictures_and_pages_are_there() -> None:
    """Whatever the README leads to."""
    targets = re.findall(r"\]\(([^)#]+)", README) + re.findall(r'(?:src|srcset)="([^"]+)"', README)
    assert len(targets) > 10
    assert [target for target in targets if not target.startswith("http") and not (ROOT / target).exists()] == []


def test_it_takes_five_steps_at_most() -> None:
    """Those that tests/test_newcomer.py does."""
    steps = re.findall(r"^\*\*(\d)\.", README, re.MULTILINE)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert 1 <= len(steps) <= 5
