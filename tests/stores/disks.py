"""A site on a disk that fails and recovers, as a process of its own: `scenario` tells what came of it.

Tests and `bench/faults.py` run this at different sizes.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import os
import resource
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from logconsole import conf
from logconsole.query import Query
from logconsole.stores.base import Store
from tests.writer_process import configure

ALL = Query()
NOBODY = 65_534
log = logging.getLogger("disk")


def scenario(directory: str, kind: str, count: str) -> None:
    """Log entries before the trouble, `count` during it and some after it; print what was seen."""
    configure(str(Path(directory) / "logs"), "shop", ring=True, retain_bytes=10**8)
    store, ring, during = conf.get_store("file"), conf.get_store("ring"), int(count)
    with KINDS[kind](Path(directory)) as (broken, repaired):
        log_all(range(100))
        broken(store)
        mean_us = log_all(range(100, 100 + during))
        seen: dict[str, Any] = {"mean_us": mean_us, "lost": store.lost, "trouble": store.trouble}
        seen["written"] = len(list(store.scan(ALL)))
        repaired()
        asyncio.run(next_change(store))
        log_all(range(100 + during, 200 + during))
        seen |= {"lost_after": store.lost, "trouble_after": store.trouble, "attempted": 200 + during}
        seen["ring"] = sum(1 for _ in ring.scan(ALL))
        found = list(store.scan(ALL))
        seen["messages"] = [made.msg for made in found if made.logger != "disk"]
        seen["numbers"] = [made.extra["number"] for made in found if made.logger == "disk" and made.extra]
        seen["unreadable"] = getattr(store, "unreadable", 0)
        store.close()
    print(json.dumps(seen))  # noqa: T201  # the answer


def log_all(numbers: range) -> float:
    """Log so many entries; the mean time of a call, in microseconds."""
    began = time.perf_counter()
    for number in numbers:
        log.info("entry %d", number, extra={"number": number})
    return (time.perf_counter() - began) * 1e6 / len(numbers)


async def next_change(store: Store) -> None:
    """Follow the store until it has something new: it tries again by itself while somebody looks on."""
    batches = store.follow(ALL)
    await anext(batches)
    await batches.aclose()


Change = tuple[Callable[[Store], object], Callable[[], object]]
"""What begins the trouble, and what ends it."""


@contextlib.contextmanager
def full(directory: Path) -> Iterator[Change]:
    """A small tmpfs, filled by others; the room is given back."""
    mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(directory))
    ballast = directory / "ballast"

    def fill(_: Store) -> None:
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(4_096)):
                pass

    yield fill, ballast.unlink


@contextlib.contextmanager
def read_only(directory: Path) -> Iterator[Change]:
    """A file system that is mounted anew, without write access; for that no file on it may be open."""
    mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(directory))

    def begin(store: Store) -> None:
        store.close()
        mount("-o", "remount,ro", str(directory))

    yield begin, lambda: mount("-o", "remount,rw", str(directory))


@contextlib.contextmanager
def denied(directory: Path) -> Iterator[Change]:
    """A process without privileges, in whose directory no file can be made any more."""
    time.strptime("2026", "%Y")  # imports what the interpreter of another user may not find
    if os.geteuid() == 0:
        os.chown(directory, NOBODY, NOBODY)
        for parent in [*directory.parents][:2]:  # those of a test, which only its user may enter
            parent.chmod(parent.stat().st_mode | 0o1)
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    logs = directory / "logs"
    yield lambda _: logs.chmod(0o500), lambda: logs.chmod(0o700)


@contextlib.contextmanager
def many_files(directory: Path) -> Iterator[Change]:
    """A process that may open no more files: the segment that is open is the last one."""
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    least = max(map(int, os.listdir("/proc/self/fd"))) + 1
    end = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, usual)  # noqa: E731
    yield lambda _: resource.setrlimit(resource.RLIMIT_NOFILE, (least, usual[1])), end


@contextlib.contextmanager
def short_writes(directory: Path) -> Iterator[Change]:
    """A limit on the size of files in the middle of a line: the write that meets it is short."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    end = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, usual)  # noqa: E731
    yield lambda _: resource.setrlimit(resource.RLIMIT_FSIZE, (50_001, usual[1])), end


def failing(number: int) -> Callable[[Path], contextlib.AbstractContextManager[Change]]:
    """A disk whose writes fail with this error."""

    @contextlib.contextmanager
    def change(directory: Path) -> Iterator[Change]:
        original = os.write

        def write(file: int, data: bytes) -> int:
            if os.readlink(f"/proc/self/fd/{file}").startswith(str(directory)):
                raise OSError(number, os.strerror(number))
            return original(file, data)

        yield lambda _: setattr(os, "write", write), lambda: setattr(os, "write", original)

    return change


def mount(*arguments: str) -> None:
    """Mount, where no other process sees it."""
    subprocess.run(["mount", *arguments], check=True)


KINDS: dict[str, Callable[[Path], contextlib.AbstractContextManager[Change]]] = {
    "No space left on device": full,
    "Read-only file system": read_only,
    "Permission denied": denied,
    "Too many open files": many_files,
    "File too large": short_writes,
    os.strerror(errno.EIO): failing(errno.EIO),
    os.strerror(errno.EDQUOT): failing(errno.EDQUOT),
}
MOUNTED = ("No space left on device", "Read-only file system")
"""Those that need a file system of their own."""
