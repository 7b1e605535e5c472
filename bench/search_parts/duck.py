"""DuckDB, in a process of its own, with two threads; its import is not counted.

Whole lines are faster than parsed ones wherever text is looked for, also before a field is.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

import duckdb

from bench.search_parts.queries import RAW, SINCE, START, STEP
from bench.search_parts.serving import Found, serve

LINES = (
    "read_csv('{0}/*.jsonl', columns={{'line': 'VARCHAR'}}, delim='\x01', quote='', escape='', header=false,"
    " auto_detect=false, max_line_size=10000000)"
)
PARSED = (
    "read_json('{0}/*.jsonl', format='newline_delimited', records=true, columns={{ts: 'VARCHAR', level: 'VARCHAR'}})"
)
SPAN = f"floor(epoch({{}}::TIMESTAMP - '{START[:-1]}'::TIMESTAMP) / {STEP})::BIGINT"
LEVEL = "split_part(line[46:54], '\"', 1) AS level"
ORDERS = (
    "contains(line, '/api/v1/orders') AND (line->>'$.extra.status')::INT >= 500"
    " AND line->>'$.extra.path' LIKE '/api/v1/orders%'"
)


def newest(where: str) -> str:
    """The newest 500 lines of which it is true."""
    return f"SELECT line FROM {LINES} {where} ORDER BY line[8:34] DESC LIMIT 500"


def matching(pattern: str) -> str:
    """The lines in which it is, in any case."""
    pattern = pattern.replace("{", "{{").replace("}", "}}")
    return f"SELECT line FROM {LINES} WHERE regexp_matches(line, '{pattern}', 'i')"


SQL = {
    "newest": newest(""),
    "common": newest("WHERE regexp_matches(line, 'order', 'i')"),
    "errors": newest("WHERE line[46:50] = 'ERROR' OR line[46:53] = 'CRITICAL'"),
    "critical": newest("WHERE line[46:53] = 'CRITICAL'"),
    "since": f"SELECT line FROM {LINES} WHERE line[8:34] >= '{SINCE[:-1]}'",
    "field": f"SELECT line FROM {LINES} WHERE {ORDERS}",
    "timeline": f"SELECT level, {SPAN.format('ts')} AS span, count(*) FROM {PARSED} GROUP BY ALL",
    "timeline_search": f"SELECT {LEVEL}, {SPAN.format('line[8:33]')} AS span, count(*) FROM {LINES}"
    " WHERE regexp_matches(line, 'timeout', 'i') GROUP BY ALL",
    **{name: matching(text) for name, text in RAW.items()},
}
SQL["timeline_cold"] = SQL["timeline"]
connection = duckdb.connect()
connection.execute("SET threads = 2")


def answer(name: str, directory: str) -> Found:
    """Run it."""
    rows = connection.execute(SQL[name].format(directory)).fetchall()
    if name.startswith("timeline"):
        lines = [f"{level} {span} {count}".encode() for level, span, count in rows]
        return Found(sum(row[2] for row in rows), lines)
    return Found(len(rows))


if __name__ == "__main__":
    serve(answer)
