"""Finding products."""

from __future__ import annotations

import asyncio
import logging
import time

from django.conf import settings
from django.db.models import Q

from project.shop.models import Product

logger = logging.getLogger("shop.search")

SLOW_MS = 500  # a search above it is worth a warning


async def search(words: str) -> list[Product]:
    """The products that contain all of the words; many words take their time."""
    started = time.perf_counter()
    await asyncio.sleep(_work(words))
    found = [product async for product in Product.objects.filter(_condition(words))]
    duration_ms = round((time.perf_counter() - started) * 1000, 1)
    details = {"words": words, "hits": len(found), "duration_ms": duration_ms}
    if duration_ms > SLOW_MS:
        logger.warning("Slow search for %r: %.0f ms", words, duration_ms, extra=details)
    elif not found:
        logger.info("Search for %r found nothing", words, extra=details)
    else:
        logger.debug("Search for %r: %d hits", words, len(found), extra=details)
    return found


def _condition(words: str) -> Q:
    condition = Q()
    for word in words.split():
        condition &= Q(name__icontains=word) | Q(description__icontains=word) | Q(category__icontains=word)
    return condition


def _work(words: str) -> float:
    """Seconds that an index would spare: next to none for two words, then more for each."""
    return float(settings.SHOP_PAUSES) * max(0.01, 0.35 * (len(words.split()) - 2))
