"""One entry for every request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import AsyncClient, Client, RequestFactory
from django.urls import include, path
from django.utils.encoding import escape_uri_path

from logconsole import conf, context
from logconsole.handlers import RingBufferHandler
from logconsole.middleware import AccessLogMiddleware
from tests.urls import urlpatterns as of_admin
from tests.web import PAGE, client_of, person, staff

log = logging.getLogger("shop")


def ok(request: HttpRequest, number: int = 0, shop: str = "") -> HttpResponse:
    """Logs, and answers."""
    log.info("working")
    return HttpResponse("four")


async def ok_async(request: HttpRequest) -> HttpResponse:
    """Logs, and answers, in the event loop."""
    log.info("working")
    return HttpResponse("four")


def status(request: HttpRequest, code: int) -> HttpResponse:
    """Answers with that status."""
    return HttpResponse(status=code)


def missing(request: HttpRequest) -> HttpResponse:
    """Finds nothing."""
    raise Http404


def failing(request: HttpRequest) -> HttpResponse:
    """Breaks."""
    raise RuntimeError("broken")


def streaming(request: HttpRequest) -> StreamingHttpResponse:
    """Answers in parts, logs between them, and breaks when asked to."""

    def parts() -> Iterator[bytes]:
        yield b"one"
        log.info("between")
        if "break" in request.GET:
            raise RuntimeError("broken")
        yield b"three"

    return StreamingHttpResponse(parts())


async def streaming_async(request: HttpRequest) -> StreamingHttpResponse:
    """The same, in the event loop."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"one"
        log.info("between")
        yield b"three"

    return StreamingHttpResponse(parts())


def invited(request: HttpRequest, token: str, end: str) -> HttpResponse:
    """Logs where it is, in any way, and ends as it is asked to."""
    path, full = request.path, request.get_full_path()
    log.info("at %s, at http://shop%s, %r", path, full, request, extra={"at": [path], path: full, "on": {path: 1}})
    if end == "missing":
        raise Http404
    if end == "broken":
        raise RuntimeError(f"cannot serve {request.path}")
    if end == "streaming":
        return StreamingHttpResponse(log.info("part of %s", path) or b"." for _ in range(1))
    return HttpResponse(status=400 if end == "bad" else 200)


async def invited_async(request: HttpRequest, token: str) -> HttpResponse:
    """The same, in the event loop."""
    return invited(request, token, "missing")


def file(request: HttpRequest) -> FileResponse:
    """A file."""
    return FileResponse(Path(__file__).open("rb"))


URLS = [
    *of_admin,
    path("ok/", ok),
    path("orders/<int:number>/", ok),
    path("async/", ok_async),
    path("status/<int:code>/", status),
    path("missing/", missing),
    path("failing/", failing),
    path("streaming/", streaming),
    path("streaming/async/", streaming_async),
    path("file/", file),
    path("invitation/<str:token>/", lambda request, token: HttpResponse()),
    path("invitation/<str:token>/async/", invited_async),
    path("invitation/<str:token>/<str:end>/", invited),
    path("keys/<int:api_key>/of/<int:number>/", lambda request, **taken: HttpResponse()),
    path("any/<path:rest>", lambda request, rest: HttpResponse()),
    path("shops/<slug:shop>/", include([path("logconsole/console/", ok)])),
]


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    """A site whose every record is kept in memory."""
    settings.LOGCONSOLE = {}
    urls = ModuleType("tests.urls_of_a_shop")
    vars(urls)["urlpatterns"] = URLS
    settings.ROOT_URLCONF = urls
    logging.getLogger().addHandler(RingBufferHandler())
    logging.getLogger().setLevel(logging.INFO)


@pytest.fixture
def client() -> Client:
    """A browser of nobody, that is shown the page for errors."""
    return Client(raise_request_exception=False)


def entries(query: str = "logger:logconsole.access") -> list[Any]:
    """What was kept."""
    return conf.get_store("ring").older(conf.parse_query(query)).entries


def test_a_request_is_an_entry(client: Client) -> None:
    """Method, path, status and time; the rest beside it."""
    client.get("/orders/7/?token=secret")
    (entry,) = entries()
    extra = dict(entry.extra)
    duration = extra.pop("duration_ms")
    assert entry.msg == f"GET /orders/7/ 200 {duration}ms"
    assert (entry.level, duration == round(duration, 1)) == ("INFO", True)
    assert extra == {"method": "GET", "path": "/orders/7/", "route": "orders/<int:number>/", "status": 200, "bytes": 4}


