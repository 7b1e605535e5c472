"""What one process cannot write is told to every reader of the directory, and by the next process in an entry."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from logconsole.query import Query
from logconsole.stores import trouble
from logconsole.stores.file import FileStore
from logconsole.stores.trouble import Trouble
from tests.records import entry
from tests.stores.contract import messages
from tests.stores.instead import once

FULL = Trouble(1_204, 1_763_883_340.0, 28, "No space left on device")


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place for temporary files of its own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """The directory of a store."""
    (tmp_path / "logs").mkdir()
    return tmp_path / "logs"


def told_by(directory: Path, pid: int | str, host: str | None = None) -> None:
    """What another process has said."""
    name = f"trouble.{host or trouble._HOST}.{pid}"
    os.symlink(f"{FULL.count} {FULL.since:.0f} {FULL.code}", directory / name)


def gone() -> int:
    """The number of a process that has ended."""
    return int(subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], stdout=-1).stdout)


def gone_in(directory: Path) -> str:
    """The number in the one link there."""
    (link,) = directory.iterdir()
    return link.name.rpartition(".")[2]


def test_readers_are_told_what_another_process_cannot_write(logs: Path) -> None:
    """Number, since when and why; of several processes their sum since the first."""
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as other:
        told_by(logs, other.pid)
        told_by(logs, 1)
        said = FileStore(logs).trouble
    assert said.startswith("2,408 entries could not be written since ")
    assert said.endswith(": No space left on device")


def test_own_words_are_not_told_twice_and_end(logs: Path) -> None:
    """What this process said is replaced, and taken back when it is over."""
    for count in (1, 2):
        trouble.tell(str(logs), Trouble(count, 0.0, 28, ""))
    (name,) = os.listdir(logs)
    assert os.readlink(logs / name) == "2 0 28"
    assert trouble.told(str(logs)) == []
    trouble.end(str(logs))
    assert os.listdir(logs) == []


def test_directory_that_takes_nothing_is_told_beside_it(tmp_path: Path) -> None:
    """Where there is no directory to say it in, it is said among the temporary files, and nothing stays there."""
    logs = tmp_path / "logs"
    logs.write_text("in the way")
    store, reader = FileStore(logs), FileStore(logs)
    store.append(entry("held"))
    told_by(next((tmp_path / "temporary").iterdir()), 1)
    assert reader.trouble.startswith("1,204 entries could not be written since ")
    (next((tmp_path / "temporary").iterdir()) / f"trouble.{trouble._HOST}.1").unlink()
    logs.unlink()
    store.close()
    assert os.listdir(tmp_path / "temporary") == []


def test_losses_of_a_process_that_is_gone_become_an_entry(logs: Path) -> None:
    """The next one that logs tells them, before its own first entry, once; those of the living stay theirs."""
    told_by(logs, gone())
    told_by(logs, os.getppid())
    stores = FileStore(logs), FileStore(logs)
    for store in stores:
        store.append(entry("first"))
    told, *rest = messages(list(stores[0].scan(Query())))
    assert told == "1,204 entries are lost: from 2025-11-23T07:35:40.000000Z on they could not be written: " + (
        "No space left on device"
    )
    assert rest == ["first", "first"]
    assert [Path(path).name for path in map(str, logs.glob("trouble.*"))] == [f"trouble.{trouble._HOST}.{os.getppid()}"]


def test_losses_under_our_own_number_are_of_an_earlier_process(logs: Path) -> None:
    """In a container every process may be number 1."""
    told_by(logs, os.getpid())
    store = FileStore(logs)
    store.append(entry("first"))
    assert messages(list(store.scan(Query())))[0].startswith("1,204 entries are lost: ")


def test_another_host_is_believed_for_an_hour(logs: Path) -> None:
    """Whether its process lives cannot be seen from here."""
    told_by(logs, 7, host="other.example")
    store = FileStore(logs)
    store.append(entry("first"))
    assert messages(list(store.scan(Query()))) == ["first"]
    old = os.lstat(logs / "trouble.other.example.7").st_mtime - 2 * trouble.STALE_SECONDS
    os.utime(logs / "trouble.other.example.7", (old, old), follow_symlinks=False)
    again = FileStore(logs)
    again.append(entry("second"))
    assert messages(list(again.scan(Query())))[1].startswith("1,204 entries are lost: ")


@pytest.mark.parametrize("target", ["", "x", "1 2", "1 2 three", "-1 2 3", "1 2 3 4", "٣ 2 3"])
def test_words_of_others_are_no_trouble(logs: Path, target: str) -> None:
    """Whatever lies there under such a name is passed by."""
    (logs / "trouble.host").symlink_to("1 2 3")
    (logs / "trouble.host.9").write_text("1 2 3")
    if target:
        (logs / "trouble.host.8").symlink_to(target)
    assert trouble.told(str(logs)) == []


def test_a_place_that_others_fill_is_not_read_to_its_end(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look ends, and what it takes over too."""
    monkeypatch.setattr(trouble, "MOST", 10)
    for number in range(30):
        told_by(logs, 1, host=f"host{number}")
    assert len(trouble.told(str(logs))) == 10
    old = 1_000_000_000.0
    for link in logs.iterdir():
        os.utime(link, (old, old), follow_symlinks=False)
    assert len(trouble.taken_over(str(logs))) == 10


