"""The table of threats names tests that there are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", (ROOT / "docs/explanation/security.md").read_text())


def test_every_proof_is_a_test() -> None:
    """By file and name."""
    assert len(NAMED) > 20
    for path, name in NAMED:
        tree = ast.parse((ROOT / path).read_text())
        tests = {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
        assert name in tests, f"{path} has no {name}"


def test_every_threat_has_a_proof() -> None:
    """Each row of the tables."""
    rows = [line for line in (ROOT / "docs/explanation/security.md").read_text().splitlines() if line.startswith("| ")]
    assert [row for row in rows if "::test_" not in row and not row.startswith("| threat")] == []
