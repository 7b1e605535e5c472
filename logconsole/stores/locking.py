"""Locks on files, where there are any."""

from __future__ import annotations

import os

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # a module where there is one


def try_lock(file: int) -> bool:
    """Whether the lock is ours now, without waiting; where there are no locks it always is."""
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: each write is whole all the same
        return True
    return True


def unlock(file: int) -> None:
    """Let go of it."""
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_UN)
    except OSError:  # a file system without locks
        return


def has_locks(directory: str) -> bool:
    """Whether files there can be locked, as far as the directory itself tells."""
    if not fcntl:
        return False
    try:
        file = os.open(directory, os.O_RDONLY)
    except (OSError, ValueError):  # not ours to tell
        return True
    try:
        return is_lockable(file)
    finally:
        os.close(file)


def is_lockable(file: int) -> bool:
    """Whether a lock on the file keeps others away."""
    if not fcntl:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        fcntl.flock(file, fcntl.LOCK_UN)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return True
