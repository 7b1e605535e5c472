"""What stands in the documentation to be copied works as it stands there."""

from __future__ import annotations

import ast
import configparser
import doctest
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from logconsole.checks import check_configuration
from logconsole.cli.main import _parser
from logconsole.query import Query
from tests.docs.pages import Block, blocks, first_column, page

KNOWN = get_commands()
FOREIGN = {"count_stock", "work", "db_worker"}  # commands of a reader's own, or of another package


def is_shown(block: Block) -> bool:
    """Whether it leaves something out, as an example may."""
    return "    ...\n" in block.text


def parsed(text: str) -> ast.Module:
    """The code without what it leaves out, or what is the inside of a dictionary."""
    text = "\n".join(line for line in text.splitlines() if line.strip() != "...")
    try:
        return ast.parse(text)
    except SyntaxError:
        return ast.parse("{" + text + "}")


SESSIONS = [block for block in blocks("python") if block.text.startswith(">>> ")]
CODE = [block for block in blocks("python") if block not in SESSIONS]


@pytest.mark.parametrize("block", SESSIONS, ids=str)
def test_a_session_says_what_python_says(block: Block, settings: Any) -> None:
    """Line by line, with the names that its page has hidden above."""
    settings.LOGCONSOLE = {"REDACT": ["iban"]}
    test = doctest.DocTestParser().get_doctest(block.text, {}, str(block), None, 0)
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize("block", CODE, ids=str)
def test_python_is_python(block: Block) -> None:
    """Each block parses by itself."""
    assert parsed(block.text).body


def settings_of(block: Block, directory: Path) -> dict[str, Any]:
    """What the block sets, run as in a settings module."""
    names: dict[str, Any] = {"BASE_DIR": directory, "os": os, "INSTALLED_APPS": [], "MIDDLEWARE": []}
    exec(compile(block.text, str(block.page), "exec"), names)  # noqa: S102  # our own documentation
    return names


CONFIGURED = [block for block in blocks("python") if block.text.count("LOGCONSOLE = {") and not is_shown(block)]


@pytest.mark.parametrize("block", CONFIGURED, ids=str)
def test_settings_are_understood(block: Block, settings: Any, tmp_path: Path) -> None:
    """No check calls them an error; a rule of a project's own is not there to be asked."""
    settings.LOGCONSOLE = settings_of(block, tmp_path)["LOGCONSOLE"]
    found = [message for message in check_configuration() if message.is_serious()]
    assert [message for message in found if "shop.rules" not in message.msg] == []


LOGGED = [block for block in blocks("python") if "LOGGING = {" in block.text and not is_shown(block)]


@pytest.mark.parametrize("block", LOGGED, ids=str)
def test_logging_is_configured(block: Block, tmp_path: Path) -> None:
    """`dictConfig` takes it."""
    import logging.config

    logging.config.dictConfig(settings_of(block, tmp_path)["LOGGING"])
    for handler in logging.getLogger("logconsole.audit").handlers:
        handler.close()


RUN = [
    block
    for block in CODE
    if "import" in block.text and "LOG" not in block.text and not is_shown(block) and "celery" not in block.text
]


@pytest.mark.parametrize("block", RUN, ids=str)
def test_code_that_imports_can_be_imported(block: Block, tmp_path: Path) -> None:
    """All that it imports is there; it runs, where it needs nothing of the reader's project."""
    tree = ast.parse(block.text)
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    exec(compile(ast.Module(imports, []), str(block.page), "exec"), {})  # noqa: S102  # our own documentation


@pytest.mark.parametrize("block", blocks("json"), ids=str)
def test_json_is_json(block: Block) -> None:
    """Each block by itself, but for the three dots that leave something out."""
    json.loads(block.text)


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_yaml_is_yaml(block: Block) -> None:
    """Each block by itself."""
    assert yaml.safe_load(block.text)


@pytest.mark.parametrize("block", blocks("ini"), ids=str)
def test_units_have_their_sections(block: Block) -> None:
    """As systemd reads them."""
    unit = configparser.RawConfigParser(strict=False)
    unit.read_string(block.text)
    assert unit.sections() == ["Unit", "Service", "Install"]


def commands() -> list[str]:
    """Every line that begins with one of our commands, without what comes behind a pipe."""
    lines = [line.strip() for block in blocks("", "console") for line in block.text.splitlines()]
    return [
        line for line in lines if "logs" in line and ("manage.py" in line or line.startswith("python -m logconsole"))
    ]


@pytest.mark.parametrize("line", commands())
def test_a_command_takes_these_options(line: str) -> None:
    """As they are written; nothing is run."""
    words = shlex.split(line.partition(" | ")[0].partition(" > ")[0].partition(" # ")[0], comments=True)
    words = words[words.index("python") + 1 :]
    if words[0] == "manage.py":
        name, *given = words[1:]
        load_command_class(KNOWN[name], name).create_parser("manage.py", name).parse_args(given)
    else:
        assert words[:2] == ["-m", "logconsole"]
        _parser().parse_args(words[2:])


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="argparse prints options otherwise since Python 3.13")
@pytest.mark.parametrize("command", ["tail", "export"])
def test_the_help_in_the_reference_is_current(command: str) -> None:
    """As the command prints it, a hundred columns wide."""
    environment = {**os.environ, "COLUMNS": "100"}
    said = subprocess.run(
        [sys.executable, "-m", "logconsole", command, "--help"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"```\n{said.stdout}```" in page("reference/commands.md")


@pytest.mark.parametrize("query", sorted(first_column("reference/query.md")))
def test_a_query_of_the_reference_can_be_asked(query: str) -> None:
    """What stands in the first column of its table."""
    if query not in ("field:value", r"\""):
        Query.parse(query)
