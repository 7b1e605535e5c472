"""`python -m logconsole`: the commands where there is no Django."""

from __future__ import annotations

import importlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from logconsole.cli.main import _parser, main
from logconsole.stores.file import FileStore
from tests.management.processes import ROOT, WITHOUT, environment, ran, started
from tests.records import entry
from tests.test_floor import PROJECT

BOTH = pytest.mark.parametrize("command", [("tail", "--no-follow"), ("export", "--format=text")])
CODE = """
import sys
from logconsole.cli.main import main
code = main(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
sys.exit(code)
"""
UNWANTED = {"asyncio", "channels", "csv", "django", "gzip", "logconsole.gzipped", "re2", "ssl", "subprocess"}


def filled(store: FileStore, *messages: str) -> None:
    """Entries with these messages."""
    for message in messages:
        store.append(entry(message))
    store.close()


def loaded(directory: Path, *arguments: str) -> set[str]:
    """The modules that a process has loaded when it is done."""
    command = [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{CODE}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return set(done.stderr.decode().splitlines()[-1].split())


@pytest.mark.parametrize(
    ("arguments", "extra"),
    [
        (["tail", "--no-follow", "--query=first", "-C1"], set()),
        (["export", "--format=csv"], set()),
        (["export", "--gzip"], {"logconsole.gzipped"}),
        (["tail", "--no-follow", "--query=/f[a-z]+t/"], {"re2"}),
    ],
)
def test_nothing_is_loaded_that_is_not_used(
    store: FileStore, directory: Path, arguments: list[str], extra: set[str]
) -> None:
    """No Django, no event loop where none waits, nothing that compresses where nothing is compressed."""
    filled(store, "first")
    assert loaded(directory, arguments[0], str(directory), *arguments[1:]) & UNWANTED == extra


@BOTH
def test_it_needs_no_django(store: FileStore, directory: Path, command: tuple[str, ...]) -> None:
    """In a process that cannot import it the entries are shown."""
    filled(store, "first", "second")
    blocked = environment(directory, PYTHONPATH=str(WITHOUT))
    with pytest.raises(subprocess.CalledProcessError):
        subprocess.run([sys.executable, "-c", "import django"], env=blocked, check=True, capture_output=True)
    code, out, _ = ran(directory, *command)
    assert (code, [line.rpartition(b": ")[2] for line in out.splitlines()]) == (0, [b"first", b"second"])


@BOTH
@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: None, "There is no directory {path}. It is the `directory` in the OPTIONS of a FileStore"),
        (lambda path: path.mkdir(), "There are no segments in {path}, so nothing was logged there. It is the"),
        (lambda path: path.write_text(""), "{path} is a file; give the directory that it lies in."),
    ],
    ids=["absent", "empty", "file"],
)
def test_a_directory_without_a_log_is_told(directory: Path, command: tuple[str, ...], make: object, told: str) -> None:
    """With what to do, and exit code 1; nothing is made."""
    make(directory)  # type: ignore[operator]
    before = sorted(directory.parent.rglob("*"))
    code, out, err = ran(directory, *command)
    assert (code, out) == (1, b"")
    assert err.startswith(f"logconsole {command[0]}: {told.format(path=directory)}")
    assert len(err.splitlines()) == 1
    assert sorted(directory.parent.rglob("*")) == before


