"""The reference names all that there is, and nothing that there is not."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Permission
from django.core.management import call_command

from logconsole import audit, conf
from logconsole.entry import Entry
from logconsole.models import Console
from logconsole.stores.file import FileStore
from logconsole.stores.redis import RedisStore
from logconsole.stores.ring import RingStore
from logconsole.testing import logged
from tests.docs.pages import ROOT, first_column, page
from tests.web import client_of, configure, person, staff
from tests.web import page as page_of


def test_every_setting_is_documented() -> None:
    """And none is that nobody reads; each default is the one in force."""
    named = first_column("reference/settings.md")
    options = {name for store in (FileStore, RingStore, RedisStore) for name in inspect.signature(store).parameters}
    assert {name for name in named if name.isupper()} == set(conf.KEYS)
    assert options <= named
    for store in (FileStore, RingStore):
        for name, given in inspect.signature(store).parameters.items():
            if given.default is not inspect.Parameter.empty:
                shown = f"0o{given.default:o}" if name == "mode" else f"{given.default:_}"
                assert f"| `{name}` | `{shown}` |" in page("reference/settings.md"), name


def test_every_check_is_documented() -> None:
    """Once, with what to do; none that was removed."""
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "logconsole").rglob("*.py"))
    given = set(re.findall(r'id="(logconsole\.[EW]\d{3})"', source))
    rows = re.findall(r"^\| `(logconsole\.[EW]\d{3})` \|", page("reference/checks.md"), re.MULTILINE)
    assert sorted(rows) == sorted(given)


def test_every_permission_is_documented(db: None) -> None:
    """Those that `migrate` writes."""
    call_command("migrate", verbosity=0)
    there = Permission.objects.filter(content_type__app_label="logconsole").values_list("codename", flat=True)
    named = {name for name in first_column("reference/permissions.md") if name.startswith("logconsole.")}
    assert {f"logconsole.{codename}" for codename in there} == named
    assert len(there) == 1 + len(Console._meta.permissions)


def test_every_key_of_an_entry_is_documented() -> None:
    """In the order in which they are written."""
    named = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", page("reference/entry.md"), re.MULTILINE)))
    assert named == [field for field in Entry.__struct_fields__ if field != "cursor"]
    assert "`cursor`" in page("reference/entry.md")


def test_every_act_on_record_is_documented(db: None, settings: Any, tmp_path: Path) -> None:
    """With all that its entry carries."""
    configure(settings, tmp_path)
    ada = client_of(staff())
    with logged(logger=audit.NAME) as found:
        bounds = {"q": "msg", "level": "INFO", "since": "2h", "until": "1h"}
        assert page_of(ada, "download/", **bounds).getvalue() == b""
        page_of(ada)
        page_of(client_of(person("guest")))
        audit.changed_levels(person("bob"), "shop DEBUG")
    rows = re.findall(r"\| (`user`.*) \|$", page("reference/audit.md"), re.MULTILINE)
    fields = {key for entry in found.entries for key in entry.extra or {}}
    assert fields == set(re.findall(r"`(\w+)`", "".join(rows)))
    assert len(rows) == len({entry.msg.split()[1] for entry in found.entries})


def test_every_address_is_documented() -> None:
    """Beside the page."""
    source = (ROOT / "logconsole" / "admin.py").read_text("utf-8")
    routes = set(re.findall(r'_path\("(\w+/)"', source)) - {"jsi18n/"}
    assert routes == {name for name in first_column("reference/wire.md") if name.endswith("/")}


def test_every_page_is_in_the_index_and_in_the_menu() -> None:
    """Nobody finds a page otherwise."""
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    menu = set(re.findall(r"- ([\w/-]+\.md)", (ROOT / "docs/site/mkdocs.yml").read_text("utf-8")))
    linked = set(re.findall(r"\]\(([\w/-]+\.md)\)", page("index.md"))) | {"index.md"}
    assert menu == pages
    assert linked == pages


def test_every_hint_that_names_a_page_is_right() -> None:
    """Messages lead to pages that there are."""
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "logconsole").rglob("*.py"))
    assert [name for name in re.findall(r"docs/[\w/-]+\.md", source) if not Path(ROOT, name).exists()] == []
