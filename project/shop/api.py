"""What the shop tells other programs."""

from __future__ import annotations

import logging

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from project.shop.models import Order, Product

logger = logging.getLogger("shop.api")


@require_GET
def stock(request: HttpRequest, slug: str) -> JsonResponse:
    """How many pieces of a product are there."""
    product = Product.objects.filter(slug=slug).first()
    if product is None:
        return _unknown("product", slug)
    logger.debug("Stock of %s asked for", slug, extra={"product": slug, "stock": product.stock})
    return JsonResponse({"product": slug, "stock": product.stock})


@require_GET
def order(request: HttpRequest, pk: int) -> JsonResponse:
    """How far an order has come."""
    found = Order.objects.filter(pk=pk).first()
    if found is None:
        return _unknown("order", str(pk))
    return JsonResponse({"order": found.number, "status": found.status, "total": str(found.total)})


def _unknown(kind: str, key: str) -> JsonResponse:
    logger.info("Unknown %s asked for: %s", kind, key, extra={"kind": kind, "key": key})
    return JsonResponse({"error": f"There is no {kind} {key}."}, status=404)