@pytest.fixture
def nobody(directory: Path) -> list[str]:
    """What runs a command as a user who owns nothing here, though the way to the directory is open."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or not setpriv:
        pytest.skip("only root can become somebody else")
    for parent in directory.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    user = pwd.getpwnam("nobody")
    return [setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


@BOTH
@pytest.mark.parametrize(("kind", "mode"), [("directory", 0o750), ("segment", 0o755)])
def test_what_may_not_be_read_is_told(
    store: FileStore, directory: Path, nobody: list[str], command: tuple[str, ...], kind: str, mode: int
) -> None:
    """Whose it is, and with which rights: then one knows as whom to come again."""
    filled(store, "first")
    directory.chmod(mode)
    name, *options = command
    line = [*nobody, sys.executable, "-m", "logconsole", name, str(directory), *options]
    values = {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(line, cwd=ROOT, env=environment(directory, **values), capture_output=True, text=True)
    if "No module named logconsole" in done.stderr or "PermissionError" in done.stderr:
        pytest.skip("that user cannot read this checkout")
    assert (done.returncode, done.stdout) == (1, "")
    path = directory if kind == "directory" else directory / f"{0:020}.jsonl"
    rights = "root:root, drwxr-x---" if kind == "directory" else "root:root, -rw-r-----"
    assert done.stderr == (
        f"logconsole {name}: The {kind} {path} cannot be read ({rights}): Permission denied."
        " Run this as a user who may, for example with sudo.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--level=loud"], "--level: 'loud' is no level"),
        (['--query="a'], '--query: this " is never closed'),
        (["--since=soon"], "--since: 'soon' is not a time"),
        (["-C", "1001"], "argument -C/--context: '1001' is no number of entries from 0 to 1,000"),
        (["-B", "-1"], "argument -B/--before-context: '-1' is no number of entries"),
        (["--format=xml"], "argument --format: invalid choice: 'xml'"),
        (["--no-color", "--force-color"], "not allowed with argument"),
    ],
)
@pytest.mark.parametrize("name", ["tail", "export"])
def test_a_wrong_option_is_a_wrong_usage(
    store: FileStore, directory: Path, capsys: pytest.CaptureFixture[str], name: str, arguments: list[str], told: str
) -> None:
    """Exit code 2, and what is right."""
    filled(store, "first")
    try:
        code: object = main([name, str(directory), *arguments])
    except SystemExit as left:
        code = left.code
    assert (code, told in capsys.readouterr().err) == (2, True)


def test_a_negative_count_is_refused(store: FileStore, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There are no fewer than no entries."""
    filled(store, "first")
    assert main(["tail", str(directory), "-n", "-1"]) == 2
    assert capsys.readouterr().err == "logconsole tail: -n: a number of entries, 0 or more.\n"


def test_times_are_those_of_the_machine(store: FileStore, directory: Path) -> None:
    """There is no site whose time zone could be asked."""
    store.append(entry("first", created=1_795_420_800.0))  # 2026-11-23T08:00:00Z
    for zone, since, count in (
        ("UTC", "08:00", 1),
        ("UTC", "08:01", 0),
        ("Asia/Tokyo", "17:00", 1),
        ("Asia/Tokyo", "17:01", 0),
    ):
        _, out, _ = ran(directory, "tail", "--no-follow", f"--since=2026-11-23 {since}", TZ=zone)
        assert len(out.splitlines()) == count, (zone, since)


def test_help_names_both(capsys: pytest.CaptureFixture[str]) -> None:
    """And what they are for."""
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    assert "tail" in shown
    assert "export" in shown
    assert "without Django" in shown


@pytest.mark.parametrize("arguments", [[], ["head"], ["tail"]])
def test_it_says_what_is_missing(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """A command, or a directory."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert (left.value.code, capsys.readouterr().err[:6]) == (2, "usage:")


@pytest.mark.parametrize(("name", "code"), [("tail", 0), ("export", 130)])
def test_a_signal_that_comes_early_is_no_traceback(
    tmp_path: Path, store: FileStore, directory: Path, name: str, code: int
) -> None:
    """While the modules are still being loaded, which is most of the time that it takes."""
    filled(store, "first")
    slow = tmp_path / "slow"
    slow.mkdir()
    waiting = "import signal, sys; print('loading', file=sys.stderr, flush=True); signal.pause()\n"
    (slow / "msgspec.py").write_text(waiting)
    line = ["env", f"PYTHONPATH={slow}", sys.executable, "-m", "logconsole", name, str(directory)]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert process.stderr.readline() == "loading\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, out, err) == (code, "", "")


def test_an_ignored_signal_stays_ignored(store: FileStore, directory: Path) -> None:
    """Under `nohup` a closed terminal does not end it."""
    filled(store, "first")
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with started(directory, "tail") as tail:
            assert tail.stdout
            assert tail.stdout.readline().endswith("first\n")
            tail.send_signal(signal.SIGHUP)
            store.append(entry("second"))
            assert tail.stdout.readline().endswith("second\n")
    finally:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def test_it_is_installed_as_a_command() -> None:
    """`logconsole`, the same as `python -m logconsole`."""
    module, _, name = PROJECT["project"]["scripts"]["logconsole"].partition(":")
    assert getattr(importlib.import_module(module), name) is main


def test_every_option_is_documented() -> None:
    """The reference names all that both take."""
    text = (ROOT / "docs" / "reference" / "commands.md").read_text()
    parser = _parser()
    commands = next(action for action in parser._actions if action.choices)
    assert commands.choices
    for command in commands.choices.values():  # type: ignore[attr-defined]
        options = {action.option_strings[-1] for action in command._actions if action.option_strings} - {"--help"}
        assert {option for option in options if f"`{option}" not in text} == set()
