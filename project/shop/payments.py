"""Taking money: cards are checked here, wallets by a provider that nobody can reach."""

from __future__ import annotations

import logging
import urllib.request
from decimal import Decimal

from project.shop.models import Order

logger = logging.getLogger("shop.payments")

WALLET_URL = "http://127.0.0.1:9/charges"  # the discard port: nothing listens there
CARD_LIMIT = Decimal(1000)


class PaymentError(Exception):
    """The money could not be taken, and it is our fault."""


class CardDeclined(Exception):
    """The money could not be taken, and it is the customer's turn."""


def charge(order: Order, method: str) -> None:
    """Take the order's total, or raise."""
    details = {"order_id": order.number, "amount": float(order.total), "method": method}
    if method == "wallet":
        _charge_wallet(order)
    if method == "card" and order.total > CARD_LIMIT:
        logger.warning("Card declined for order %s", order, extra={**details, "reason": "limit"})
        raise CardDeclined(f"The card was declined for {order.total} EUR.")
    logger.info("Charged %.2f EUR for order %s", order.total, order, extra=details)


def _charge_wallet(order: Order) -> None:
    """Ask the provider, and say in our own words what went wrong with it."""
    logger.debug("Asking the wallet provider at %s", WALLET_URL)
    try:
        urllib.request.urlopen(WALLET_URL, data=b"", timeout=5)
    except OSError as error:
        raise PaymentError(f"Wallet provider unreachable, order {order} not charged") from error
