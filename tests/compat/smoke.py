"""Run inside of a project (`python -m tests.compat.smoke USER LOGIN`): what its staff would see, as JSON on stdout.

The settings are the project's own; DJANGO_SETTINGS_MODULE names them. USER is JSON for `create_superuser`, LOGIN what
is typed into the login form.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from typing import Any

import django

HOST = {"SERVER_NAME": "localhost"}


def main(user: str, login: str) -> None:
    """Checks, tables, a user, the login form, the page, an entry over HTTP, an entry over the socket."""
    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from django.urls import reverse

    call_command("check", fail_level="WARNING", stdout=sys.stderr)
    call_command("makemigrations", check_changes=True, dry_run=True, stdout=sys.stderr)
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser(**json.loads(user))
    page = reverse("admin:logconsole_console_changelist")
    client = signed_in(page, login, json.loads(user)["password"])
    logging.getLogger("compat").warning("Hello from %s", "compat", extra={"marker": 4711})
    found = {
        "django": django.get_version(),
        "address": page,
        "page": client.get(page).status_code,
        "plain": client.get(page, {"plain": "1"}).status_code,
        "entries": client.get(f"{page}entries/", {"q": "marker:4711"}).json()["entries"],
        "socket": asyncio.run(over_the_socket(page, client)),
        "tables": connection.introspection.table_names(),
    }
    sys.stdout.write(json.dumps(found))


def signed_in(page: str, login: str, password: str) -> Any:
    """A browser that has gone through the login form of the admin."""
    from django.test import Client
    from django.urls import reverse

    client = Client(**HOST)
    answer = client.post(reverse("admin:login"), {"username": login, "password": password, "next": page})
    assert (answer.status_code, answer.get("Location")) == (302, page), answer.content
    return client


async def over_the_socket(page: str, client: Any) -> list[Any]:
    """The first batch that the project's own ASGI application sends."""
    from asgiref.sync import sync_to_async
    from channels.testing import WebsocketCommunicator
    from django.conf import settings
    from django.utils.module_loading import import_string

    ticket = (await sync_to_async(client.get)(f"{page}ticket/")).json()["ticket"]
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"cookie", cookies.encode())]
    socket = WebsocketCommunicator(import_string(settings.ASGI_APPLICATION), f"{page}ws/", headers)
    connected, _ = await socket.connect(timeout=10)
    assert connected
    await socket.send_json_to({"type": "subscribe", "id": 1, "ticket": ticket, "q": "marker:4711", "after": None})
    batch = await socket.receive_json_from(timeout=10)
    assert batch["type"] == "batch", batch
    await socket.disconnect()
    return list(batch["entries"])


if __name__ == "__main__":
    main(*sys.argv[1:])
