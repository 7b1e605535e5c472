"""From a cart to an order."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import F

from project.shop import payments
from project.shop.cart import Cart
from project.shop.models import Order, OrderLine, Product

logger = logging.getLogger("shop.orders")

LOW_STOCK = 5  # pieces


def place(cart: Cart, email: str, method: str) -> Order:
    """An order of everything in the cart, paid; the cart is empty afterwards."""
    order = _create(cart, email)
    try:
        payments.charge(order, method)
    except Exception:
        _finish(order, Order.Status.FAILED)
        raise
    _finish(order, Order.Status.PAID)
    _take_from_stock(order)
    cart.clear()
    return order


@transaction.atomic
def _create(cart: Cart, email: str) -> Order:
    order = Order.objects.create(email=email, total=cart.total)
    lines = [OrderLine(order=order, product=line.product, quantity=line.quantity) for line in cart]
    OrderLine.objects.bulk_create(lines)
    details = {"order_id": order.number, "amount": float(order.total), "lines": len(lines)}
    logger.info("Order %s placed: %.2f EUR", order, order.total, extra=details)
    return order


def _finish(order: Order, status: Order.Status) -> None:
    order.status = status
    order.save(update_fields=["status"])
    logger.debug("Order %s is %s", order, status.label.lower(), extra={"order_id": order.number})


def _take_from_stock(order: Order) -> None:
    for line in order.lines.select_related("product"):
        product = line.product
        if product.stock < line.quantity:
            logger.error("Sold out: %s", product, extra={"product": product.slug, "order_id": order.number})
            continue
        Product.objects.filter(pk=product.pk).update(stock=F("stock") - line.quantity)
        if product.stock - line.quantity < LOW_STOCK:
            left = product.stock - line.quantity
            logger.warning("Only %d x %s left", left, product, extra={"product": product.slug, "stock": left})
