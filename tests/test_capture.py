"""What is printed becomes entries, once, and reaches the real streams as before."""

from __future__ import annotations

import contextlib
import contextvars
import copy
import gc
import io
import json
import logging
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from logconsole import capture, conf, lifetime
from logconsole import printed as lines
from logconsole.handlers import RingBufferHandler
from logconsole.query import Query
from logconsole.tee import Tee
from tests.children import told

log = logging.getLogger("shop")


@pytest.fixture(autouse=True)
def _kept(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every record is kept in memory, and the streams are as before in the end; no line is shown before its end."""
    monkeypatch.setattr(lines, "PATIENCE", 3600.0)
    monkeypatch.setattr(lines, "LOOK", 0.01)
    settings.LOGCONSOLE = {}
    logging.getLogger().addHandler(RingBufferHandler())
    logging.getLogger().setLevel(logging.INFO)
    yield
    capture.release_output()


Streams = tuple[io.StringIO, io.StringIO]


@pytest.fixture
def capturing(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Streams]:
    """Put streams of a terminal in place, captured; to be called by the test, since pytest has its own until then."""

    def begin() -> Streams:
        made = io.StringIO(), io.StringIO()
        monkeypatch.setattr(sys, "stdout", made[0])
        monkeypatch.setattr(sys, "stderr", made[1])
        capture.capture_output()
        return made

    return begin


def entries() -> list[Any]:
    """What was kept."""
    return list(conf.get_store("ring").scan(Query()))


def printed() -> list[str]:
    """The messages of it."""
    return [entry.msg for entry in entries()]


def write(*texts: str) -> None:
    """To stdout, as it is."""
    for text in texts:
        sys.stdout.write(text)


def test_what_is_printed_is_an_entry(capturing: Callable[[], Streams]) -> None:
    """stdout at INFO, stderr at WARNING; with thread, caller and request of whoever printed."""
    capturing()
    with lifetime.belonging("abc", ""):
        print("one")  # noqa: T201
        print("two", file=sys.stderr)  # noqa: T201
    first, second = entries()
    assert (first.msg, first.level, first.logger) == ("one", "INFO", "logconsole.stdout")
    assert (second.msg, second.level, second.logger) == ("two", "WARNING", "logconsole.stderr")
    assert {entry.request_id for entry in (first, second)} == {"abc"}
    assert first.caller.startswith("tests/test_capture.py:")
    assert first.thread == threading.current_thread().name


def test_the_real_stream_gets_everything(capturing: Callable[[], Streams]) -> None:
    """Every character, at once; what `write` says of it, too."""
    streams = capturing()
    assert sys.stdout.write("half") == 4
    sys.stdout.writelines(["a\n", "\r\n\n"])
    print("é\0", end="", flush=True)  # noqa: T201
    assert streams[0].getvalue() == "halfa\n\r\n\né\0"
    assert streams[1].getvalue() == ""


def test_a_stream_is_what_it_was_besides(capturing: Callable[[], Streams]) -> None:
    """Whoever asks it something gets the answer of the real one; errors are those of the real one."""
    streams = capturing()
    assert not sys.stdout.isatty()
    with pytest.raises(io.UnsupportedOperation):
        sys.stdout.fileno()
    with pytest.raises(TypeError):
        sys.stdout.write(5)  # type: ignore[arg-type]
    assert isinstance(copy.copy(sys.stdout), Tee)
    streams[0].close()
    with pytest.raises(ValueError, match="closed"):
        print("one")  # noqa: T201
    assert entries() == []


@pytest.mark.parametrize("is_early", [True, False])
def test_nothing_is_double_beside_a_console_handler(monkeypatch: pytest.MonkeyPatch, is_early: bool) -> None:
    """Made before or after: a record is one line and one entry, and so is what is printed."""
    terminal = io.StringIO()
    monkeypatch.setattr(sys, "stderr", terminal)
    if not is_early:
        capture.capture_output()
    logging.getLogger().addHandler(logging.StreamHandler())
    capture.capture_output()
    log.warning("logged")
    print("printed", file=sys.stderr)  # noqa: T201
    assert printed() == ["logged", "printed"]
    assert terminal.getvalue() == "logged\nprinted\n"


def test_a_logger_without_handlers_is_not_double(capturing: Callable[[], Streams]) -> None:
    """What `logging` prints as a last resort was logged by whoever wanted it."""
    streams = capturing()
    logging.getLogger().handlers.clear()
    log.warning("last resort")
    logging.getLogger().addHandler(RingBufferHandler())
    assert (streams[1].getvalue(), entries()) == ("last resort\n", [])


def test_a_handler_of_another_kind_hears_what_is_printed(
    capturing: Callable[[], Streams], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file, a service: whatever does not print. Levels and `propagate` hold as ever."""
    capturing()
    own, above = io.StringIO(), io.StringIO()
    logging.getLogger("logconsole.stdout").addHandler(logging.StreamHandler(own))
    logging.getLogger().addHandler(logging.StreamHandler(above))
    logging.getLogger().handlers[-1].setLevel(logging.WARNING)
    write("one\n")
    sys.stderr.write("two\n")
    logging.getLogger("logconsole.stdout").propagate = False
    write("three\n")
    logging.getLogger("logconsole.stdout").setLevel(logging.ERROR)
    write("four\n")
    monkeypatch.setattr(logging.getLogger("logconsole.stderr"), "filters", [lambda record: False])
    sys.stderr.write("five\n")
    assert (own.getvalue(), above.getvalue(), printed()) == ("one\nthree\n", "two\n", ["one", "two"])


def test_a_handler_that_prints_or_fails_does_no_harm(
    capturing: Callable[[], Streams], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither for ever, nor into the code that prints; what is not kept is told, once a minute."""
    streams = capturing()

    class Chatty(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            print("I have", record.getMessage())  # noqa: T201

        def handle(self, record: logging.LogRecord) -> bool:
            self.emit(record)
            raise RuntimeError("broken")

    real = io.StringIO()
    monkeypatch.setattr(sys, "__stderr__", real)
    logging.getLogger("logconsole.stdout").addHandler(Chatty())
    write("one\n", "two\n")
    assert streams[0].getvalue() == "one\nI have one\ntwo\nI have two\n"
    assert entries() == []
    assert real.getvalue().count("\n") <= 1


def test_twice_is_once_and_back_is_back(capturing: Callable[[], Streams]) -> None:
    """Capturing again changes nothing, also where somebody has wrapped the stream; releasing undoes it."""
    streams = capturing()
    mine = sys.stdout
    capture.capture_output()
    assert sys.stdout is mine

    class Wrapper:
        def write(self, text: str) -> int:
            return mine.write(text)

    sys.stdout = Wrapper()  # type: ignore[assignment]
    capture.capture_output()
    write("one\n")
    assert printed() == ["one"]
    capture.release_output()
    write("two\n")
    assert (printed(), isinstance(sys.stdout, Wrapper), sys.stderr is streams[1]) == (["one"], True, True)
    assert streams[0].getvalue() == "one\ntwo\n"


def test_a_stream_that_is_none_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process without a terminal may have none."""
    monkeypatch.setattr(sys, "stdout", None)
    capture.capture_output()
    print("nowhere")  # noqa: T201
    assert sys.stdout is None


def test_the_console_at_work_is_not_heard(capturing: Callable[[], Streams]) -> None:
    """What is printed while entries are delivered would be delivered, printed, delivered..."""
    capturing()
    with lifetime.delivery():
        write("delivered\n", "half")
    write(" done\n")
    assert printed() == [" done"]


def test_what_other_processes_write_is_not_seen(capturing: Callable[[], Streams]) -> None:
    """They have the file, not the object; so has C code."""
    capturing()
    subprocess.run([sys.executable, "-c", "print('child')"], check=True, stdout=subprocess.DEVNULL)
    os.write(1, b"")
    assert entries() == []


def test_a_line_without_an_end_is_shown_soon(capturing: Callable[[], Streams], monkeypatch: pytest.MonkeyPatch) -> None:
    """By a thread that is there only as long as a line is unfinished; its rest is another entry."""
    monkeypatch.setattr(lines, "PATIENCE", 0.01)
    capturing()
    with lifetime.belonging("abc", ""), lines._state.lock:
        write("Working... ")
        waiting = lines._state.thread
    assert waiting is not None
    waiting.join()
    (entry,) = entries()
    assert (entry.msg, entry.request_id, entry.thread) == ("Working... ", "abc", threading.current_thread().name)
    write("done\n")
    assert printed() == ["Working... ", "done"]
    assert lines._state.unfinished == set()


def test_a_whole_line_holds_nothing_of_its_request(capturing: Callable[[], Streams]) -> None:
    """What the context of a request holds is let go of with it."""
    capturing()
    held: contextvars.ContextVar[Any] = contextvars.ContextVar("held")

    def serve() -> weakref.ref[Any]:
        made = threading.Event()
        held.set(made)
        print("one")  # noqa: T201
        return weakref.ref(made)

    made = contextvars.copy_context().run(serve)
    gc.collect()
    assert made() is None


def test_a_progress_bar_is_its_last_state(capturing: Callable[[], Streams]) -> None:
    """However often it is drawn; what is held of it is one line."""
    capturing()
    for number in range(10_000):
        write(f"\r{number / 100:6.2f} %")
    assert len(lines._state.unfinished.copy().pop().text) < 20
    write("\n", "50 %\r", "100 %\r\n", "\r\r\n")
    assert printed() == [" 99.99 %", "100 %"]


def test_a_bar_that_goes_on_is_shown_less_and_less_often(
    capturing: Callable[[], Streams], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice as much patience each time, until a line ends."""
    monkeypatch.setattr(lines, "MOST_PATIENCE", 5.0)
    monkeypatch.setattr(lines, "PATIENCE", 1.0)
    monkeypatch.setattr(lines, "_see_to_unfinished", lambda: None)
    capturing()
    patience = []
    for _ in range(4):
        write("\r50 %")
        (line,) = lines._state.unfinished
        patience.append(line._patience)
        line.end()
    write("\n", "next")
    (line,) = lines._state.unfinished
    assert (patience, line._patience) == ([1.0, 2.0, 4.0, 5.0], 1.0)


def test_a_line_without_end_is_cut(capturing: Callable[[], Streams]) -> None:
    """Memory is bounded, and nothing is lost."""
    capturing()
    for _ in range(10):
        write("x" * 5_000)
    assert len(lines._state.unfinished.copy().pop().text) <= lines.LONGEST
    write("\n")
    assert "".join(printed()) == "x" * 50_000


def test_very_many_lines_at_once_are_not_as_many_entries(capturing: Callable[[], Streams]) -> None:
    """The last ones are one."""
    capturing()
    write("\n".join(map(str, range(5_000))) + "\n")
    found = printed()
    assert len(found) == lines.MOST
    assert "\n".join(found).split("\n") == list(map(str, range(5_000)))


def test_threads_do_not_mix_their_lines(capturing: Callable[[], Streams]) -> None:
    """Each has its own, although `print` writes a line in two parts."""
    capturing()
    together = threading.Barrier(8)

    def work(name: int) -> None:
        for number in range(20):
            write(f"{name}-")
            together.wait()
            write(f"{number}\n")

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(printed()) == sorted(f"{name}-{number}" for name in range(8) for number in range(20))


def test_who_waits_for_ends_survives_what_goes_wrong(
    capturing: Callable[[], Streams], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next line is shown all the same."""
    monkeypatch.setattr(lines, "PATIENCE", 0.01)
    capturing()
    monkeypatch.setattr(sys, "__stderr__", None)
    broken = logging.NullHandler()
    monkeypatch.setattr(broken, "handle", lambda record: 1 / 0)
    logging.getLogger("logconsole.stdout").addHandler(broken)
    for stream in (sys.stdout, sys.stderr):
        with lines._state.lock:
            stream.write("half")
            waiting = lines._state.thread
        assert waiting is not None
        waiting.join()
    assert (printed(), lines._state.thread) == (["half"], None)


@how(deadline=None)
@given(st.lists(st.text(st.sampled_from("ab \r\n\x1b\ud800é"), max_size=8), max_size=8))
def test_any_writes_are_what_a_terminal_shows_line_by_line(writes: list[str]) -> None:
    """Wherever they are cut."""
    found: list[str] = []
    made = lines.Lines(lambda line, writer: found.append(line))
    for text in writes:
        made.write(text, lines.Writer(1, "main", "x.py", 1))
    lines.finish()
    expected = [part.rstrip("\r").rpartition("\r")[2] for part in "".join(writes).split("\n")]
    assert found == [line for line in expected if line.strip()]


def forked(directory: str) -> None:
    """A child forked in the middle of a line, while another thread is about to print."""
    from tests.writer_process import configure

    configure(directory, "forked")
    capture.capture_output()
    write("parent ")
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with lines._state.lock:
            held.set()
            release.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    if os.fork() == 0:
        with contextlib.suppress(BaseException):
            write("child\n", "half")
            lines.finish()
        os._exit(0)
    os.wait()
    release.set()
    thread.join()
    write("goes on\n")
    capture.release_output()
    print(json.dumps({}))  # noqa: T201


def test_a_forked_child_begins_a_line_of_its_own(tmp_path: Path) -> None:
    """What the parent has not finished is the parent's, and no lock of it is in the way."""
    from logconsole.stores.file import FileStore

    told(forked, tmp_path)
    kept = [entry.msg for entry in FileStore(tmp_path).scan(Query())]
    assert kept == ["child", "half", "parent goes on"]


def ending(directory: str) -> None:
    """A process that ends in the middle of a line."""
    from tests.writer_process import configure

    configure(directory, "ending")
    print("{}")  # noqa: T201
    capture.capture_output()
    sys.stderr.write("the end")


def test_what_is_unfinished_at_the_end_is_kept(tmp_path: Path) -> None:
    """The last words of a process are those that matter."""
    from logconsole.stores.file import FileStore

    assert told(ending, tmp_path)["stderr"] == "the end"
    assert [entry.msg for entry in FileStore(tmp_path).scan(Query())] == ["the end"]
