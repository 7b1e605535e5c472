"""What a hammer is to do, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Key = tuple[int, int, int]
"""Life, thread and number of an entry."""


@dataclass(frozen=True)
class Plan:
    """How many write how much, and how often they are disturbed."""

    processes: int = 4
    threads: int = 1
    count: int = 2_000
    """Entries of each thread."""
    longest: int = 0
    """Characters that a message may have more."""
    kills: int = 0
    stops: int = 0
    stop_seconds: float = 0.0
    """How long a stop lasts at least; in any case until the others have gone on."""
    pace_seconds: float = 0.0
    """What a writer waits between two entries, on average."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Of the store."""
    seed: int = 0

    @property
    def entries(self) -> int:
        """How many entries are acknowledged in the end, at least."""
        return self.processes * self.threads * self.count


@dataclass(frozen=True)
class Outcome:
    """What was found when all was over."""

    entries: int
    """Logging calls that returned."""
    kills: int
    stops: int
    segments: int
    lost: int
    duplicated: int
    torn: int
    disordered: int
    """Entries before which one of the same thread stands that was logged later."""
    longest_ms: float
    """The longest logging call of a process that was not stopped meanwhile."""
    held_ms: float
    """Of paced writers, the same without the time for which the scheduler let the call wait for a processor."""
    mean_us: float
    keys: list[Key]
    """What is on disk, in its order."""
    stderr: str
    failed: int
    """Writers that did not end by themselves or by our kill."""
