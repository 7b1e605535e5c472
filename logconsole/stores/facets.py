"""The most frequent values of a few fields."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec

from logconsole.entry import Entry

TOP = 20
LONGEST = 500  # characters of a path that is counted: visitors invent longer ones, to fill the memory
MOST_VALUES = 10_000  # of one field that are told apart; beyond that the rare ones are let go of


@dataclass
class Facets:
    """How often each level, logger, service and request path occurs."""

    level: Counter[str] = field(default_factory=Counter)
    logger: Counter[str] = field(default_factory=Counter)
    service: Counter[str] = field(default_factory=Counter)
    path: Counter[str] = field(default_factory=Counter)
    scanned: float = 1.0
    """The share of the store that was counted, 0 to 1."""

    def add(self, entry: Entry) -> None:
        """Count one entry."""
        self.level[entry.level] += 1
        self.logger[entry.logger] += 1
        self.service[entry.service] += 1
        path = entry.extra.get("path") if entry.extra else None
        if isinstance(path, str) and len(path) <= LONGEST:
            self.path[path] += 1
            _bounded(self.path)
        _bounded(self.logger)

    def encode(self) -> bytes:
        """The JSON object of HTTP: of each field the most frequent values with their counts."""
        fields: dict[str, Any] = {}
        for name in ("level", "logger", "service", "path"):
            values: Counter[str] = getattr(self, name)
            fields[name] = [(value, count) for value, count in values.most_common(TOP) if value]
        return msgspec.json.encode({"fields": fields, "scanned": round(self.scanned, 4)})


def _bounded(values: Counter[str]) -> None:
    if len(values) > MOST_VALUES:
        kept = values.most_common(MOST_VALUES // 2)
        values.clear()
        values.update(dict(kept))
