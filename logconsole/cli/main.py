"""`python -m logconsole tail|export DIRECTORY`: the commands without Django, for a site that is broken."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import logconsole
from logconsole.cli.stopping import Signals, Stopped

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from logconsole.cli.command import Command

DIRECTORY = "of a FileStore: where its segments lie (*.jsonl)"
ABOUT = "Reads the log of a site from its directory, without Django and without the site's settings."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with Signals():
            options = vars(_parser().parse_args(given))
            return _run(_kind(options["command"]), options)
    except Stopped as stop:  # while it was still beginning
        return 0 if given[:1] == ["tail"] else 128 + stop.number


def _run(kind: type[Command], options: dict[str, Any]) -> int:
    from logconsole.cli.console import Console
    from logconsole.cli.directory import opened
    from logconsole.cli.failure import Failure

    console = Console()
    try:
        kind(options, console).run(lambda: opened(options["directory"]))
    except Failure as failure:
        console.say(f"logconsole {options['command']}: {failure}")
        return failure.code
    return 0


def _kind(name: str) -> type[Command]:
    """Imported when it is wanted."""
    if name == "tail":
        from logconsole.cli.tail import Tail

        return Tail
    from logconsole.cli.export import Export

    return Export


def _parser() -> ArgumentParser:
    from argparse import ArgumentParser

    from logconsole.cli import options

    parser = ArgumentParser(_program(), description=ABOUT)
    parser.add_argument("--version", action="version", version=f"logconsole {logconsole.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="tail|export")
    for name, about, add in (("tail", options.TAIL, options.add_tail), ("export", options.EXPORT, options.add_export)):
        command = commands.add_parser(name, help=about, description=about)
        command.add_argument("directory", metavar="DIRECTORY", help=DIRECTORY)
        add(command)
        colours = command.add_mutually_exclusive_group()
        colours.add_argument("--no-color", action="store_true", help="no colours")
        colours.add_argument("--force-color", action="store_true", help="colours in a pipe too")
    return parser


def _program() -> str:
    """How it was started, for the help."""
    return "python -m logconsole" if sys.argv[0].endswith("__main__.py") else "logconsole"
