"""How many entries there are: over time, as a share of all, and read aloud."""

from __future__ import annotations

from typing import Any

MODULES = ["text", "format", "query", "follow", "buckets", "dom", "http", "counts", "announcer"]


# ---- buckets


def test_buckets_grow_and_slide(run: Any) -> None:
    """Entries fall into their span, new spans are made for later ones, and old ones can go."""
    found = run(
        """const buckets = new lc.Buckets({since: '2026-11-23T07:00:00Z', step_seconds: 10, levels: {INFO: [1, 2]}});
        buckets.add([{ts: '2026-11-23T07:00:19Z', level: 'INFO'}, {ts: '2026-11-23T07:00:41Z', level: 'ERROR'}, {ts: '2026-11-23T06:00:00Z', level: 'INFO'}]);
        const grown = JSON.stringify([...buckets.levels]);
        const told = [buckets.length, buckets.total('INFO'), buckets.peak(['INFO', 'ERROR'])];
        buckets.slide(2);
        return [JSON.parse(grown), ...told, buckets.length, buckets.total('INFO'), buckets.of(1, ['INFO', 'ERROR'])];"""
    )
    assert found[0] == [["INFO", [1, 3, 0, 0, 0]], ["ERROR", [0, 0, 0, 0, 1]]]
    assert found[1:] == [5, 4, {"place": 1, "count": 3}, 2, 0, [["ERROR", 1]]]


def test_buckets_coarsen_without_losing_any(run: Any) -> None:
    """Half as many spans hold the same entries."""
    found = run(
        """const buckets = new lc.Buckets({since: '2026-11-23T07:00:00Z', step_seconds: 1, levels: {INFO: [1, 2, 3]}});
        buckets.coarsen(); return [buckets.levels.get('INFO'), buckets.step, buckets.until - buckets.since];"""
    )
    assert found == [[3, 3], 2000, 4000]


# ---- counts


def test_counts_are_estimated_where_a_part_was_counted(run: Any) -> None:
    """A quarter of the log with ten entries makes forty of all; nothing is made up of nothing."""
    found = run(
        """const counts = new lc.Counts({ask() {}, most: () => 9, isFrozen: () => false, onChange() {}});
        const of = (scanned) => { counts.buckets = new lc.Buckets({since: "2026-01-01", step_seconds: 1, levels: {INFO: [7, 3]}, scanned}); return counts.estimate(["INFO"]); };
        return [counts.estimate([]), of(1), of(0.25), of(0)];"""
    )
    assert found == [
        None,
        {"number": 10, "isSure": True},
        {"number": 40, "isSure": False},
        {"number": 10, "isSure": False},
    ]


# ---- announcer


def test_new_entries_are_told_as_numbers_now_and_then(run: Any) -> None:
    """One sentence in ten seconds at most; of errors alone, or of nothing, where that is wanted."""
    found = run(
        """let now = 0, wanted = "all"; const said = [], due = [];
        const one = new lc.Announcer({say: (text) => said.push(text), wanted: () => wanted, now: () => now, later: (run, ms) => due.push([run, ms])});
        const info = [{level: "INFO"}], bad = [{level: "ERROR"}], speak = () => due.shift()[0]();
        one.add(info); one.add(info); const first = due.length; speak(); now = 4000; one.add(bad); const wait = due[0][1]; now = 10000; speak();
        wanted = "errors"; one.add(info); const silent = due.length; one.add(bad); speak(); wanted = "off"; one.add(bad);
        return [said, first, wait, silent, due.length];"""
    )
    assert found == [["2 new entries", "1 new entry, 1 error", "2 new entries, 1 error"], 1, 6000, 0, 0]
