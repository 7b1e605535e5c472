"""What both commands share: choosing a store and its entries, and reading without a trace."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, load_command_class
from pytest_django import Settings

from logconsole.entry import Entry
from logconsole.handlers import JSONLHandler
from logconsole.stores.file import FileStore
from tests.management.conftest import Call
from tests.management.processes import ROOT, TWINS, ran, snapshot
from tests.records import entry

BOTH = pytest.mark.parametrize("command", [("tail_logs", "--no-follow"), ("export_logs", "--format=text")])


def made(message: str, **values: Any) -> Entry:
    """An entry with these values of its keys."""
    return Entry(ts="2026-11-23T07:35:40.123456Z", msg=message, **{"level": "INFO", **values})


def shown(text: str) -> list[str]:
    """The messages in the text form."""
    return [line.rpartition(": ")[2] for line in text.splitlines()]


@BOTH
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--level=warning"], ["warned", "failed"]),
        (["--level=WARN"], ["warned", "failed"]),
        (["--level=Critical"], []),
        (["--logger=shop"], ["warned", "failed"]),
        (["--logger=shop.ORDERS"], ["failed"]),
        (["--service=worker 2"], ["failed"]),
        (["--service=a\"b OR c) (:'"], ["quoted"]),
        (["--query=warned OR quoted"], ["warned", "quoted"]),
        (["--query=warned OR quoted", "--level=WARNING"], ["warned"]),
        (["--query=OR plain", "--level=INFO"], []),
        (["--logger=", "--service=", "--query="], ["plain", "warned", "failed", "quoted"]),
        (["--since=2026-11-23T07:35:40.2Z"], []),
        (["--since=2026-11-23 07:35:40"], ["plain", "warned", "failed", "quoted"]),
    ],
)
def test_options_choose_entries(
    call: Call, store: FileStore, command: tuple[str, ...], options: list[str], expected: list[str]
) -> None:
    """Each option narrows, together they narrow further, and no value of one can be read as a query."""
    store.append(made("plain", logger="other"))
    store.append(made("warned", logger="shop", level="WARNING"))
    store.append(made("failed", logger="shop.orders", level="ERROR", service="worker 2"))
    store.append(made("quoted", logger="shopping", service="a\"b OR c) (:'"))
    assert shown(call(*command, *options)[0]) == expected


def test_level_may_be_one_of_the_project(call: Call, store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A level that was registered with logging is known by its name."""
    monkeypatch.setattr(logging, "_nameToLevel", logging._nameToLevel.copy())
    monkeypatch.setattr(logging, "_levelToName", logging._levelToName.copy())
    logging.addLevelName(25, "NOTICE")
    for number, level in ((20, "INFO"), (25, "NOTICE"), (30, "WARNING")):
        store.append(entry(level, level=number))
    assert shown(call("tail_logs", "--no-follow", "--level=notice")[0]) == ["NOTICE", "WARNING"]


@BOTH
@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--level=loud", "--level: 'loud' is no level; write one of DEBUG, INFO, WARNING, ERROR, CRITICAL."),
        ('--query="a', '--query: this " is never closed (position 1)'),
        ("--query=(a", "--query: this ( is never closed (position 1)"),
        ("--since=soon", "--since: 'soon' is not a time; write 15m, 2h, 3d, RFC 3339"),
        ("--store=nope", "There is no store 'nope' in LOGCONSOLE['STORES']; there are 'ring', 'file'."),
    ],
)
def test_wrong_option_says_what_is_right(call: Call, command: tuple[str, ...], option: str, message: str) -> None:
    """An error for the person who wrote it, with what to write instead."""
    with pytest.raises(CommandError) as raised:
        call(*command, option)
    assert str(raised.value).startswith(message)


@BOTH
def test_without_shared_store_says_what_to_configure(call: Call, settings: Settings, command: tuple[str, ...]) -> None:
    """With the ring alone there is nothing that another process could read."""
    settings.LOGCONSOLE = {}
    with pytest.raises(CommandError, match=r"logconsole\.stores\.file\.FileStore"):
        call(*command)


@BOTH
def test_store_that_cannot_be_made_is_told(call: Call, settings: Settings, command: tuple[str, ...]) -> None:
    """A misspelt option of a store is no traceback."""
    settings.LOGCONSOLE = {"STORES": {"file": {"BACKEND": "logconsole.stores.file.FileStore", "OPTIONS": {"dir": "x"}}}}
    with pytest.raises(CommandError, match=r"cannot be made: .*'dir'.*manage.py check"):
        call(*command)


