"""The worker does its tasks, tries again what may work later, and stops when asked."""

from __future__ import annotations

import os
import random
import signal
from types import SimpleNamespace

import pytest

from project.shop import tasks
from project.shop.models import Order, Product
from project.shop.stopping import Stop, asked_by_signal
from project.shop.worker import Job, Worker

Log = pytest.LogCaptureFixture


class Unlucky(random.Random):
    """Chance, when all that can go wrong does."""

    def random(self) -> float:
        return 0.0


class Lucky(random.Random):
    """Chance, when nothing goes wrong."""

    def random(self) -> float:
        return 0.999


def levels(caplog: Log) -> list[str]:
    return [record.levelname for record in caplog.records if record.name == "shop.worker"]


def test_task_that_works_is_told_with_its_time(caplog: Log) -> None:
    """An entry for the beginning, one for the end with its duration."""
    Worker().do(Job(7, lambda chance: "swept the floor"))

    assert levels(caplog) == ["DEBUG", "INFO"]
    assert caplog.records[-1].__dict__["job_id"] == 7
    assert caplog.records[-1].__dict__["duration_ms"] >= 0


def test_task_that_fails_is_an_error_with_traceback(caplog: Log) -> None:
    """A failure goes into the log and the worker goes on."""
    Worker(chance=Unlucky()).do(Job(1, tasks.resize_pictures))

    assert levels(caplog) == ["DEBUG", "ERROR"]
    assert "JSONDecodeError" in caplog.text
    assert "TaskError" in caplog.text


@pytest.mark.django_db
def test_task_is_retried_and_given_up(caplog: Log) -> None:
    """Two warnings, then an error; each with the cause of the cause."""
    Order.objects.create(email="ada@example.com", status=Order.Status.PAID)
    stop = Stop()
    attempts: list[int] = []

    def send_invoice(chance: random.Random) -> str:
        attempts.append(len(attempts))
        if len(attempts) == 3:
            stop.ask()
        return tasks.send_invoice(Unlucky())

    Worker({send_invoice: 1}).run(stop)
    stop.close()

    assert [level for level in levels(caplog) if level in {"WARNING", "ERROR"}] == [
        "WARNING",
        "WARNING",
        "ERROR",
    ]
    assert "ConnectionRefusedError" in caplog.text


@pytest.mark.django_db
def test_tasks_do_what_they_say() -> None:
    """Without bad luck every task ends well."""
    order = Order.objects.create(email="ada@example.com", status=Order.Status.PAID)
    Product.objects.filter(slug="moka-pot").update(stock=2)

    assert [task(Lucky(1)).split()[0] for task in tasks.TASKS] == ["invoice", "pictures", "1", "1", "no"]
    order.refresh_from_db()
    assert order.status == "shipped"
    assert Product.objects.get(slug="moka-pot").stock > 20


@pytest.mark.django_db
def test_no_order_means_no_invoice() -> None:
    """An empty shop is no reason to fail."""
    assert tasks.send_invoice(Lucky()) == "no invoice to send"


@pytest.mark.django_db
def test_old_orders_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo can run for a week and stays small."""
    monkeypatch.setattr(tasks, "KEPT_ORDERS", 2)
    Order.objects.bulk_create(Order(email=f"{number}@example.com") for number in range(5))
    tasks.forget_old_orders(Lucky())

    assert list(Order.objects.values_list("email", flat=True)) == ["4@example.com", "3@example.com"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_asks_to_stop(number: signal.Signals) -> None:
    """Ctrl-C and a service manager's SIGTERM are the same request; afterwards all is as before."""
    before = signal.getsignal(number)
    with asked_by_signal() as stop:
        assert not stop.wait(0)
        os.kill(os.getpid(), number)

        assert stop.wait(5)
    assert signal.getsignal(number) is before


def test_job_without_a_name_has_one() -> None:
    """Any callable is a task."""
    assert Job(1, SimpleNamespace()).name == "task"  # type: ignore[arg-type]
