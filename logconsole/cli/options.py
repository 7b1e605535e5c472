"""The options of the commands, the same for `manage.py` and for `python -m logconsole`."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError

from logconsole.record import LEVELS
from logconsole.times import ALLOWED

TAIL = "Shows the last log entries, then follows what is logged by any process, until Ctrl-C."
EXPORT = "Writes the log entries that match, oldest first, to stdout or into a file."
STORE = "which store of LOGCONSOLE to read"
MAX_CONTEXT = 1_000  # entries on one side of a match: they are held in memory


def add_tail(parser: ArgumentParser) -> None:
    """The options of `tail`."""
    parser.add_argument(
        "-n", type=int, default=50, metavar="COUNT", help="how many matches to begin with (default: 50)"
    )
    parser.add_argument("--no-follow", action="store_true", help="do not wait for more")
    _add_choosing(parser)
    parser.add_argument(
        "--format", choices=("text", "jsonl"), default="text", help="text (default), or the entries as they are kept"
    )


def add_export(parser: ArgumentParser) -> None:
    """The options of `export`."""
    _add_choosing(parser)
    parser.add_argument("--until", metavar="WHEN", help="made before then, in the forms of --since")
    parser.add_argument("--format", choices=("jsonl", "text", "csv"), default="jsonl", help="default: jsonl")
    parser.add_argument("--output", metavar="PATH", help="a file, which appears when it is complete; .gz compresses")
    parser.add_argument("--gzip", action="store_true", help="compress stdout too, or a file of any name")


def _add_choosing(parser: ArgumentParser) -> None:
    parser.add_argument("--level", metavar="MIN", help=f"this level and above: {', '.join(LEVELS)}")
    parser.add_argument("--logger", metavar="NAME", help="of this logger and its children")
    parser.add_argument("--service", metavar="NAME", help="of this service")
    parser.add_argument("--query", metavar="Q", help="what to look for, as in the console's search")
    parser.add_argument("--since", metavar="WHEN", help=f"made then or later: {ALLOWED}")
    for short, name, where in (
        ("-C", "--context", "around"),
        ("-B", "--before-context", "before"),
        ("-A", "--after-context", "after"),
    ):
        parser.add_argument(
            short, name, type=_few, metavar="N", help=f"show N entries {where} each match too, whatever they are"
        )


def _few(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) <= MAX_CONTEXT):
        raise ArgumentTypeError(f"{value!r} is no number of entries from 0 to {MAX_CONTEXT:,}")
    return int(value)
