"""Points in time as people write them, turned into the form that entries carry."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo

import msgspec

ALLOWED = "15m, 2h, 3d, RFC 3339 (2026-11-23T07:35:40Z) or YYYY-MM-DD[ HH:MM[:SS]]"
_AGO = re.compile(r"(\d{1,9})([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_FORMATS = {
    "0000-00-00": "%Y-%m-%d",
    "0000-00-00 00:00": "%Y-%m-%d %H:%M",
    "0000-00-00 00:00:00": "%Y-%m-%d %H:%M:%S",
}


def instant(value: str | datetime, now: datetime | None = None, tz: tzinfo | None = None) -> str:
    """The instant as an entry's `ts`: `2026-11-23T07:35:40.123456Z`.

    `15m` is that long before `now`; a time without a zone is one of `tz` (default: this machine's).
    Raises `ValueError` that says what is allowed.
    """
    moment = value if isinstance(value, datetime) else _parse(value.strip(), now)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=tz) if tz else moment.astimezone()
    try:
        return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
    except OverflowError as error:
        raise ValueError(f"{value!r} is out of range; write {ALLOWED}") from error


def canonical(ts: str) -> str:
    """The `ts` of any writer in the form of ours, so that two compare as text."""
    if len(ts) == 27 and ts[-1] == "Z" and ts[10] == "T":
        return ts
    try:
        return instant(msgspec.convert(ts, type=datetime), tz=timezone.utc)
    except (msgspec.ValidationError, ValueError):
        return ts


def _parse(text: str, now: datetime | None) -> datetime:
    if ago := _AGO.fullmatch(text):
        return _before(now or datetime.now(timezone.utc), int(ago[1]), _UNITS[ago[2]], text)
    local = text.replace("T", " ", 1)
    if form := _FORMATS.get(re.sub(r"\d", "0", local)):
        return _strict(local, form, text)
    try:
        return msgspec.convert(text.replace(" ", "T", 1), type=datetime)
    except msgspec.ValidationError as error:
        raise ValueError(f"{text!r} is not a time; write {ALLOWED}") from error


def _strict(local: str, form: str, text: str) -> datetime:
    try:
        return datetime.strptime(local, form)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a time; write {ALLOWED}") from error


def _before(now: datetime, count: int, unit: str, text: str) -> datetime:
    try:
        return now - timedelta(**{unit: count})
    except OverflowError as error:
        raise ValueError(f"{text!r} is out of range; write {ALLOWED}") from error


def moment(ts: str) -> float | None:
    """The `ts` of an entry in seconds since 1970; None if it is no time."""
    try:
        return datetime.fromisoformat(canonical(ts)[:-1]).replace(tzinfo=timezone.utc).timestamp()
    except (ValueError, OverflowError):
        return None
