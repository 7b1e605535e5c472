"""What stands above the oldest entry, in words."""

from __future__ import annotations

from typing import Any

import pytest

MODULES = ["text", "dom", "format", "ends"]
BEGINNING = """
const el = lc.dom.el, [empty, noMatch, loading] = [el("div"), el("div"), el("div")];
const strip = el("div", {}, el("button", {id: "lc-older-button"}), el("button", {id: "lc-stop"}), el("span.lc-older-text"));
const root = el("div", {}, el("div", {id: "lc-list"}), strip);
const ends = new lc.Ends({root, strip, empty, noMatch, loading});
const history = {scanned: 1}, held = {size: 3, moreBefore: false};
"""


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("{}", "Nothing older is kept"),
        ("{isFiltered: true}", "Nothing older is kept that matches"),
        ("{isMemory: true}", "Older entries are not kept. Add the file handler to keep them."),
        ("{isMemory: true, isFiltered: true}", "Older entries are not kept. Add the file handler to keep them."),
    ],
)
def test_why_there_is_nothing_older(run: Any, state: str, words: str) -> None:
    """With all that is kept; where nothing outlives a restart, what helps."""
    drawn = f"ends.draw({{held, history, isStarted: true, ...{state}}}); return ends.words.textContent;"
    assert run(drawn) == words
