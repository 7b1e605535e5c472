"""The console's place in the admin."""

from __future__ import annotations

import io
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import path, reverse

from logconsole.admin import ConsoleAdmin, nonce_of
from logconsole.models import Console
from tests.web import PAGE, RULE, client_of, configure, keep, page, person, staff

SCRIPT = "<script>alert(1)</script>\x1b[31m"


@pytest.fixture
def client(settings: Any, tmp_path: Path) -> Client:
    """The browser of a staff user, on a page that shows what it was given."""
    configure(settings, tmp_path)
    (tmp_path / "logconsole").mkdir()
    bare = '{{ console_config|json_script:"logconsole-config" }}{{ title }}|{{ request.current_app }}|{{ nonce }}'
    (tmp_path / "logconsole" / "console.html").write_text(bare)
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    return client_of(staff())


@pytest.mark.django_db
def test_the_page_knows_what_its_scripts_need(client: Client, settings: Any) -> None:
    """Stores with their scope, the first being the default; what may be done; where to sign in."""
    settings.TIME_ZONE = "Europe/Berlin"
    response = page(client)
    assert response.context["console_config"] == {
        "stores": [{"alias": "file", "scope": "host"}, {"alias": "ring", "scope": "process"}],
        "can_download": True,
        "time_zone": "Europe/Berlin",
        "login_url": "/admin/login/",
        "base_dir": str(settings.BASE_DIR),
        "window": 100_000,
        "limit": 500,
    }
    assert response.content.decode().endswith("Live log|admin|")


@pytest.mark.django_db
def test_the_admin_lists_the_console(client: Client) -> None:
    """On its index and on that of the app, to be viewed, for whoever may."""
    for address in ("/admin/", "/admin/logconsole/"):
        assert f'href="{PAGE}"' in client.get(address).content.decode()
    stranger = person("stranger", is_staff=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ConsoleAdmin, "has_view_permission", lambda *_: False)
        assert PAGE not in client_of(stranger).get("/admin/").content.decode()


@pytest.mark.django_db
def test_signed_in_without_permission_is_told(client: Client) -> None:
    """403; who is not signed in is sent to the login."""
    response = page(client_of(person("plain")))
    assert (response.status_code, response.headers["Cache-Control"]) == (403, "no-store")
    assert page(Client()).headers["Location"] == f"/admin/login/?next={PAGE}"


@pytest.mark.django_db
def test_a_site_with_rules_of_its_own_may_ask_to_sign_in_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second factor that is still missing: the page leads to the login, the rest refuses."""
    monkeypatch.setattr(admin.site, "has_permission", lambda request: False)
    assert page(client).status_code == 302
    assert page(client, "entries/").status_code == 403
    assert page(client, "ticket/").status_code == 403


@pytest.mark.django_db
def test_a_subclass_may_ask_for_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its `has_view_permission` holds for the page and for everything beside it."""
    monkeypatch.setattr(ConsoleAdmin, "has_view_permission", lambda *_: False)
    for door in ("", "entries/", "ticket/"):
        assert page(client, door).status_code == 403


@pytest.mark.django_db
def test_the_page_is_only_read(client: Client) -> None:
    """405 for a form that is sent here."""
    assert client.post(PAGE).status_code == 405


@pytest.mark.django_db
def test_plain_is_a_table_without_javascript(client: Client) -> None:
    """The newest first, what people wrote shown as text, control characters shown escaped."""
    keep("old", SCRIPT)
    body = page(client, plain="1").content.decode()
    assert body.index("&lt;script&gt;alert(1)&lt;/script&gt;\\x1b[31m") < body.index("<pre>old</pre>")
    assert "<script>alert" not in body


