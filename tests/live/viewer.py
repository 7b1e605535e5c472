"""A browser's socket to a running server, without the browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.e2e.site import Site


@contextmanager
def sign_in(site: Site, name: str = "boss") -> Iterator[httpx.Client]:
    """Somebody who filled in the admin's login form."""
    with httpx.Client(base_url=site.url, follow_redirects=True, timeout=60) as visitor:
        form = visitor.get(site.page)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
        assert token
        values = {"csrfmiddlewaretoken": token[1], "username": name, "password": name, "next": "/state/"}
        assert visitor.post(str(form.url), data=values).status_code == 200
        yield visitor


class Viewer:
    """Whoever is signed in, with an open socket; what was painted is acknowledged unless it is lazy."""

    def __init__(self, site: Site, visitor: httpx.Client) -> None:
        self.site = site
        self.visitor = visitor
        self.texts: list[str] = []
        """The messages that it was sent."""
        self.missed = 0
        self.after: str | None = None
        self.id = 0
        self.is_lazy = False
        self.socket: ClientConnection

    async def __aenter__(self) -> Viewer:
        await self.open()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self.socket.close()

    async def open(self) -> None:
        """Connect, with a ticket for the first message."""
        self.ticket = self.visitor.get(f"{self.site.page}ticket/").json()["ticket"]
        cookies = "; ".join(f"{name}={value}" for name, value in self.visitor.cookies.items())
        self.socket = await connect(
            self.site.page.replace("http", "ws", 1) + "ws/",
            origin=self.site.url,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookies},
            max_size=None,
            ping_interval=None,  # it may be told not to read, for as long as the others take
            proxy=None,
        )

    async def subscribe(self, **values: Any) -> None:
        """Ask for entries, from where it is."""
        self.id += 1
        first = {"ticket": self.ticket} if self.ticket else {}
        await self.say({"type": "subscribe", "id": self.id, "after": self.after, **first, **values})
        self.ticket = ""

    async def say(self, message: dict[str, Any]) -> None:
        """Send a message."""
        await self.socket.send(json.dumps(message))

    async def next(self) -> dict[str, Any]:
        """The next message; what is in a batch of this subscription is kept and acknowledged."""
        message: dict[str, Any] = json.loads(await self.socket.recv())
        if message["type"] == "batch" and message["id"] == self.id:
            self.texts += [made["msg"] for made in message["entries"]]
            self.missed += message["missed"]
            self.after = message["after"]
            if not self.is_lazy:
                await self.say({"type": "ack", "id": self.id, "after": self.after})
        return message

    async def live(self) -> None:
        """Until all that was there has been sent."""
        while (await self.next())["type"] != "status":
            pass

    async def has(self, count: int) -> None:
        """Until it has so many messages."""
        while len(self.texts) < count:
            await self.next()

    async def closed(self) -> int:
        """Read to the end; the code it is closed with."""
        try:
            while True:
                await self.next()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006
