"""A file store by its directory alone, for where there is no site that could name it."""

from __future__ import annotations

import os
import stat

from logconsole.cli.failure import Failure
from logconsole.stores.file import FileStore
from logconsole.stores.segments import Segment, segments

_NAMED = 'It is the `directory` in the OPTIONS of a FileStore in LOGCONSOLE["STORES"].'


def opened(directory: str) -> tuple[str, FileStore]:
    """The store, and a name for it. Raises `Failure` that says what to do where there is nothing to read."""
    path = os.path.abspath(directory)
    if not os.path.isdir(path):
        raise Failure(_not_there(path))
    try:
        listed = segments(path)
        found = os.access(path, os.X_OK)
    except OSError as error:
        raise Failure(_closed(path, "directory", error.strerror or str(error))) from error
    if not found:
        raise Failure(_closed(path, "directory", "Permission denied"))
    _look_at(path, listed)
    return f"The directory {path}", FileStore(path)


def _look_at(path: str, listed: list[Segment]) -> None:
    if not listed:
        raise Failure(f"There are no segments in {path}, so nothing was logged there. {_NAMED}")
    newest = listed[-1].path
    if not os.access(newest, os.R_OK):
        raise Failure(_closed(newest, "segment", "Permission denied"))


def _not_there(path: str) -> str:
    if os.path.exists(path):
        return f"{path} is a file; give the directory that it lies in."
    return f"There is no directory {path}. {_NAMED}"


def _closed(path: str, kind: str, reason: str) -> str:
    found = os.stat(path)
    rights = f"{_owner(found)}, {stat.filemode(found.st_mode)}"
    return f"The {kind} {path} cannot be read ({rights}): {reason}. Run this as a user who may, for example with sudo."


def _owner(found: os.stat_result) -> str:
    """`user:group` by their names, where they have any."""
    try:
        import grp
        import pwd

        return f"{pwd.getpwuid(found.st_uid).pw_name}:{grp.getgrgid(found.st_gid).gr_name}"
    except (ImportError, KeyError):
        return f"{found.st_uid}:{found.st_gid}"
