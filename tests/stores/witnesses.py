"""Who looks on while a directory is written: a reader that follows, and a look at the files."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

from logconsole.entry import Entry
from logconsole.query import Query
from logconsole.stores.file import FileStore
from tests.stores.plans import Key

ALL = Query()


class Follower:
    """Reads live: each step is what a page asks for next."""

    def __init__(self, directory: Path) -> None:
        self.store = FileStore(directory)
        self.after = ""
        self.keys: list[Key] = []
        self.missed = 0
        self.cursors: list[tuple[int, str]] = []
        """Now and then the cursor, with how many entries lie before it."""

    def __call__(self) -> bool:
        """Read the next batch; whether there was one."""
        batch = self.store.newer(ALL, self.after)
        self.after = batch.after
        self.missed += batch.missed
        self.keys += [key_of(made) for made in batch.entries]
        if len(self.cursors) * 2_000 < len(self.keys):
            self.cursors.append((len(self.keys), batch.after))
        return bool(batch.entries) or batch.more


class Sampler:
    """Looks at the directory: each step is one look, and the worst of all looks is kept."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.looks = self.largest = self.most = self.bytes = 0
        self.inodes: dict[str, int] = {}
        self.renamed: list[str] = []
        self.totals: list[int] = []

    def __call__(self) -> bool:
        """One look; never something to do at once."""
        before = sizes(self.directory)
        found = sizes(self.directory)
        if before.keys() != found.keys():  # a segment came or went while we looked: that is no moment
            return False
        self.looks += 1
        self.largest = max([self.largest, *(size for _, size in before.values())])
        self.most = max(self.most, len(before))
        self.totals.append(sum(size for _, size in before.values()))
        self.bytes = max(self.bytes, self.totals[-1])
        self.renamed += [name for name, (inode, _) in before.items() if self.inodes.setdefault(name, inode) != inode]
        return False


def both(*steps: Callable[[], bool]) -> Callable[[], bool]:
    """One step after the other."""
    return lambda: sum(step() for step in steps) > 0  # none is left out


def sizes(directory: Path) -> dict[str, tuple[int, int]]:
    """Inode and bytes of each file, segment or not; links are none."""
    found = {}
    for name in os.listdir(directory) if directory.exists() else ():
        with contextlib.suppress(FileNotFoundError):  # it went while we looked
            state = (directory / name).lstat()
            if stat.S_ISREG(state.st_mode):
                found[name] = state.st_ino, state.st_size
    return found


def key_of(made: Entry) -> Key:
    """Which one it is."""
    assert made.extra is not None
    return made.extra["life"], made.extra["worker"], made.extra["number"]


def backward(store: FileStore) -> list[Key]:
    """All entries, read from the end in pages, in the order of the file."""
    pages, before, more = [], None, True
    while more:
        batch = store.older(ALL, before)
        pages.append([key_of(made) for made in batch.entries])
        before, more = batch.before, batch.more
    return [key for page in reversed(pages) for key in page]
