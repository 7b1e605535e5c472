"""The house: imports go down only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "logconsole"
LAYERS = [
    ["__init__", "context", "safe", "cards", "secrets", "secretnames", "pairs", "routes", "redact", "terms"],
    ["gzipped", "pace"],
    ["structured"],
    ["record", "entry", "lines", "times", "regex", "fields", "conditions", "syntax", "query"],
    ["search", "bounds", "stores.segments", "stores.board"],
    ["formats", "stores.__init__", "stores.timeline", "stores.facets", "stores.counting", "stores.base"],
    ["stores.wake", "stores.blocks", "stores.lines", "stores.index"],
    ["stores.indexing", "stores.indexfile", "stores.indexes", "stores.search", "stores.indexed", "stores.copying"],
    ["stores.end", "stores.retention", "stores.locking", "stores.alone", "stores.rolling", "stores.trouble"],
    ["stores.active", "stores.patient", "stores.writer", "stores.backlog", "stores.optioncheck", "stores.filecheck"],
    ["stores.flusher", "stores.streamid", "stores.redislink", "stores.redischeck", "stores.streams", "stores.outbox"],
    ["stores.redisboard", "stores.sifting"],
    ["stores.ring", "stores.file", "stores.redis"],
    ["cli.__init__", "cli.failure", "cli.stopping", "cli.console", "cli.options", "cli.choosing", "cli.groups"],
    ["cli.output", "cli.colours", "cli.progress", "cli.destination", "cli.look", "cli.directory"],
    ["cli.command", "cli.following", "cli.tail", "cli.export", "cli.main", "__main__"],
    [
        "conf",
        "access",
        "lifetime",
        "turns",
        "audit",
        "protocol",
        "ticket",
        "origin",
        "parts",
        "bell",
    ],
    ["levels", "relay"],
    ["handlers", "params", "download", "visit", "guard", "recheck", "watch", "matches", "follower", "pump"],
    ["printed", "tee", "uncaught"],
    ["middleware", "capture", "testing", "pytest_plugin", "views", "plain", "consumers"],
    ["routing", "models", "loggers", "checks", "setup", "admin", "apps", "asgi", "sockets", "management"],
]
LAYER = {name: number for number, names in enumerate(LAYERS) for name in names}


def layer_of(module: str) -> int:
    """The floor of a module, or of the package that it is in."""
    while module not in LAYER and "." in module:
        module = module.rpartition(".")[0]
    return LAYER[module]


def imported(path: Path) -> set[str]:
    """The modules of the package that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "logconsole":
            module = (node.module or "").partition(".")[2]
            names |= {f"{module}.{alias.name}".strip(".") for alias in node.names}
    return names


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down_only(path: Path) -> None:
    """A module imports from its own floor or from one below."""
    module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    for name in imported(path):
        assert layer_of(name) <= layer_of(module), f"{module} imports {name}"
