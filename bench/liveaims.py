"""What the live view is to reach, and by how much it does, or does not: the last table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from bench.liverun import Row

POLL = 100.0  # ms, the file store's default
FAST = {"ring": 10_000, "file": 9_000}
Figure = Callable[[Row], float]


def aims(rows: list[Row]) -> None:
    """Print them, for what was measured."""
    print("\n## Aims\n\n| aim | measured | bound | reached |\n|---|---|---|---|")
    for name, value, bound, is_least in [*own(rows), *against(rows)]:
        is_reached = value >= bound if is_least else value <= bound
        sign = ">=" if is_least else "<="
        by = "yes" if is_reached else f"no, {abs(value / bound - 1):.0%} off" if bound else "no"
        print(f"| {name} | {value:,.2f} | {sign} {bound:,.2f} | {by} |")


def own(rows: list[Row]) -> Iterator[tuple[str, float, float, bool]]:
    """Those that need no peer."""
    ours = [row for row in rows if row.target.startswith(("ring", "file"))]
    if ours:
        yield (
            "lost, duplicated, out of order",
            sum(row.lost + row.duplicated + row.disordered for row in ours),
            0,
            False,
        )
    for store in ("ring", "file"):
        for rate, clients, bound in ((1_000, 10, 25.0), (1_000, 100, 110.0), (10_000, 10, 100.0)):
            for row in those(ours, store, rate, clients):
                yield f"{store}: p99 ms, {rate:,}/s, {clients} clients", row.p99, bound, False
        whole = [row.produced for row in ours if row.target.startswith(store) and row.clients == 10 and not row.missed]
        if whole:
            yield f"{store}: most entries/s to 10 clients, all delivered", max(whole), FAST[store], True
        for row in those(rows, f"cost, {store}", 1_000, 100, by=""):
            yield f"{store}: logging call with 100 viewers, x nobody", row.call, 1.2, False
    for row in ours:
        if row.by != "own threads":
            yield f"{row.by}: p99 ms, {row.offered:,}/s, {row.clients} clients", row.p99, POLL + 25, False
    asked = [row.produced / row.offered for row in ours if row.offered == 1_000]
    if asked:
        yield "share of 1,000/s that is produced, least", min(asked), 0.99, True


def against(rows: list[Row]) -> Iterator[tuple[str, float, float, bool]]:
    """Ours by frontail's; the ring, as it has no file to wait for, and another process through the file, as it has."""
    bounds: tuple[tuple[str, Figure, int, int, float], ...] = (
        ("p50", lambda row: row.p50, 1_000, 100, 0.1),
        ("p99", lambda row: row.p99, 1_000, 100, 0.1),
        ("server CPU", lambda row: row.cpu, 1_000, 100, 1 / 3),
        ("RSS growth", lambda row: max(row.memory, 0.1), 1_000, 100, 0.1),
        ("p99", lambda row: row.p99, 10_000, 10, 1 / 8),
        ("p99", lambda row: row.p99, 1_000, 10, 2.5),
    )
    for name, figure, rate, clients, bound in bounds:
        for peer in those(rows, "frontail", rate, clients, by="1 other process"):
            how = peer.target.partition(", ")[2]
            for store, by in (("ring", "own threads"), ("file", "own threads"), ("file", "1 other process")):
                for row in list(those(rows, store, rate, clients, by=by))[:1]:
                    told = f"{store}, {by}: {name} x frontail ({how}), {rate:,}/s, {clients} clients"
                    yield told, figure(row) / figure(peer), bound, False


def those(rows: Iterable[Row], target: str, rate: int, clients: int, by: str = "own threads") -> Iterator[Row]:
    """The rows of that kind that were measured."""
    for row in rows:
        if row.target.startswith(target) and (row.offered, row.clients, row.by, row.note) == (rate, clients, by, ""):
            yield row