def test_a_link_in_place_of_the_place_beside_is_not_followed(tmp_path: Path) -> None:
    """Another user of the host may have put it there, to have links made where it leads."""
    logs, victim = tmp_path / "logs", tmp_path / "victim"
    logs.write_text("in the way")
    victim.mkdir(mode=0o700)
    aside = Path(trouble._aside(str(logs)))
    aside.symlink_to(victim)
    told_by(victim, gone())
    trouble.tell(str(logs), FULL)
    assert trouble.told(str(logs)) == trouble.taken_over(str(logs)) == []
    assert [path.name for path in victim.iterdir()] == [f"trouble.{trouble._HOST}.{gone_in(victim)}"]
    assert victim.stat().st_mode & 0o777 == 0o700


def test_what_other_users_say_beside_it_becomes_no_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shown, as nobody knows better; but in the log stands only what this user's processes have lost."""
    logs = tmp_path / "logs"
    logs.write_text("in the way")
    aside = Path(trouble._aside(str(logs)))
    aside.mkdir()
    told_by(aside, gone())
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    assert len(trouble.told(str(logs))) == 1
    assert trouble.taken_over(str(logs)) == []
    monkeypatch.undo()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    assert len(trouble.taken_over(str(logs))) == 1


def test_a_link_that_vanishes_meanwhile_harms_nobody(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are told, and taken over, all the same."""
    for number in range(3):
        told_by(logs, 1, host=f"host{number}")
    read = os.readlink

    def vanishing(path: str) -> str:
        if "host1" in path:
            raise FileNotFoundError(path)
        return read(path)

    monkeypatch.setattr(os, "readlink", vanishing)
    assert len(trouble.told(str(logs))) == 2
    monkeypatch.setattr(trouble, "_is_gone", lambda path: bool(os.lstat(path + ".gone")))
    assert trouble.taken_over(str(logs)) == []


def test_two_stores_of_one_process_do_not_bury_each_other(tmp_path: Path) -> None:
    """What this process itself said is not of an earlier one of its number."""
    logs = tmp_path / "logs"
    logs.write_text("in the way")
    one = FileStore(logs)
    one.append(entry("held"))
    logs.unlink()
    two = FileStore(logs)
    two.append(entry("of two"))
    one.close()
    assert messages(list(two.scan(Query()))) == ["of two", "held"]
    two.close()


def test_what_is_told_in_another_place_replaces_what_was_told_before(logs: Path, tmp_path: Path) -> None:
    """First beside the directory, then in it: the number counts once."""
    aside = tmp_path / "aside"
    logs.rename(aside)
    trouble.tell(str(logs), Trouble(100, 0.0, 20, ""))
    aside.rename(logs)
    trouble.tell(str(logs), Trouble(150, 0.0, 28, ""))
    assert [found.count for _, found in trouble._found(str(logs))] == [150]
    trouble.end(str(logs))
    assert list(trouble._found(str(logs))) == []


def test_what_was_given_up_at_the_end_is_told_by_who_can_still_write(tmp_path: Path) -> None:
    """An exit function logs after the store had given up, and there is room again."""
    logs = tmp_path / "logs"
    logs.write_text("in the way")
    store = FileStore(logs)
    for number in range(17):
        store.append(entry(str(number)))
    store.give_up()
    logs.unlink()
    store._backlog._retry_at = 0.0
    store.append(entry("a later exit function"))
    told, last = messages(list(store.scan(Query())))
    assert (told.startswith("17 entries are lost: "), last, store.lost) == (True, "a later exit function", 17)
    store.close()


def test_exception_of_a_signal_handler_loses_no_held_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raised while what was held is written: it is still held."""
    logs = tmp_path / "logs"
    logs.write_text("in the way")
    store = FileStore(logs)
    for number in range(5):
        store.append(entry(str(number)))
    logs.unlink()
    store._backlog._retry_at = 0.0

    def interrupt() -> None:
        raise KeyboardInterrupt

    once(monkeypatch, "write", interrupt)
    with pytest.raises(KeyboardInterrupt):
        store.append(entry("5"))
    store.append(entry("6"))
    store.close()
    assert messages(list(store.scan(Query()))) == [str(number) for number in range(7)]


def test_loss_of_the_parent_is_not_told_by_its_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forked child begins with nothing lost."""
    monkeypatch.setattr("logconsole.stores.backlog.MAX_LINES", 10)
    logs = tmp_path / "logs"
    logs.write_text("in the way")
    store = FileStore(logs)
    for number in range(17):
        store.append(entry(str(number)))
    child = os.fork()
    if not child:
        logs.unlink()
        store.append(entry("child"))
        store.close()
        os._exit(store.lost)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    store.close()
    texts = messages(list(store.scan(Query())))
    assert [text[:18] for text in texts if "lost" in text] == ["7 entries are lost"]
