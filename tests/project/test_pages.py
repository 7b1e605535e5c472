"""The shop's pages answer as they claim, and leave in the log what the demo is there to show."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from project.shop import catalogue
from project.shop.models import Order, Product

pytestmark = pytest.mark.django_db
Log = pytest.LogCaptureFixture


def logged(caplog: Log, name: str) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == name]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/products/",
        "/products/?category=Tea",
        "/products/moka-pot/",
        "/search/",
        "/search/?q=tea",
        "/cart/",
    ],
)
def test_page_opens(visitor: Client, path: str) -> None:
    """Every page that a visitor can simply open is there."""
    assert visitor.get(path).status_code == 200


def test_home_page_links_to_the_console(visitor: Client) -> None:
    """Whoever opens the demo finds the way to the log."""
    assert "/admin/logconsole/console/" in visitor.get("/").content.decode()


def test_admin_has_the_name_of_the_shop(visitor: Client) -> None:
    """The demo's admin looks like that of a real site."""
    assert "Shop administration" in visitor.get("/admin/login/").content.decode()


def test_unknown_product_is_not_found(visitor: Client, caplog: Log) -> None:
    """A 404 is one of Django's own warnings."""
    assert visitor.get("/products/typewriter/").status_code == 404
    assert logged(caplog, "django.request")[0].levelname == "WARNING"


def test_search_logs_hits_and_time(visitor: Client, caplog: Log) -> None:
    """A search leaves an entry with figures in `extra`."""
    visitor.get("/search/?q=six+cups")
    record = logged(caplog, "shop.search")[0]

    assert (record.levelname, record.__dict__["words"], record.__dict__["hits"]) == ("DEBUG", "six cups", 1)
    assert record.__dict__["duration_ms"] >= 0


def test_search_without_hits_is_told(visitor: Client, caplog: Log) -> None:
    """What people look for in vain is worth knowing."""
    assert "Nothing found" in visitor.get("/search/?q=rucksack").content.decode()
    assert logged(caplog, "shop.search")[0].levelname == "INFO"


def test_slow_search_warns(visitor: Client, caplog: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search above the bound is a warning."""
    monkeypatch.setattr(catalogue, "SLOW_MS", -1)
    visitor.get("/search/?q=tea")

    assert logged(caplog, "shop.search")[0].levelname == "WARNING"


def test_search_with_a_cart_counts_its_pieces(visitor: Client) -> None:
    """The asynchronous page reads the session as the others do."""
    visitor.post("/cart/add/moka-pot/")

    assert "Cart (1)" in visitor.get("/search/?q=tea").content.decode()


def test_cart_is_limited(visitor: Client, caplog: Log) -> None:
    """Ten pieces of one product are one too many, and it is logged."""
    for _ in range(10):
        visitor.post("/cart/add/moka-pot/")

    assert "9 pieces" in visitor.get("/cart/").content.decode()
    assert [r.levelname for r in logged(caplog, "shop.cart")].count("WARNING") == 1


def test_checkout_makes_a_paid_order(visitor: Client, caplog: Log) -> None:
    """A purchase is an order, a charge, an empty cart and fewer pieces in stock."""
    visitor.post("/cart/add/moka-pot/")
    answer = visitor.post("/checkout/", {"email": "ada@example.com", "method": "card"}, follow=True)
    order = Order.objects.get()

    assert f"Order {order.number}" in answer.content.decode()
    assert (order.status, str(order.total)) == ("paid", "34.90")
    assert Product.objects.get(slug="moka-pot").stock == 119
    assert logged(caplog, "shop.payments")[0].__dict__["amount"] == 34.9
    assert "Nothing in it yet" in visitor.get("/cart/").content.decode()


def test_low_stock_warns_and_no_stock_is_an_error(visitor: Client, caplog: Log) -> None:
    """The shop tells when it runs out of something."""
    Product.objects.filter(slug="moka-pot").update(stock=1)
    for _ in range(2):
        visitor.post("/cart/add/moka-pot/")
        visitor.post("/checkout/", {"email": "ada@example.com"})

    levels = [record.levelname for record in logged(caplog, "shop.orders")]
    assert ("WARNING" in levels, "ERROR" in levels) == (True, True)


def test_empty_cart_cannot_be_bought(visitor: Client) -> None:
    """There is nothing to pay for."""
    assert "cart is empty" in visitor.post("/checkout/", follow=True).content.decode()


def test_expensive_cart_is_declined(visitor: Client, caplog: Log) -> None:
    """A card has its limit: the visitor is told, the order has failed, the log says why."""
    visitor.post("/cart/add/espresso-machine/")
    answer = visitor.post("/checkout/", {"email": "ada@example.com"}, follow=True)

    assert "The card was declined" in answer.content.decode()
    assert Order.objects.get().status == "failed"
    assert logged(caplog, "shop.payments")[0].__dict__["reason"] == "limit"


def test_wallet_fails_with_a_chain_of_exceptions(visitor: Client, caplog: Log) -> None:
    """The view raises through frames of the standard library, and each cause is in the record."""
    visitor.post("/cart/add/moka-pot/")
    answer = visitor.post("/checkout/", {"email": "ada@example.com", "method": "wallet"})
    text = logged(caplog, "django.request")[0].exc_text or ""

    assert answer.status_code == 500
    assert sorted(("PaymentError", "URLError", "ConnectionRefusedError"), key=text.index) == [
        "ConnectionRefusedError",
        "URLError",
        "PaymentError",
    ]
    assert "direct cause" in text


def test_report_fails_with_its_cause(visitor: Client, caplog: Log) -> None:
    """The page that breaks tells what was behind it."""
    assert visitor.get("/reports/refunds/").status_code == 500
    assert "StatisticsError" in (logged(caplog, "django.request")[0].exc_text or "")


def test_climbing_path_is_suspicious(visitor: Client, caplog: Log) -> None:
    """Django's security log notices a path that leaves its directory."""
    assert visitor.get("/manuals/../../etc/passwd").status_code == 400
    assert logged(caplog, "django.security.SuspiciousFileOperation")


def test_missing_manual_is_not_found(visitor: Client) -> None:
    """A path that stays inside is just not there."""
    assert visitor.get("/manuals/moka.pdf").status_code == 404


def test_forged_form_is_refused(caplog: Log) -> None:
    """A form without its token is a matter for the security log."""
    assert Client(enforce_csrf_checks=True).post("/checkout/").status_code == 403
    assert logged(caplog, "django.security.csrf")


def test_foreign_host_is_refused(visitor: Client, caplog: Log) -> None:
    """So is a request for another site."""
    assert visitor.get("/", headers={"host": "shop.invalid"}).status_code == 400
    assert logged(caplog, "django.security.DisallowedHost")


def test_programs_get_json(visitor: Client) -> None:
    """The addresses for programs answer in JSON, also when there is nothing."""
    order = Order.objects.create(email="ada@example.com", total=1)

    assert visitor.get("/api/stock/moka-pot/").json() == {"product": "moka-pot", "stock": 120}
    assert visitor.get(f"/api/orders/{order.pk}/").json()["status"] == "new"
    assert visitor.get("/api/stock/fax/").status_code == 404
    assert visitor.get("/api/orders/0/").status_code == 404
