"""What the page's files may not contain: they run under a strict Content-Security-Policy and Trusted Types."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import logconsole

PACKAGE = Path(logconsole.__file__).parent
SCRIPTS = sorted((PACKAGE / "static" / "logconsole").glob("*.js"))
OTHER_STYLES = PACKAGE / "static" / "logconsole" / "loggers.css"
STYLES = [OTHER_STYLES.with_name(f"{name}.css") for name in ("console", "list", "menus", "narrow", "print")]
TEMPLATE = PACKAGE / "templates" / "logconsole" / "console.html"
FORBIDDEN = {
    "innerHTML": r"innerHTML|outerHTML|insertAdjacentHTML|setHTMLUnsafe|createContextualFragment|DOMParser",
    "document.write": r"document\.write",
    "eval": r"\beval\s*\(|new Function\b",
    "import": r"^\s*import\b|\bimport\s*\(",
    "export": r"^\s*export\b",
    "style attribute": r"setAttribute\(\s*[\"']style|\bstyle:\s*[\"'`][\w-]+:|cssText",
    "console": r"\bconsole\.(log|debug|info|warn|error)\b",
}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_script_contains_nothing_that_parses_markup_or_code(script: Path, what: str) -> None:
    """No script turns text into markup or code, imports another, or talks to the browser's console."""
    found = re.search(FORBIDDEN[what], script.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is None, f"{script.name}: {found and found[0]}"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_shares_the_one_namespace(script: Path) -> None:
    """Every script hangs what it offers on the same object, which the first one makes."""
    assert "const lc = (globalThis.logconsole ??= {});" in script.read_text(encoding="utf-8")


def test_template_lists_every_script_once() -> None:
    """What lies in the folder is loaded, and nothing else: a file that is not listed would be dead."""
    listed = re.findall(
        r'type="module" src="{% static "logconsole/([\w-]+\.js)" %}"', TEMPLATE.read_text(encoding="utf-8")
    )
    assert sorted(listed) == [script.name for script in SCRIPTS]


def test_template_has_no_inline_code() -> None:
    """No script with a body, no handler, no style attribute, no style element."""
    text = TEMPLATE.read_text(encoding="utf-8")
    assert all(not body.strip() for body in re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL))
    assert not re.search(r"\sstyle\s*=|<style\b|\son\w+\s*=", text)


def test_template_gives_every_tag_the_nonce() -> None:
    """Scripts and styles carry the nonce where there is one."""
    tags = re.findall(r"<(?:script|link)\b.*", TEMPLATE.read_text(encoding="utf-8"))
    assert tags
    assert all('{% if nonce %} nonce="{{ nonce }}"{% endif %}' in tag for tag in tags)


def test_template_lists_every_style_once() -> None:
    """In this order: what is for less room and for paper has the last word."""
    listed = re.findall(r'rel="stylesheet" href="{% static "logconsole/([\w-]+\.css)" %}"', TEMPLATE.read_text())
    assert listed == [path.name for path in [*STYLES, OTHER_STYLES]]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_are_all_below_the_root(path: Path) -> None:
    """Every rule is nested in the root's: at the top level there is that, and one animation."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    depth, begun, top = 0, "", []
    for character in text:
        if character == "{":
            top += [begun.strip()] if depth == 0 else []
            depth += 1
        depth -= character == "}"
        begun = "" if character in "{}" else begun + character
    assert top == ["#logconsole", *(["@keyframes lc-pulse"] if path.stem == "console" else [])]


def test_the_other_styles_touch_nothing_of_the_page() -> None:
    """Those for the page of loggers are loaded beside it, for what both say of changed levels."""
    ids = set(re.findall(r'\bid="([\w-]+)"', TEMPLATE.read_text(encoding="utf-8")))
    assert ids & set(re.findall(r"#([\w-]+)", OTHER_STYLES.read_text(encoding="utf-8"))) == set()
