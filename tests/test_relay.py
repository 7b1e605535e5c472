"""The id of a request goes where its work goes."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import queue
import threading
from typing import Any

import pytest
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory, RequestFactory

from logconsole import conf
from logconsole.context import request_id
from logconsole.handlers import RingBufferHandler
from logconsole.middleware import AccessLogMiddleware
from logconsole.relay import incoming, outgoing

log = logging.getLogger("shop")


@pytest.fixture(autouse=True)
def _kept(settings: Any) -> None:
    """Every record is kept in memory."""
    settings.LOGCONSOLE = {}
    logging.getLogger().addHandler(RingBufferHandler())
    logging.getLogger().setLevel(logging.INFO)


def ids() -> dict[str, str]:
    """The id of every message of the shop."""
    found = conf.get_store("ring").older(conf.parse_query("logger:shop")).entries
    return {entry.msg: entry.request_id for entry in found}


def served(view: Any) -> str:
    """The id of a request that the view answered."""
    response: Any = AccessLogMiddleware(view)(RequestFactory().get("/"))
    return str(response.headers["X-Request-ID"])


async def test_threads_and_tasks_of_a_request_carry_its_id() -> None:
    """Sync code in the thread of the request, or in any; a task that goes on when the answer is out."""
    answered = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []

    async def later() -> None:
        await answered.wait()
        log.info("task")

    async def view(request: HttpRequest) -> HttpResponse:
        tasks.append(asyncio.create_task(later()))
        await sync_to_async(log.info)("thread")
        await sync_to_async(log.info, thread_sensitive=False)("any thread")
        await asyncio.to_thread(log.info, "another")
        return HttpResponse()

    middleware: Any = AccessLogMiddleware(view)
    async with ThreadSensitiveContext():
        response = await middleware(AsyncRequestFactory().get("/"))
    request_id.set("")  # as when the request is finished
    answered.set()
    await tasks[0]
    identity = response.headers["X-Request-ID"]
    assert ids() == dict.fromkeys(("thread", "any thread", "another", "task"), identity)


def test_a_thread_that_is_given_the_context_carries_the_id() -> None:
    """A thread of one's own begins with none; so the context is given along."""

    def view(request: HttpRequest) -> HttpResponse:
        given = threading.Thread(target=contextvars.copy_context().run, args=(log.info, "given"))
        bare = threading.Thread(target=log.info, args=("bare",))
        for thread in (given, bare):
            thread.start()
            thread.join()
        return HttpResponse()

    assert {"given": served(view), "bare": ""} == ids()


def test_a_worker_carries_the_id_of_the_request_that_sent_the_job() -> None:
    """By headers of its message; what the worker logs afterwards belongs to none."""
    jobs: queue.Queue[dict[str, str]] = queue.Queue()

    def view(request: HttpRequest) -> HttpResponse:
        jobs.put({"task": "invoice", **outgoing()})
        return HttpResponse()

    def work() -> None:
        with incoming(jobs.get()):
            log.info("job")
        log.info("afterwards")

    identity = served(view)
    request_id.set("")
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert ids() == {"job": identity, "afterwards": ""}


@pytest.mark.parametrize(
    "headers",
    [{}, {b"X-Request-ID": "a", 5: "b"}, {"X-Request-ID": "a b"}, {"X-Request-ID": None}, {"X-Request-ID": "x" * 129}],
)
def test_a_job_without_a_good_id_has_its_own(headers: dict[Any, Any]) -> None:
    """So that all of it can be found; nobody writes what they like into the log."""
    with incoming(headers) as first, incoming(headers) as second:
        log.info("job")
    assert ids() == {"job": second}
    assert (len(first), len(second), first != second) == (32, 32, True)


def test_names_of_headers_have_no_case() -> None:
    """Whoever carried them."""
    with incoming({"x-request-id": "abc"}):
        assert outgoing() == {"X-Request-ID": "abc"}
    assert outgoing() == {}