@BOTH
def test_store_of_this_process_is_read_with_a_word(call: Call, command: tuple[str, ...]) -> None:
    """The ring can be chosen, but says that it knows of nobody else."""
    assert call(*command, "--store=ring") == call(*command, "--store=ring")
    assert call(*command, "--store=ring")[1].startswith("The store 'ring' keeps what its own process alone")


@BOTH
def test_missing_directory_is_told_and_not_made(call: Call, directory: Path, command: tuple[str, ...]) -> None:
    """Nothing was logged yet: that is no error, but worth a word."""
    out, err = call(*command)
    assert (out, err.splitlines()[0]) == ("", f"There is no directory {directory} yet: nothing was logged.")
    assert not directory.exists()


class LoggingStream(io.StringIO):
    """Logs whenever it is written to, as a stream of a project may."""

    def write(self, text: str) -> int:
        logging.getLogger("shop").warning("something was written")
        return super().write(text)


@BOTH
def test_what_is_logged_meanwhile_is_not_kept(
    configured: None, store: FileStore, directory: Path, command: tuple[str, ...]
) -> None:
    """A command's own work is not logged into the store that it reads; what follows it is."""
    store.append(entry("one"))
    logging.getLogger().addHandler(JSONLHandler())
    before, stream = snapshot(directory), LoggingStream()
    call_command(*command, stdout=stream, stderr=stream)
    assert "one" in stream.getvalue()
    assert snapshot(directory) == before
    logging.getLogger("shop").warning("after it")
    assert b"after it" in b"".join(path.read_bytes() for path in directory.glob("0*.jsonl"))


@pytest.mark.parametrize(
    "command",
    [
        ("tail_logs", "--no-follow"),
        ("export_logs",),
        ("export_logs", "--format=csv", "--output=../out.csv"),
        ("tail", "--no-follow", "-C3", "--query=7"),
        ("export", "--gzip", "--output=../out.csv"),
    ],
)
def test_process_leaves_the_directory_as_it_was(store: FileStore, directory: Path, command: tuple[str, ...]) -> None:
    """No file is made, written, touched, locked or rotated, though this process logs everything there."""
    for number in range(20):
        store.append(entry(f"entry {number}"))
    store.close()
    before = snapshot(directory)
    code, _, _ = ran(directory, *(part.replace("..", str(directory.parent)) for part in command))
    assert code == 0
    assert snapshot(directory) == before


ALL = pytest.mark.parametrize(
    "command",
    [
        ("tail_logs", "--no-follow"),
        ("export_logs", "--format=text"),
        ("tail", "--no-follow"),
        ("export", "--format=text"),
    ],
)


@ALL
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_is_utf8_in_any_locale(
    store: FileStore, directory: Path, command: tuple[str, ...], unbuffered: str
) -> None:
    """A pipe gets UTF-8, whatever Python was told about its encoding."""
    store.append(entry("Grüße, 世界"))
    values: dict[str, Any] = {
        "LC_ALL": "C",
        "PYTHONIOENCODING": "ascii",
        "PYTHONUTF8": "0",
        "PYTHONUNBUFFERED": unbuffered,
    }
    code, out, _ = ran(directory, *command, **values)
    assert (code, out.decode().endswith("shop.orders: Grüße, 世界\n")) == (0, True)


@ALL
def test_full_disk_is_told(store: FileStore, directory: Path, command: tuple[str, ...]) -> None:
    """An output that cannot be written ends in one line and a failure."""
    store.append(entry("one"))
    with open("/dev/full", "wb") as full:
        code, _, err = ran(directory, *command, stdout=full)
    who = f"logconsole {command[0]}" if command[0] in TWINS else "CommandError"
    assert (code, err) == (1, f"{who}: The output cannot be written: No space left on device\n")


@pytest.mark.parametrize("name", ["tail_logs", "export_logs"])
def test_every_option_is_documented(name: str) -> None:
    """The reference names what the command itself takes."""
    parser = load_command_class("logconsole", name).create_parser("manage.py", name)
    shared = {"--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback"}
    options = {action.option_strings[-1] for action in parser._actions} - shared
    text = (ROOT / "docs" / "reference" / "commands.md").read_text()
    assert {option for option in options if f"`{option}" not in text} == set()


def test_no_system_check_runs() -> None:
    """A site that is broken can still be looked into."""
    for name in ("tail_logs", "export_logs"):
        assert load_command_class("logconsole", name).requires_system_checks == []
