"""What keeps the processes of a host from writing, told where whoever reads can see it.

A disk that is full takes no byte more, but nearly always another link: each process that is in trouble keeps one in
the directory, whose target is the text; or beside it in the directory for temporary files, where that cannot be
written at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from logconsole.record import HOST
from logconsole.stores.segments import set_mode

MOST = 4_096  # names in a place that are looked at: others may fill the one that is for everybody
STALE_SECONDS = 3600.0  # after which what a process of another host said last is taken for the end of it
_NAME = re.compile(r"trouble\.(.+)\.([0-9]{1,18})")
_TEXT = re.compile(r"([0-9]{1,12}) ([0-9]{1,11}) ([0-9]{1,6})")
_said: set[str] = set()
"""Links that this process has made: not of an earlier one of the same number."""
_HOST = re.sub(r"[^\w.-]", "_", HOST)


@dataclass(frozen=True)
class Trouble:
    """How many entries one process could not write, since when, and why."""

    count: int
    since: float
    """Seconds since 1970."""
    code: int
    """An `errno`."""
    failure: str
    """The reason, for people."""


def summed_up(troubles: Iterable[Trouble]) -> str:
    """All of them in one sentence; nothing where there are none."""
    found = sorted(troubles, key=lambda trouble: trouble.since)
    if not found:
        return ""
    since = time.strftime("%H:%M", time.localtime(found[0].since))
    return f"{sum(trouble.count for trouble in found):,} entries could not be written since {since}: {found[0].failure}"


def tell(directory: str, trouble: Trouble) -> None:
    """Let the readers of the directory know; what is told replaces what this process told before."""
    target = f"{trouble.count} {trouble.since:.0f} {trouble.code}"
    for place in _places(directory):
        if target and _link(place, directory, target):
            target = ""  # what was told elsewhere before is replaced, too
            _said.add(os.path.join(place, _own()))
        else:
            with contextlib.suppress(OSError):
                os.unlink(os.path.join(place, _own()))


def end(directory: str) -> None:
    """It is over for this process."""
    for place in _places(directory):
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(place, _own()))
        _said.discard(os.path.join(place, _own()))
    with contextlib.suppress(OSError):
        os.rmdir(place)  # the one beside it, if nothing else is told there


def told(directory: str) -> list[Trouble]:
    """What the other processes say, those included that ended in trouble."""
    return [trouble for path, trouble in _found(directory) if os.path.basename(path) != _own()]


def taken_over(directory: str) -> list[Trouble]:
    """What processes said that are no more: each is given to one caller, who has to tell it on.

    To be called before this process says anything: what is there in its name is of an earlier one.
    """
    taken = []
    aside = _aside(directory)
    for path, trouble in _found(directory):
        with contextlib.suppress(OSError):
            if _is_gone(path) and (os.path.dirname(path) != aside or _is_own(path)):
                os.unlink(path)  # fails for all but one
                taken.append(trouble)
    return taken


def _own() -> str:
    return f"trouble.{_HOST}.{os.getpid()}"


def _places(directory: str) -> Iterator[str]:
    yield directory
    yield _aside(directory)


def _aside(directory: str) -> str:
    """The place beside it, where anybody may say anything."""
    digest = hashlib.blake2b(os.fsencode(directory), digest_size=8).hexdigest()
    # Not by tempfile or by OpenSSL: both have locks that another thread may hold when a child is forked.
    return os.path.join(os.environ.get("TMPDIR") or "/tmp", f"logconsole-{digest}")  # noqa: S108


def _is_place(place: str, directory: str) -> bool:
    """Whether it is a directory; the one beside it no link, which could lead anywhere."""
    try:
        return place == directory or stat.S_ISDIR(os.lstat(place).st_mode)
    except OSError:
        return False


def _is_own(path: str) -> bool:
    """Whether this user has said it, and not another one of the host."""
    return not hasattr(os, "geteuid") or os.lstat(path).st_uid == os.geteuid()


def _link(place: str, directory: str, target: str) -> bool:
    path = os.path.join(place, _own())
    made = os.path.join(place, f".{_own()}.{secrets.token_hex(4)}")
    try:
        if place != directory and not os.path.lexists(place):
            os.mkdir(place)
            set_mode(place, 0o1777)  # other users of the host may be in trouble too
        if not _is_place(place, directory):
            return False
        os.symlink(target, made)
        os.replace(made, path)
    except (OSError, NotImplementedError):
        with contextlib.suppress(OSError):
            os.unlink(made)
        return False
    return True


def _found(directory: str) -> Iterator[tuple[str, Trouble]]:
    for place in _places(directory):
        if not _is_place(place, directory):
            continue
        with contextlib.suppress(OSError), os.scandir(place) as items:
            for item in islice(items, MOST):
                if trouble := _said_by(item):
                    yield item.path, trouble


def _said_by(item: os.DirEntry[str]) -> Trouble | None:
    try:
        is_one = _NAME.fullmatch(item.name) and item.is_symlink()
        said = _TEXT.fullmatch(os.readlink(item.path)) if is_one else None
    except OSError:  # it is gone
        return None
    if said is None:
        return None
    count, since, code = map(int, said.groups())
    return Trouble(count, since, code, os.strerror(code))


def _is_gone(path: str) -> bool:
    """Whether the process that said it has ended; of another host's only the age is known."""
    name = _NAME.fullmatch(os.path.basename(path))
    if name is None or name[1] != _HOST:
        return time.time() - os.lstat(path).st_mtime > STALE_SECONDS
    pid = int(name[2])
    return path not in _said if pid == os.getpid() else not _is_alive(pid)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # of another user
        return True
    return True
