"""Figures for the people who run the shop."""

from __future__ import annotations

import statistics
from decimal import Decimal

from project.shop.models import Order


class ReportError(Exception):
    """A report that cannot be made."""


def average_refund() -> Decimal:
    """What a refund costs us on average; there is no refund yet, and nobody thought of that."""
    refunds = [order.total for order in Order.objects.filter(total__lt=0)]
    try:
        return statistics.mean(refunds)
    except statistics.StatisticsError as error:
        raise ReportError("The refund report has no figures to work on") from error