@pytest.mark.parametrize(("code", "level"), [(200, "INFO"), (302, "INFO"), (404, "WARNING"), (500, "ERROR")])
def test_the_status_says_how_bad_it_is(client: Client, code: int, level: str) -> None:
    """ERROR from 500, WARNING from 400, else INFO."""
    client.get(f"/status/{code}/")
    assert [(entry.level, entry.extra["status"]) for entry in entries()] == [(level, code)]


@pytest.mark.parametrize(("address", "code"), [("/missing/", 404), ("/failing/", 500), ("/nowhere/", 404)])
def test_what_django_says_about_a_failure_belongs_to_the_request(client: Client, address: str, code: int) -> None:
    """One entry of ours, one of django.request, one id."""
    response = client.get(address)
    (ours,), (djangos,) = entries(), entries("logger:django.request")
    assert ours.extra["status"] == code
    assert ours.request_id == djangos.request_id == response.headers["X-Request-ID"]


@pytest.mark.parametrize("given", ["abc", "A-b_c.9", "x" * 128])
def test_an_id_that_comes_with_the_request_is_kept(client: Client, given: str) -> None:
    """So that it is the same in the proxy's log."""
    response = client.get("/ok/", headers={"X-Request-ID": given})
    assert response.headers["X-Request-ID"] == given
    assert {entry.request_id for entry in entries("")} == {given}


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "<b>", "ä", "a\tb"])
def test_an_id_that_is_none_is_replaced(client: Client, given: str) -> None:
    """Nobody writes what they like into the log."""
    made = client.get("/ok/", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert len(made) == 32
    assert {entry.request_id for entry in entries("")} == {made}


def test_the_id_ends_with_the_request(client: Client) -> None:
    """What is logged afterwards belongs to none; the next request has its own."""
    first, second = client.get("/ok/"), client.get("/missing/")
    log.info("afterwards")
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    assert entries("afterwards")[0].request_id == ""


@pytest.mark.parametrize("address", ["/ok/", "/async/"])
async def test_under_asgi_everything_carries_the_id(address: str) -> None:
    """Sync views in their threads too."""
    response = await AsyncClient().get(address)
    identity = response.headers["X-Request-ID"]
    assert [(entry.msg.split(" ")[0], entry.request_id) for entry in entries("")] == [
        ("working", identity),
        ("GET", identity),
    ]


async def test_requests_at_the_same_time_keep_their_ids() -> None:
    """Each has its own, whatever is logged in between."""
    answers = await asyncio.gather(*(asyncio.create_task(_get("/ok/")) for _ in range(10)))
    made = {answer.headers["X-Request-ID"] for answer in answers}
    assert len(made) == 10
    assert sorted(entry.request_id for entry in entries("working")) == sorted(made)


async def _get(address: str) -> Any:
    return await AsyncClient().get(address)


@pytest.mark.django_db  # Django looks at its connections when a response is closed
def test_a_streamed_answer_is_logged_at_its_end(client: Client) -> None:
    """With its size; what is logged meanwhile belongs to it, even if another request came between."""
    response = client.get("/streaming/")
    assert entries() == []
    client.get("/ok/")
    assert response.getvalue() == b"onethree"
    streamed = entries()[-1]
    assert (streamed.extra["bytes"], "aborted" in streamed.extra) == (8, False)
    assert entries("between")[0].request_id == streamed.request_id == response.headers["X-Request-ID"]
    response.close()
    assert len(entries()) == 2


@pytest.mark.django_db  # Django looks at its connections when a response is closed
def test_a_streamed_answer_given_up_is_aborted(client: Client) -> None:
    """The server closes it before its end."""
    response = client.get("/streaming/")
    assert next(iter(response.streaming_content)) == b"one"
    response.close()
    (entry,) = entries()
    assert (entry.extra["aborted"], entry.extra["bytes"]) == (True, 3)
    assert entry.msg.endswith("ms aborted")


def test_a_streamed_answer_that_breaks_is_aborted(client: Client) -> None:
    """Its status was out already."""
    response = client.get("/streaming/?break=1")
    with pytest.raises(RuntimeError):
        response.getvalue()
    assert [entry.extra["aborted"] for entry in entries()] == [True]


async def test_a_streamed_answer_under_asgi_is_logged_at_its_end() -> None:
    """As with a server without an event loop."""
    response = await AsyncClient().get("/streaming/async/")
    assert [part async for part in response.streaming_content] == [b"one", b"three"]
    (entry,) = entries()
    assert (entry.extra["bytes"], entry.request_id) == (8, response.headers["X-Request-ID"])
    assert entries("between")[0].request_id == entry.request_id


@pytest.mark.django_db(transaction=True)
async def test_a_streamed_answer_given_up_under_asgi_is_aborted() -> None:
    """The client left."""
    response = await AsyncClient().get("/streaming/async/")
    await anext(response.streaming_content)
    await sync_to_async(response.close)()
    assert [entry.extra["aborted"] for entry in entries()] == [True]


async def test_a_client_that_leaves_before_the_answer_is_aborted() -> None:
    """There is no status; the cancellation goes on."""
    waiting = asyncio.Event()

    async def never(request: HttpRequest) -> HttpResponse:
        waiting.set()
        await asyncio.Event().wait()
        raise AssertionError

    middleware: Any = AccessLogMiddleware(never)
    task = asyncio.ensure_future(middleware(RequestFactory().get("/slow/")))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    (entry,) = entries()
    assert entry.msg.startswith("GET /slow/ - ")
    assert ("status" in entry.extra, entry.extra["aborted"]) == (False, True)


def test_an_exception_that_nobody_turned_into_an_answer_is_a_500() -> None:
    """And goes on to whoever is outside."""
    with pytest.raises(RuntimeError):
        AccessLogMiddleware(failing)(RequestFactory().get("/failing/"))
    assert [entry.extra["status"] for entry in entries()] == [500]


@pytest.mark.django_db  # Django looks at its connections when a response is closed
def test_a_file_that_the_server_sends_itself_is_logged_when_closed() -> None:
    """We do not stand between the server and its fast path."""
    request = RequestFactory().get("/file/", **{"wsgi.file_wrapper": object})
    response: Any = AccessLogMiddleware(file)(request)
    assert response.file_to_stream is not None
    assert entries() == []
    response.close()
    (entry,) = entries()
    assert (entry.extra["bytes"], "aborted" in entry.extra) == (Path(__file__).stat().st_size, False)


def test_a_file_that_we_read_is_logged_at_its_end(client: Client) -> None:
    """Like any streamed answer."""
    assert client.get("/file/").getvalue() == Path(__file__).read_bytes()
    assert entries()[0].extra["bytes"] == Path(__file__).stat().st_size


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/invitation/x7/", "/invitation/[redacted]/"),
        ("/invitation/invitation/", "/[redacted]/[redacted]/"),
        ("/invitation/a%20b/", "/invitation/[redacted]/"),
        ("/keys/7/of/70/", "/keys/[redacted]/of/70/"),
        ("/keys/7/of/17/", "/keys/[redacted]/of/17/"),
        ("/orders/7/", "/orders/7/"),
    ],
)
def test_what_a_route_takes_as_a_secret_is_hidden(client: Client, address: str, shown: str) -> None:
    """By the name it has there, whatever it looks like; an id is none."""
    client.get(address)
    (entry,) = entries()
    assert (entry.extra["path"], entry.msg.split(" ")[1]) == (shown, shown)


