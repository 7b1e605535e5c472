"""An entry: one log record, frozen into the JSON-able shape that every store keeps."""

from __future__ import annotations

import logging
from functools import cached_property, partial
from typing import Any

import msgspec

from logconsole.context import paths, request_id, user
from logconsole.record import LEVELS, Change, shorten, values
from logconsole.redact import Redactor
from logconsole.safe import mapped, printable

MAX_ENTRY_BYTES = 65_536


class EntryError(ValueError):
    """A line that is not an entry."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, dict=True):
    """What was logged, when, where and by whom. The order of the fields is that of the keys in JSON."""

    ts: str
    """RFC 3339, UTC, microseconds: `2026-11-23T07:35:40.123456Z`."""
    level: str
    levelno: int | None = None
    """The number of a level that is none of Python's five."""
    msg: str
    logger: str = ""
    service: str = ""
    host: str = ""
    pid: int | None = None
    thread: str = ""
    caller: str = ""
    """`path:line`, relative to the project where it lies inside."""
    request_id: str = ""
    user: str = ""
    exc: str = ""
    """The traceback, chained exceptions included."""
    stack: str = ""
    extra: dict[str, Any] | None = None
    cut: int | None = None
    """The size in bytes before it was cut to the limit."""
    cursor: str = ""
    """Where a reader found it; no part of the stored line."""

    @classmethod
    def from_record(
        cls,
        record: logging.LogRecord,
        service: str = "web",
        limit: int = MAX_ENTRY_BYTES,
        base_dir: str = "",
        redactor: Redactor | None = None,
    ) -> Entry:
        """The entry of any record whatsoever, at most `limit` bytes long in JSON; never raises."""
        found = values(record, base_dir)
        if redactor is not None:
            _redact(found, redactor, vars(record).get("request"))
        entry = cls(service=service, request_id=request_id.get(), user=user.get(), **found)._printable()
        return entry if len(entry.line) <= limit else entry.shortened(limit)

    @classmethod
    def decode(cls, line: bytes, cursor: str = "") -> Entry:
        """The entry in a stored line; keys that are not ours become part of `extra`.

        Raises `EntryError` if the line is not a JSON object with `ts`, `level` and `msg`.
        """
        try:
            entry = _decoded(line)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise EntryError(f"not an entry: {error}") from error
        entry.__dict__["line"] = line
        msgspec.structs.force_setattr(entry, "cursor", cursor)
        return entry

    @cached_property
    def line(self) -> bytes:
        """The stored form: one JSON object, UTF-8, no newline, without the cursor."""
        return _encode(msgspec.structs.replace(self, cursor="") if self.cursor else self)

    @cached_property
    def shown(self) -> bytes:
        """The stored form, or where another writer made that, the same as ours would."""
        return self.line

    def encode(self) -> bytes:
        """The stored form, see `line`."""
        return self.line

    def shortened(self, limit: int) -> Entry:
        """A copy of at most `limit` bytes: the longest texts lose their middle first."""
        size, longest = len(self.line), limit * 9 // 10
        while longest >= 16:
            shorter = self._mapped(partial(shorten, longest=longest))
            shorter = msgspec.structs.replace(shorter, ts=self.ts, cut=size)
            if len(shorter.line) <= limit:
                return shorter
            longest = longest * 3 // 4
        return msgspec.structs.replace(shorter, extra=None)

    @property
    def number(self) -> int:
        """The level as a number, for comparisons."""
        if self.levelno is not None:
            return self.levelno
        return LEVELS.get(self.level.upper(), 0) if self.level.isascii() else 0

    def _printable(self) -> Entry:
        """The same, or where it has lone surrogates, which UTF-8 cannot hold, a copy that shows them."""
        try:
            self.__dict__["line"] = _encode(self)
        except UnicodeEncodeError:
            return self._mapped(printable)
        return self

    def _mapped(self, change: Change) -> Entry:
        """A copy in which every text, at any depth, is changed."""
        return Entry(**{name: mapped(value, change) for name, value in msgspec.structs.asdict(self).items()})


def _redact(found: dict[str, Any], redactor: Redactor, request: Any) -> None:
    """Django's own records carry the request that they are about, and some are made when it is over."""
    known = redactor.paths(request) if request is not None else ()
    token = paths.set(paths.get() + known)
    try:
        redactor.fields(found)
    finally:
        paths.reset(token)


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Entry)
_TYPES: dict[str, type] = dict.fromkeys(Entry.__struct_fields__, str) | {
    "levelno": int,
    "pid": int,
    "cut": int,
    "extra": dict,
}


def _decoded(line: bytes) -> Entry:
    try:
        return _decoder.decode(line)
    except msgspec.ValidationError:
        return _foreign(line)


def _foreign(line: bytes) -> Entry:
    """The entry in a line of another writer: unknown keys, and ours with another type, go to `extra`."""
    data = msgspec.json.decode(line)
    if not isinstance(data, dict) or not all(isinstance(data.get(key), str) for key in ("ts", "level", "msg")):
        raise EntryError("not an entry: no object with ts, level and msg")
    data.pop("cursor", None)
    own: dict[str, Any] = {key: value for key, value in data.items() if type(value) is _TYPES.get(key)}
    rest = {key: value for key, value in data.items() if key not in own}
    own["extra"] = {**rest, **own.get("extra", {})} or None
    entry = Entry(**own)
    entry.__dict__["shown"] = _encode(entry)
    return entry
