"""The cart: what a visitor means to buy, kept in the session."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.http import HttpRequest

from project.shop.models import Product

logger = logging.getLogger("shop.cart")

MOST = 9  # pieces of one product


class Line(NamedTuple):
    """Some pieces of one product."""

    product: Product
    quantity: int

    @property
    def price(self) -> Decimal:
        """Of all the pieces."""
        return self.product.price * self.quantity


class Cart:
    """The cart of one visitor."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session
        self._quantities: dict[str, int] = dict(request.session.get("cart", {}))

    def __len__(self) -> int:
        return sum(self._quantities.values())

    def __iter__(self) -> Iterator[Line]:
        for product in Product.objects.filter(slug__in=self._quantities):
            yield Line(product, self._quantities[product.slug])

    @property
    def total(self) -> Decimal:
        """The price of everything in it."""
        return sum((line.price for line in self), Decimal())

    def add(self, product: Product) -> None:
        """One more piece, up to as many as one visitor may have."""
        wanted = self._quantities.get(product.slug, 0) + 1
        if wanted > MOST:
            logger.warning("Cart limited to %d x %s", MOST, product, extra={"product": product.slug})
        self._keep({**self._quantities, product.slug: min(wanted, MOST)})
        logger.debug("Added %s", product, extra={"product": product.slug, "pieces": len(self)})

    def clear(self) -> None:
        """Nothing left."""
        self._keep({})

    def _keep(self, quantities: dict[str, int]) -> None:
        self._quantities = quantities
        self._session["cart"] = quantities


def context(request: HttpRequest) -> dict[str, object]:
    """For every page: how many pieces are in the cart."""
    session = getattr(request, "session", {})  # a request refused early has none
    return {"cart_pieces": sum(session.get("cart", {}).values())}
