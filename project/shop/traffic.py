"""Visitors of the shop, made by chance: they browse, search, buy, get lost and misbehave."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import NamedTuple

import httpx

from project.shop.stopping import Stop

PAUSE = 0.35  # seconds between two requests of one visitor, on average
PRODUCTS = ("moka-pot", "hand-grinder", "house-blend-1-kg", "sencha-100-g", "bread-knife", "cafe-creme")
WORDS = ("coffee", "tea", "knife", "steel", "walnut", "espresso", "bücher", "rucksack")


class Left(Exception):
    """The visitor has been asked to leave."""


class Visitor:
    """One person with a browser: keeps cookies, and takes a moment before each click."""

    def __init__(self, client: httpx.Client, stop: Stop, chance: random.Random) -> None:
        self.client = client
        self.chance = chance
        self._stop = stop

    def get(self, path: str, **options: str | dict[str, str]) -> httpx.Response:
        """Look at a page."""
        self.pause()
        return self.client.get(path, **options)  # type: ignore[arg-type]  # params and headers

    def post(self, path: str, data: dict[str, str] | None = None) -> httpx.Response:
        """Send a form of the page looked at last."""
        self.pause()
        token = self.client.cookies.get("csrftoken") or ""
        return self.client.post(path, data=data, headers={"X-CSRFToken": token})

    def pause(self, seconds: float = PAUSE) -> None:
        """Take a moment; raises `Left` if it is time to leave."""
        if self._stop.wait(self.chance.uniform(0, 2 * seconds)):
            raise Left


def browse(visitor: Visitor) -> None:
    """Look around."""
    visitor.get("/")
    visitor.get("/products/", params={"category": visitor.chance.choice(("Coffee", "Tea", "Kitchen"))})
    visitor.get(f"/products/{visitor.chance.choice(PRODUCTS)}/")


def search(visitor: Visitor) -> None:
    """Look for something; the more words, the slower."""
    count = visitor.chance.choices((1, 2, 4, 5), weights=(10, 5, 2, 1))[0]
    visitor.get("/search/", params={"q": " ".join(visitor.chance.sample(WORDS, count))})


def buy(visitor: Visitor, *products: str, method: str = "card") -> None:
    """Fill the cart and pay."""
    for slug in products or visitor.chance.sample(PRODUCTS, visitor.chance.randint(1, 3)):
        visitor.get(f"/products/{slug}/")
        visitor.post(f"/cart/add/{slug}/")
    visitor.get("/cart/")
    email = f"{visitor.chance.choice(('ada', 'grace', 'linus', 'margaret'))}@example.com"
    visitor.post("/checkout/", {"email": email, "method": method})


def buy_too_much(visitor: Visitor) -> None:
    """More than the card is good for."""
    buy(visitor, "espresso-machine")


def buy_with_wallet(visitor: Visitor) -> None:
    """Pay in the way that never works."""
    buy(visitor, visitor.chance.choice(PRODUCTS), method="wallet")


def ask(visitor: Visitor) -> None:
    """Another program wants to know."""
    visitor.get(f"/api/stock/{visitor.chance.choice((*PRODUCTS, 'fax-machine'))}/")
    visitor.get(f"/api/orders/{visitor.chance.randint(1, 40)}/")


def get_lost(visitor: Visitor) -> None:
    """Follow links that lead nowhere."""
    visitor.get(visitor.chance.choice(("/wp-login.php", "/favicon.ico", "/old/shop", "/products/typewriter/")))


def read_report(visitor: Visitor) -> None:
    """Open the page that breaks."""
    visitor.get("/reports/refunds/")


def misbehave(visitor: Visitor) -> None:
    """Forged forms, climbing paths, foreign host names."""
    visitor.client.cookies.delete("csrftoken")
    visitor.post("/checkout/", {"email": "mallory@example.com"})
    visitor.get("/manuals/..%2f..%2fetc%2fpasswd")
    visitor.get("/", headers={"Host": "shop.invalid"})


class Flow(NamedTuple):
    """Something that visitors do, and how often."""

    do: Callable[[Visitor], None]
    weight: int


FLOWS = (
    Flow(browse, 30),
    Flow(search, 30),
    Flow(ask, 25),
    Flow(buy, 12),
    Flow(get_lost, 8),
    Flow(buy_too_much, 3),
    Flow(buy_with_wallet, 3),
    Flow(read_report, 2),
    Flow(misbehave, 2),
)


OPENINGS = (browse, buy, search, read_report)
"""What the visitors begin with, one each: the first seconds show the shop, and a traceback."""


def wait_for_site(url: str, stop: Stop) -> None:
    """Until the site answers, or it is time to leave."""
    while not stop.wait(0.2):
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            continue
        return


def visit(url: str, stop: Stop, opening: Callable[[Visitor], None]) -> None:
    """One visitor, who does one thing after the other until asked to leave."""
    chance = random.Random()
    while not stop.wait(0):
        try:
            with httpx.Client(base_url=url, timeout=15, trust_env=False, follow_redirects=True) as client:
                _stay(Visitor(client, stop, chance), opening)
        except httpx.TransportError:  # the site was restarted: come back later
            stop.wait(1)
        except Left:
            return


def _stay(visitor: Visitor, opening: Callable[[Visitor], None]) -> None:
    """Some things in one session, a certain one first."""
    opening(visitor)
    weights = [flow.weight for flow in FLOWS]
    for flow in visitor.chance.choices(FLOWS, weights=weights, k=10):
        flow.do(visitor)


def crowd(url: str, stop: Stop) -> None:
    """Several visitors at once, until asked to leave."""
    visitors = [threading.Thread(target=visit, args=(url, stop, flow), daemon=True) for flow in OPENINGS]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
