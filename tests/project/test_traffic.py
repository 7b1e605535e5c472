"""The visitors do what they are there for, on the real site."""

from __future__ import annotations

import random
import socket
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler

from project.shop import traffic
from project.shop.stopping import Stop

pytestmark = pytest.mark.django_db


@pytest.fixture
def stop() -> Iterator[Stop]:
    stop = Stop()
    yield stop
    stop.close()


@pytest.fixture
def answers() -> Counter[int]:
    return Counter()


@pytest.fixture
def visitor(stop: Stop, answers: Counter[int], monkeypatch: pytest.MonkeyPatch) -> Iterator[traffic.Visitor]:
    """A visitor who calls the site without a network, and does not dawdle."""
    monkeypatch.setattr(traffic, "PAUSE", 0)
    monkeypatch.setattr(traffic.Visitor.pause, "__defaults__", (0,))
    transport = httpx.WSGITransport(WSGIHandler(), raise_app_exceptions=False)  # type: ignore[arg-type]
    hooks = {"response": [lambda response: answers.update([response.status_code])]}
    with httpx.Client(transport=transport, base_url="http://testserver", event_hooks=hooks) as client:
        yield traffic.Visitor(client, stop, random.Random(7))


@pytest.mark.parametrize(
    ("flow", "statuses"),
    [
        (traffic.browse, {200}),
        (traffic.search, {200}),
        (traffic.buy, {200, 302}),
        (traffic.buy_too_much, {200, 302}),
        (traffic.buy_with_wallet, {200, 302, 500}),
        (traffic.get_lost, {404}),
        (traffic.read_report, {500}),
        (traffic.misbehave, {400, 403}),
    ],
)
def test_flow_gets_its_answers(
    visitor: traffic.Visitor, answers: Counter[int], flow: traffic.Callable[..., None], statuses: set[int]
) -> None:
    """Each kind of visit meets the part of the site that it is meant for."""
    flow(visitor)

    assert set(answers) == statuses


def test_programs_ask_for_what_is_there_and_what_is_not(visitor: traffic.Visitor, answers: Counter[int]) -> None:
    """The addresses for programs are asked too."""
    for _ in range(10):
        traffic.ask(visitor)

    assert set(answers) == {200, 404}


def test_visitor_leaves_when_asked(visitor: traffic.Visitor, stop: Stop, answers: Counter[int]) -> None:
    """Nobody clicks once more after closing time."""
    stop.ask()

    with pytest.raises(traffic.Left):
        visitor.get("/")
    assert not answers


def test_nobody_waits_for_a_site_after_closing_time(stop: Stop) -> None:
    """A site that never comes up does not keep the visitors."""
    stop.ask()
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        traffic.wait_for_site(f"http://127.0.0.1:{server.getsockname()[1]}", stop)
        traffic.crowd(f"http://127.0.0.1:{server.getsockname()[1]}", stop)
