"""Searching a whole store: our engine, in the process and through a real server, beside the tools people would use.

    python bench/search.py [--size 1000] [--only NAME,...] [--rounds 3] [--quick] [--corpus DIRECTORY]

The store is made once (seeded, 30 segments, seven days) and kept in a cache; readers get hard links to it. What can
answer a query is asked in turns, for several rounds, from the page cache; ratios are of the fastest rounds. The hits
are known from the making, and every answer is held against them. Names for `--only`: those of the queries, and
`exports`, `delay`, `commands`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.search_parts import aims, commands, rounds, site
from bench.search_parts.corpus import Corpus
from bench.search_parts.processes import Process, Took, started
from bench.search_parts.queries import QUERIES, Asked
from bench.search_parts.rounds import OURS, WHOLE, Rounds, Rows, Target
from bench.search_parts.tools import COMMANDS, missing

LENGTHY = ("jq", "jq, awk", "lnav")
"""Tools that take many seconds; in the quick form they are asked only where an aim names them."""


class Bench:
    """All that is asked, and where."""

    def __init__(self, stack: ExitStack, corpus: Corpus, small: Corpus, *, is_quick: bool) -> None:
        self.corpus, self.is_quick = corpus, is_quick
        self.directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.store = stack.enter_context(corpus.store())
        self.small = stack.enter_context(small.store())
        self.site = stack.enter_context(site.served(self.directory, self.store))
        self.web = stack.enter_context(started("web", self.site.url))
        self.ours = stack.enter_context(started("ours", environment=self.site.environment))
        self.tools = stack.enter_context(started("tools"))
        self.libraries = {name: stack.enter_context(started(name)) for name in ("duck", "polar")}
        for process in (self.web, self.ours, self.tools):
            assert process.is_there, process.said()

    def targets(self, asked: Asked) -> dict[str, Target | str]:
        """Whoever can answer it; or why not."""
        found: dict[str, Target | str] = {OURS: lambda store: self.ours.ask(asked.name, str(store))}
        if asked.name == "newest":
            found["ours at 10 MB"] = lambda store: replace(self.ours.ask(asked.name, str(self.small)), mark="")
        if asked.name != "timeline_cold":
            found[WHOLE] = lambda store: site.asked(self.site, self.web, asked.name, str(store))
        for name, command in COMMANDS.get(asked.name, {}).items():
            found[name] = self.tool(asked, name, command)
        for name, script in (("DuckDB", "duck"), ("Polars", "polar")):
            found[name] = library(self.libraries[script], asked)
        return found

    def tool(self, asked: Asked, name: str, command: str) -> Target | str:
        """One of the command line."""
        if program := missing(command):
            return f"not installed: {program}"
        if (
            self.is_quick
            and name in LENGTHY
            and not any(aim.query == asked.name and aim.peer == name for aim in aims.AIMS)
        ):
            return "left out by --quick"
        return lambda store: self.tools.ask(asked.name, str(store), name, self.corpus.truth)

    def query(self, asked: Asked, times: Rounds) -> Rows:
        """Measure one, and print it."""
        targets, is_cold = self.targets(asked), asked.name == "timeline_cold"
        rows = rounds.measured(targets, self.corpus, self.store, times, is_cold=is_cold)
        rounds.tell(asked, rows, targets, asked.hits(self.corpus.truth))
        return rows

    def exports(self) -> dict[str, list[Took]]:
        """Everything, in each format, through the page and by the command."""
        rows = {f"download, {form}": [site.asked(self.site, self.web, "download", "", form)] for form in site.FORMATS}
        rows |= commands.exports(self.site)
        commands.tell_exports(rows)
        return rows


def library(process: Process, asked: Asked) -> Target | str:
    """One that is imported."""
    if not process.is_there:
        return "not installed"
    return lambda store: process.ask(asked.name, str(store))


def run(bench: Bench, names: list[str], times: Rounds) -> None:
    """Measure what is named, and hold it against the aims."""
    bench.corpus.read()
    bench.ours.ask("timeline", str(bench.store))  # whatever is built once has been built
    print("\n## Queries")
    found = {name: bench.query(asked, times) for name, asked in QUERIES.items() if name in names}
    exports = bench.exports() if "exports" in names else {}
    delays = site.delays(bench.site, bench.web, 3 if bench.is_quick else 15) if "delay" in names else []
    if delays:
        site.tell_delays(delays)
    startup = commands.startup(bench.site, bench.store, max(times.count, 5)) if "commands" in names else {}
    if startup:
        commands.tell_startup(startup)
    truth, busy = bench.corpus.truth, delays[1][1] if delays else None
    lines = [*aims.of_queries(found, truth), *aims.of_others(exports, truth["lines"], busy, startup)]
    aims.tell(lines)


def main() -> None:
    """Read the options and run."""
    known = [*QUERIES, "exports", "delay", "commands"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, help="MB; default: 1000, with --quick 100")
    parser.add_argument("--only", default=",".join(known), help=f"some of {', '.join(known)}")
    parser.add_argument("--rounds", type=int, help="default: 3, with --quick 2")
    parser.add_argument("--quick", action="store_true", help="less of all; about a minute")
    parser.add_argument("--corpus", type=Path, default=Path(tempfile.gettempdir()) / "logconsole-bench")
    options = parser.parse_args()
    names = options.only.split(",")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started ends, what was made goes
    if unknown := set(names) - set(known):
        parser.error(f"--only: {', '.join(sorted(unknown))}: not one of {', '.join(known)}")
    corpus = Corpus(options.corpus, options.size or (100 if options.quick else 1000))
    print(f"{corpus.truth['bytes'] / 1e6:,.0f} MB, {corpus.truth['lines']:,} lines, {os.cpu_count()} processors")
    with ExitStack() as stack:
        bench = Bench(stack, corpus, Corpus(options.corpus, 10), is_quick=options.quick)
        times = Rounds(options.rounds or 2, slow=1.0) if options.quick else Rounds(options.rounds or 3)
        run(bench, names, times)


if __name__ == "__main__":
    main()
