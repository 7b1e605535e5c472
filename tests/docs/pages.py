"""The documentation, and what stands in it."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
_BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A block of code."""

    page: Path
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.text.strip().splitlines()[0][:50]}"


def blocks(*languages: str) -> list[Block]:
    """All of these languages; "" for those without one."""
    found = [(page, match) for page in PAGES for match in _BLOCK.finditer(page.read_text("utf-8"))]
    made = [Block(page, match[2], textwrap.dedent(match[3])) for page, match in found]
    return [block for block in made if block.language in languages]


def page(name: str) -> str:
    """The text of a page below docs/."""
    return (DOCS / name).read_text("utf-8")


def first_column(name: str) -> set[str]:
    """What stands in backquotes in the first column of the tables of a page."""
    rows = [line for line in page(name).splitlines() if line.startswith("| `")]
    return {found for row in rows for found in re.findall(r"`([^`]+)`", row.split(" | ")[0])}
