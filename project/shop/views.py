"""The shop's pages."""

from __future__ import annotations

import logging
from pathlib import Path

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils._os import safe_join
from django.views.decorators.http import require_GET, require_POST

from project.shop import catalogue, orders, reports
from project.shop.cart import Cart
from project.shop.models import Order, Product
from project.shop.payments import CardDeclined

logger = logging.getLogger("shop.views")


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The way in: to the shop, and to its log."""
    context = {"products": Product.objects.order_by("-stock")[:4], "is_debug": settings.DEBUG}
    return render(request, "shop/home.html", context)


@require_GET
def products(request: HttpRequest) -> HttpResponse:
    """Everything there is, or one category of it."""
    found = Product.objects.all()
    if category := request.GET.get("category"):
        found = found.filter(category=category)
    categories = Product.objects.order_by("category").values_list("category", flat=True).distinct()
    context = {"products": found, "category": category, "categories": categories}
    return render(request, "shop/products.html", context)


@require_GET
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product."""
    found = get_object_or_404(Product, slug=slug)
    logger.debug("Looked at %s", found, extra={"product": slug})
    return render(request, "shop/product.html", {"product": found})


async def search(request: HttpRequest) -> HttpResponse:
    """The products that contain the words."""
    words = request.GET.get("q", "").strip()
    found = await catalogue.search(words) if words else []
    # In a thread: the session, which knows the cart, is read from the database.
    return await sync_to_async(render)(request, "shop/search.html", {"words": words, "products": found})


@require_GET
def cart(request: HttpRequest) -> HttpResponse:
    """What the visitor means to buy."""
    return render(request, "shop/cart.html", {"cart": Cart(request)})


@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """Put something into the cart."""
    Cart(request).add(get_object_or_404(Product, slug=slug))
    return redirect("shop:cart")


@require_POST
def checkout(request: HttpRequest) -> HttpResponse:
    """Buy what is in the cart."""
    filled = Cart(request)
    if not filled:
        messages.warning(request, "Your cart is empty.")
        return redirect("shop:cart")
    try:
        placed = orders.place(filled, request.POST.get("email", ""), request.POST.get("method", "card"))
    except CardDeclined as error:
        messages.error(request, str(error))
        return redirect("shop:cart")
    return redirect("shop:order", placed.pk)


@require_GET
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Thank you."""
    return render(request, "shop/order.html", {"order": get_object_or_404(Order, pk=pk)})


@require_GET
def manual(request: HttpRequest, name: str) -> HttpResponse:
    """A product's manual: there is none yet, but a path that climbs out is noticed."""
    path = Path(safe_join(settings.VAR_DIR / "manuals", name))
    logger.info("No manual %s", path.name, extra={"manual": path.name})
    raise Http404(f"There is no manual {path.name}.")


@require_GET
def refunds(request: HttpRequest) -> HttpResponse:
    """The report that nobody tried before it went live."""
    return HttpResponse(f"Average refund: {reports.average_refund():.2f} EUR")