@pytest.mark.parametrize("end", ["fine", "bad", "missing", "broken", "streaming", "async"])
@pytest.mark.parametrize("token", ["x7", "a%20b", "ä", "x.7"])
def test_what_a_route_takes_as_a_secret_is_hidden_in_all_that_tells_the_path(
    client: Client, end: str, token: str, settings: Any
) -> None:
    """What Django says about the answer, and the request that it gives along; what a view logs, in any form."""
    address = f"/invitation/{token}/{end}/"
    response = client.get(address)
    if response.streaming:
        response.getvalue()
    kept = entries("")
    lines = "".join(made.line.decode() for made in kept)
    assert len(kept) == (2 if end == "fine" else 3)
    assert lines.count("/invitation/[redacted]/") >= 7 + 2 * (end != "fine")
    told = token.replace("%20", " ")
    for form in (told, token, told.encode("unicode_escape").decode(), escape_uri_path(told)):
        assert f"invitation/{form}" not in lines.replace("\\\\", "\\")


def test_a_path_is_hidden_without_the_middleware(client: Client, settings: Any) -> None:
    """By the request that Django's own record carries; and after it, nothing is."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "logconsole" not in name]
    client.get("/invitation/x7/missing/")
    log.info("/invitation/x7/ is another one")
    made, last = entries("logger:django.request OR another")
    assert (made.msg, made.extra["request"]) == (
        "Not Found: /invitation/[redacted]/missing/",
        "GET /invitation/[redacted]/missing/",
    )
    assert last.msg == "/invitation/x7/ is another one"


@pytest.mark.parametrize("given", ["text", 7, {"resolver_match": 1}, type("Odd", (), {"resolver_match": 1})()])
def test_anything_may_be_called_a_request(given: Any) -> None:
    """It is kept as what it is."""
    log.info("odd", extra={"request": given})
    assert [made.msg for made in entries("odd")] == ["odd"]


def test_without_redaction_the_path_is_whole(client: Client, settings: Any) -> None:
    """As everything else."""
    settings.LOGCONSOLE = {"REDACT": False}
    client.get("/invitation/x7/")
    assert entries()[0].extra["path"] == "/invitation/x7/"


def test_the_path_is_the_one_that_came_in(settings: Any) -> None:
    """Whoever changes it on the way."""

    def moved(request: HttpRequest) -> HttpResponse:
        request.path = request.path_info = "/elsewhere/"
        return HttpResponse()

    AccessLogMiddleware(moved)(RequestFactory().get("/here/"))
    assert entries()[0].extra["path"] == "/here/"


def test_a_head_request_has_no_size(client: Client) -> None:
    """Its body is not sent."""
    client.head("/ok/")
    assert "bytes" not in entries()[0].extra


def test_a_path_cannot_forge_a_line(client: Client) -> None:
    """Control characters in it stay encoded."""
    client.get("/any/a%0AERROR%1b[31m")
    assert entries()[0].extra["path"] == "/any/a%0AERROR%1B%5B31m"


@pytest.mark.django_db
def test_the_user_is_noted_only_when_wanted(settings: Any) -> None:
    """LOG_USER puts the username on everything logged from the view on; none for nobody."""
    client = client_of(person("ada"))
    client.get("/ok/")
    assert {entry.user for entry in entries("")} == {""}
    settings.LOGCONSOLE = {"LOG_USER": True}
    client.get("/ok/")
    Client().get("/ok/")
    assert [entry.user for entry in entries("")] == ["ada", "ada", "", ""]


@pytest.mark.django_db(transaction=True)
def test_the_user_is_noted_under_asgi_too(settings: Any) -> None:
    """Without asking for it twice."""
    settings.LOGCONSOLE = {"LOG_USER": True}
    browser = AsyncClient()
    browser.force_login(person("ada"))
    async_to_sync(browser.get)("/ok/")
    assert [entry.user for entry in entries("")] == ["ada", "ada"]


@pytest.mark.parametrize("middleware", [[], ["logconsole.middleware.AccessLogMiddleware"]])
@pytest.mark.django_db
def test_a_site_without_users_has_none_to_note(settings: Any, middleware: list[str]) -> None:
    """LOG_USER is then without effect."""
    settings.LOGCONSOLE = {"LOG_USER": True}
    settings.MIDDLEWARE = middleware
    Client().get("/ok/")
    assert {entry.user for entry in entries("")} == {""}


@pytest.mark.django_db
def test_the_console_and_static_files_are_left_out() -> None:
    """By default; and nothing that is logged for the console's own addresses is kept."""
    client = client_of(staff())
    for address in ("entries/", "ticket/", "loggers/", "ws/", "nowhere/"):
        client.get(PAGE + address)
    Client().get(PAGE + "loggers/")
    client.get("/static/missing.css")
    assert [entry.extra["path"] for entry in entries()] == [PAGE + "nowhere/"]


