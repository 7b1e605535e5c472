"""Stands before the real one on the path of a process that must not import it."""

from __future__ import annotations

raise ImportError("this process must do without channels")
