"""The catalogues are whole: every text of scripts, template and models, in each language, with its places to fill."""

from __future__ import annotations

import gettext
import re
from pathlib import Path
from typing import Any

import pytest

from tests.page.test_sources import PACKAGE, SCRIPTS

LANGUAGES = sorted(path.name for path in (PACKAGE / "locale").iterdir())
TEXT = r'"((?:[^"\\]|\\.)*)"'
CALL = re.compile(rf"\b(?:(pgettext)\({TEXT},\s*|(?:gettext|ngettext|count)\(\s*){TEXT}")
TAG = re.compile(rf"{{% translate {TEXT}(?: context {TEXT})? %}}")
PLACES = re.compile(r"%\(\w+\)s")


def texts(kind: str) -> set[str]:
    """The keys that a catalogue has for what is in the sources; a context goes before its text."""
    if kind == "djangojs":
        calls = (call for script in SCRIPTS for call in CALL.findall(script.read_text(encoding="utf-8")))
        return {f"{context}\x04{text}" if name else text for name, context, text in calls}
    tags = [
        tag for page in (PACKAGE / "templates").rglob("*.html") for tag in TAG.findall(page.read_text(encoding="utf-8"))
    ]
    return {f"{context}\x04{text}" if context else text for text, context in tags}


def catalogue(language: str, kind: str) -> dict[Any, str]:
    """What the compiled file holds."""
    with (PACKAGE / "locale" / language / "LC_MESSAGES" / f"{kind}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined,no-any-return]  # there is no other way to list it


def test_the_languages() -> None:
    """Those that the documentation promises."""
    assert LANGUAGES == ["de", "es", "fr"]


@pytest.mark.parametrize("kind", ["django", "djangojs"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing(language: str, kind: str) -> None:
    """Every text has its translation; `.ci/messages` collects and compiles them."""
    held = {key if isinstance(key, str) else key[0] for key, text in catalogue(language, kind).items() if text}
    assert len(texts(kind)) > 20
    assert texts(kind) - held == set()


@pytest.mark.parametrize("kind", ["django", "djangojs"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_places_to_fill_are_kept(language: str, kind: str) -> None:
    """A translation has the same places as its text."""
    for key, text in catalogue(language, kind).items():
        wanted = key if isinstance(key, str) else key[0]
        if wanted:
            assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(wanted)), wanted


@pytest.mark.parametrize(
    "path", sorted((PACKAGE / "locale").rglob("*.po")), ids=lambda path: f"{path.parts[-3]}-{path.stem}"
)
def test_what_is_compiled_is_what_is_written(path: Path) -> None:
    """No text of the source file is left out, none is marked as unsure."""
    written = path.read_text(encoding="utf-8")
    assert "#, fuzzy" not in written
    held = {key if isinstance(key, str) else key[0] for key in catalogue(path.parts[-3], path.stem)}
    assert len(held) == len(re.findall("^msgid ", written, re.MULTILINE))
