"""People, sessions and sockets for the tests of the web side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from logconsole import conf
from logconsole.entry import Entry
from tests.asgi import application
from tests.records import entry

PAGE = "/admin/logconsole/console/"
FILE = "logconsole.stores.file.FileStore"
RING = "logconsole.stores.ring.RingStore"
RULE = "logconsole.view_console"


def configure(settings: Any, directory: Path, **more: Any) -> None:
    """A file store and a ring, empty, for this test alone."""
    stores = {"file": {"BACKEND": FILE, "OPTIONS": {"directory": directory / "logs", "poll_seconds": 0.01}}}
    settings.LOGCONSOLE = {"STORES": {**stores, "ring": {"BACKEND": RING}}, **more}


def set_logging(monkeypatch: pytest.MonkeyPatch, **values: Any) -> None:
    """The settings LOGGING and LOGGING_CONFIG, without the signal at which Django 6.1 configures logging anew."""
    for name, value in values.items():
        monkeypatch.setattr(django_settings, name, value)


def keep(*messages: str, store: str = "file", **values: Any) -> list[Entry]:
    """Entries with these messages, kept."""
    made = [entry(message, **values) for message in messages]
    for one in made:
        conf.get_store(store).append(one)
    return made


def person(name: str, **values: Any) -> Any:
    """A user of that name."""
    return get_user_model().objects.create_user(name, password="demo", **values)


def staff(name: str = "ada", *permissions: str, **values: Any) -> Any:
    """A staff user, with these permissions."""
    user = person(name, is_staff=True, **values)
    codenames = [permission.partition(".")[2] for permission in permissions]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def client_of(user: Any) -> Client:
    """A browser in which the user is signed in; nobody for None."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def page(client: Client, path: str = "", **parameters: Any) -> Any:
    """What the console answers there."""
    return client.get(PAGE + path, parameters)


def messages(response: Any) -> list[str]:
    """The messages of a batch."""
    return [found["msg"] for found in response.json()["entries"]]


def ticket_of(client: Client) -> str:
    """A fresh ticket."""
    return str(page(client, "ticket/").json()["ticket"])


class Socket(WebsocketCommunicator):  # type: ignore[misc]  # Channels ships no types
    """A browser's socket to the console."""

    def __init__(self, client: Client | None = None, *, origin: str | None = "http://testserver", **scope: Any):
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()) if client else ""
        headers = {"host": "testserver", "origin": origin, "cookie": cookies, **scope.pop("headers", {})}
        given = [(name.encode(), value.encode()) for name, value in headers.items() if value]
        super().__init__(scope.pop("application", application), scope.pop("path", PAGE + "ws/"), given)
        self.scope.update(scope)

    async def subscribe(self, id: int = 1, **values: Any) -> None:
        """Ask for entries."""
        await self.send_json_to({"type": "subscribe", "id": id, **values})

    async def ack(self, batch: dict[str, Any]) -> None:
        """Tell that the batch was painted."""
        await self.send_json_to({"type": "ack", "id": batch["id"], "after": batch["after"]})

    async def next(self, kind: str) -> dict[str, Any]:
        """The next message, which is of that kind; a batch is acknowledged."""
        message = json.loads(await self.receive_from(timeout=5))
        assert message["type"] == kind, message
        if kind == "batch":
            await self.ack(message)
        return message

    async def closed(self) -> int:
        """The code that it is closed with, next."""
        message = await self.receive_output(timeout=5)
        assert message["type"] == "websocket.close", message
        return int(message["code"])