@pytest.mark.django_db
def test_plain_takes_the_same_parameters(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Query, level, store and cursor; times are those of the site."""
    monkeypatch.setattr("logconsole.plain.ROWS", 1)
    settings.TIME_ZONE = "Europe/Berlin"
    keep("paid", created=1_784_880_000.25)
    keep("noise", "paid twice", level=40)
    body = page(client, plain="1", q="paid", store="file").content.decode()
    assert ("paid twice" in body, "<pre>paid</pre>" in body) == (True, False)
    older = page(client, plain="1", level="INFO").content.decode()
    assert "<pre>paid</pre>" in older
    assert "2026-07-24 10:00:00.250" in older
    link = body.partition('<p><a href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "<pre>paid</pre>" in client.get(PAGE + link).content.decode()


@pytest.mark.django_db
def test_plain_says_what_is_wrong(client: Client) -> None:
    """In the page, with the status that says so too."""
    for values, status in (({"q": "(open"}, 400), ({"store": "nowhere"}, 404)):
        response = page(client, plain="1", **values)
        assert (response.status_code, "errornote" in response.content.decode()) == (status, True)


@pytest.mark.django_db
def test_plain_shows_a_time_that_is_none_as_it_is(client: Client, tmp_path: Path) -> None:
    """Lines of other writers are shown, whatever they carry."""
    keep("ours")
    with next((tmp_path / "logs").glob("0*.jsonl")).open("a") as file:
        file.write('{"ts":"a while ago","level":"INFO","msg":"theirs"}\n')
    assert "a while ago" in page(client, plain="1").content.decode()
    assert "No entry matches" in page(client, plain="1", q="nowhere").content.decode()


@pytest.mark.django_db
def test_the_other_addresses_of_a_model_ask_for_no_rows(
    client: Client, django_assert_num_queries: Any, settings: Any
) -> None:
    """There is no table: adding is refused, and what would show a row leads back."""
    ada = person("root", is_staff=True, is_superuser=True)
    browser = client_of(ada)
    found = {name: browser.get(f"{PAGE}{name}/").status_code for name in ("add", "1/change", "1/delete", "1/history")}
    assert found["add"] == 403
    assert {found["1/change"], found["1/history"]} == {302}
    assert found["1/delete"] in (302, 403)
    with django_assert_num_queries(0):
        assert list(Console.objects.all()) == []
        assert not Console.objects.filter(key="1").exists()
        assert Console._base_manager.count() == 0


@pytest.mark.django_db
def test_dumping_all_data_passes_the_console_by() -> None:
    """Where there is no table, nothing is read."""
    out = io.StringIO()
    call_command("dumpdata", "logconsole", "--all", stdout=out)
    call_command("dumpdata", "logconsole", stdout=out)
    assert out.getvalue().replace("\n", "") == "[][]"


@pytest.mark.django_db
def test_nothing_is_to_be_migrated() -> None:
    """The model has no table and needs no migration; its permissions are there."""
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
    names = Permission.objects.filter(content_type__app_label="logconsole").values_list("codename", flat=True)
    assert set(names) == {"view_console", "download_console", "change_levels"}
    assert str(Console(key="1")) == "1"


class Ops(admin.AdminSite):
    """A site for operators, who need not be staff."""

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.get_username() == "operator"


@pytest.fixture
def ops(settings: Any) -> Ops:
    """The console on a second site."""
    site = Ops(name="ops")
    site.register(Console, ConsoleAdmin)
    urls = ModuleType("tests.urls_of_two_sites")
    vars(urls)["urlpatterns"] = [path("admin/", admin.site.urls), path("prefix/ops/", site.urls)]
    settings.ROOT_URLCONF = urls
    return site


@pytest.mark.django_db
def test_a_second_site_has_its_own_page(client: Client, ops: Ops) -> None:
    """Each page belongs to its site, and each site lets in whom it wants."""
    assert reverse("ops:logconsole_console_changelist") == "/prefix/ops/logconsole/console/"
    operator = client_of(staff("operator"))
    response = operator.get("/prefix/ops/logconsole/console/")
    assert response.content.decode().endswith("Live log|ops|")
    assert response.context["console_config"]["login_url"] == "/prefix/ops/login/"
    assert operator.get("/prefix/ops/logconsole/console/ticket/").status_code == 200
    assert client.get("/prefix/ops/logconsole/console/ticket/").status_code == 403
    assert client.get(PAGE).content.decode().endswith("Live log|admin|")


@pytest.mark.parametrize("given", [{"ADMIN_AUTOREGISTER": False}, {}, ["wrong"], None])
def test_the_default_site_has_it_unless_told(given: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project may register it itself; a setting that is wrong is for the checks to tell."""
    from logconsole import admin as module

    site = admin.AdminSite()
    monkeypatch.setattr(admin, "site", site)
    settings.LOGCONSOLE = given
    module.register()
    assert site.is_registered(Console) is (given != {"ADMIN_AUTOREGISTER": False})


def test_the_nonce_is_that_of_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    """As django-csp or Django gives it, or none."""
    from logconsole import admin as module

    request = HttpRequest()
    monkeypatch.setattr(module, "get_nonce", None)
    assert nonce_of(request) == ""
    monkeypatch.setattr(module, "get_nonce", lambda request: "of-django")
    assert nonce_of(request) == "of-django"
    vars(request)["csp_nonce"] = "of-django-csp"
    assert nonce_of(request) == "of-django-csp"


@pytest.mark.django_db
def test_the_rule_can_be_a_permission(client: Client, settings: Any) -> None:
    """On the index too."""
    settings.LOGCONSOLE = {**settings.LOGCONSOLE, "PERMISSION": RULE}
    assert PAGE not in client.get("/admin/").content.decode()
    assert PAGE in client_of(staff("bob", RULE)).get("/admin/").content.decode()