def test_an_address_that_only_looks_like_the_console_is_logged(client: Client) -> None:
    """Nobody hides a request by its path."""
    client.get("/any/logconsole/console/")
    client.get("/shops/ours/logconsole/console/")
    client.get("/nowhere/logconsole/console/entries/")
    assert len(entries()) == 3
    assert len(entries("working")) == 1


def test_a_project_may_leave_out_what_it_wants(client: Client, settings: Any) -> None:
    """ACCESS_LOG_EXCLUDE replaces the default: prefixes of paths."""
    settings.LOGCONSOLE = {"ACCESS_LOG_EXCLUDE": ["/ok/", "/orders/"]}
    for address in ("/ok/", "/orders/7/", "/static/missing.css"):
        client.get(address)
    assert [entry.extra["path"] for entry in entries()] == ["/static/missing.css"]


@pytest.mark.parametrize("static", [None, "/"])
def test_static_files_without_a_path_of_their_own_leave_out_nothing(
    client: Client, settings: Any, static: str | None
) -> None:
    """A prefix of everything is none."""
    settings.STATIC_URL = static
    client.get("/ok/")
    assert len(entries()) == 1


def test_nothing_of_a_request_is_left_behind(client: Client) -> None:
    """In the thread that serves the next one."""
    client.get(PAGE + "ws/")
    client.get("/ok/")
    assert (context.request_id.get(), context.user.get(), context.delivering.get()) == ("", "", False)
