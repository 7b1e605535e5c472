"""DuckDB, in a process of its own, with two threads; its import is not counted.

Text is looked for in whole lines, which it does faster than in parsed ones.
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
SPANS = (
    f"SELECT level, epoch(ts::TIMESTAMP - '{START[:-1]}'::TIMESTAMP)::BIGINT // {STEP} AS span, count(*)"
    " FROM {0} {1} GROUP BY ALL"
)


def parsed(*columns: str) -> str:
    """The entries with these columns."""
    types = ", ".join(f"{name}: 'VARCHAR'" for name in columns)
    return f"read_json('{{0}}/*.jsonl', format='newline_delimited', columns={{{{{types}}}}})"


ORDERS = parsed().replace("{{}}", "{{extra: 'STRUCT(status INT, path VARCHAR)'}}")


def newest(where: str) -> str:
    return f"SELECT line FROM {LINES} {where} ORDER BY line[8:34] DESC LIMIT 500"


def matching(pattern: str) -> str:
    pattern = pattern.replace("{", "{{").replace("}", "}}")
    return f"SELECT line FROM {LINES} WHERE regexp_matches(line, '{pattern}', 'i')"


SQL = {
    "newest": newest(""),
    "common": newest("WHERE regexp_matches(line, 'order', 'i')"),
    "errors": newest("WHERE line[46:50] = 'ERROR' OR line[46:53] = 'CRITICAL'"),
    "critical": newest("WHERE line[46:53] = 'CRITICAL'"),
    "since": f"SELECT line FROM {LINES} WHERE line[8:34] >= '{SINCE[:-1]}'",
    "field": f"SELECT extra FROM {ORDERS} WHERE extra.status >= 500 AND extra.path LIKE '/api/v1/orders%'",
    "timeline": SPANS.replace("{0}", parsed("ts", "level")).replace("{1}", ""),
    "timeline_search": SPANS.replace("{0}", parsed("ts", "level", "msg", "exc", "extra")).replace(
        "{1}", "WHERE " + " OR ".join(f"regexp_matches({name}, 'timeout', 'i')" for name in ("msg", "exc", "extra"))
    ),
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
