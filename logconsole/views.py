"""Entries, timeline, facets, download and ticket: what stands beside the page, for whoever may see the page."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from logconsole import audit, download, lifetime, params, ticket, turns
from logconsole.formats import FORMATS
from logconsole.guard import METHODS, Console, error, not_allowed, sealed
from logconsole.params import Asked
from logconsole.stores.base import Batch, CursorError


def entries(request: HttpRequest, console: Console) -> HttpResponse:
    """A batch."""
    asked, limit = params.from_url(request.GET), params.limit_of(request.GET.get("limit"))
    way, cursor = params.direction(request.GET)
    audit.viewed(request.user, request.path)
    with turns.searches.taken(request.user):
        return _json(read(asked, way, cursor, limit).encode())


def timeline(request: HttpRequest, console: Console) -> HttpResponse:
    """How many entries of each level there were over time."""
    asked, buckets = params.from_url(request.GET), params.buckets_of(request.GET.get("buckets"))
    audit.viewed(request.user, request.path)
    with turns.searches.taken(request.user):
        return _json(asked.store.timeline(asked.query, buckets).encode())


def facets(request: HttpRequest, console: Console) -> HttpResponse:
    """The most frequent values of a few fields among the entries that match."""
    asked = params.from_url(request.GET)
    audit.viewed(request.user, request.path)
    with turns.searches.taken(request.user):
        return _json(asked.store.facets(asked.query).encode())


def take(request: HttpRequest, console: Console) -> HttpResponseBase:
    """Everything that matches, as a file. Who takes is on record, from the start on."""
    asked, form = params.from_url(request.GET), params.format_of(request.GET.get("format"))
    gzip, name = params.gzip_of(request.GET.get("gzip")), download.name_of(asked.alias, form)
    headers = {
        "Content-Disposition": content_disposition_header(True, f"{name}.gz" if gzip else name) or "",
        "Content-Type": download.GZIP_TYPE if gzip else FORMATS[form].content_type,
    }
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    turn = turns.downloads.take(request.user)
    try:
        parts = download.parts(asked, form)  # before the next line is logged: it would be part of the file
        _record(request, asked, form)
        read_pieces: Any = download.pieces_async if isinstance(request, ASGIRequest) else download.pieces
        return Held(read_pieces(download.packed(parts, name) if gzip else parts), headers=headers, turn=turn)
    except BaseException:
        turn.give_back()
        raise


def _record(request: HttpRequest, asked: Asked, form: str) -> None:
    query, given = asked.query, request.GET
    bounds = {"levels": sorted(query.levels), "since": given.get("since"), "until": given.get("until")}
    audit.downloaded(request.user, asked.alias, form, query.text, **bounds)


class Held(StreamingHttpResponse):
    """An answer that has a turn until it is closed, or forgotten, where the client had left before there was one."""

    def __init__(self, *parts: Any, turn: turns.Turn, **options: Any) -> None:
        super().__init__(*parts, **options)
        self._turn = turn

    def close(self) -> None:
        """The end, early or not."""
        self._turn.give_back()
        super().close()


def give_ticket(request: HttpRequest, console: Console) -> HttpResponse:
    """What opens the socket."""
    made = ticket.issue(request.user, request.session, console.admin_site.name)
    return JsonResponse({"ticket": made})


@login_not_required
def socket_only(request: HttpRequest) -> HttpResponseBase:
    """Plain HTTP where a WebSocket belongs: there is no ASGI server in front, so the page asks instead."""
    lifetime.deliver()
    if request.method not in METHODS:
        return sealed(not_allowed())
    response = error("This address takes WebSockets; ask entries/?after=<cursor> instead.", 426)
    response.headers["Upgrade"] = "websocket"
    return sealed(response)


def read(asked: Asked, way: str, cursor: str | None, limit: int) -> Batch:
    """The matches on that side of the cursor. Raises `ParamError` for a cursor of another store."""
    try:
        if way == "after":
            return asked.store.newer(asked.query, cursor or "", limit)
        if way == "around":
            return _around(asked, cursor or "", limit)
        return asked.store.older(asked.query, cursor, limit)
    except CursorError as problem:
        raise params.cursor_error(problem, way) from problem


def _around(asked: Asked, cursor: str, limit: int) -> Batch:
    """What is before the cursor, and what is at it or after."""
    half = limit // 2
    newer = asked.store.newer(asked.query, cursor, limit - half)
    if not half:
        return newer
    older = asked.store.older(asked.query, cursor, half)
    return Batch(
        entries=older.entries + newer.entries,
        after=newer.after,
        before=older.before,
        more=older.more or newer.more,
        missed=older.missed or newer.missed,
        scanned=min(older.scanned, newer.scanned),
    )


def _json(body: bytes) -> HttpResponse:
    return HttpResponse(body, content_type="application/json")
