"""What is logged while something is logged comes too, and never without end."""

from __future__ import annotations

import json
import logging
import signal
import sys
from pathlib import Path

from logconsole import conf
from logconsole.query import Query
from tests.children import ran
from tests.writer_process import configure


class Nested:
    """Logs while it becomes text, while it is thrown away, and before each is done."""

    def __init__(self, depth: int) -> None:
        self.depth = depth

    def __str__(self) -> str:
        logging.info("str %d %s", self.depth, Nested(self.depth - 1) if self.depth else "end")
        return "nested"

    def __del__(self) -> None:
        logging.info("del %d", self.depth)


class Chatty(logging.Handler):
    """A handler, and a filter, that logs about each record."""

    def emit(self, record: logging.LogRecord) -> None:
        """Log once more."""
        if "about" not in record.getMessage():
            logging.info("about %s", record.getMessage())

    def __call__(self, record: logging.LogRecord) -> bool:
        self.emit(record)
        return True


def logs_while_logging(directory: str) -> None:
    """Log from every place from which one can log about logging."""
    configure(directory, "nested", ring=True)
    root = logging.getLogger()
    logging.info("value %s", Nested(3))
    root.handlers.insert(0, Chatty())
    logging.info("to a handler")
    root.handlers[0] = logging.NullHandler()
    root.handlers[1].addFilter(Chatty())
    logging.info("to a filter")
    del root.handlers[1].filters[-1]
    signal.signal(signal.SIGALRM, lambda *_: logging.info("by a signal"))
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    for number in range(3_000):
        logging.info("entry %d", number)
    signal.setitimer(signal.ITIMER_REAL, 0)
    files, rings = (sorted(made.msg for made in conf.get_store(alias).scan(Query())) for alias in ("file", "ring"))
    print(json.dumps([files, rings]))  # noqa: T201  # the answer
    sys.stdout.flush()


def test_logging_while_something_is_logged_keeps_both(tmp_path: Path) -> None:
    """In `__str__`, in `__del__`, in a handler, in a filter and in a signal handler: each entry once in both stores."""
    done = ran(logs_while_logging, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    file, ring = json.loads(done.stdout)
    assert file == ring
    for text in ("value nested", "to a handler", "about to a handler", "to a filter"):
        assert file.count(text) == 1, text
    assert [file.count(f"entry {number}") for number in range(3_000)] == [1] * 3_000
    assert all(file.count(f"del {depth}") for depth in range(4))
    assert file.count("by a signal") > 3
