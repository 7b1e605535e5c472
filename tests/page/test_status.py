"""What the page says about its connection and its store, in words."""

from __future__ import annotations

from typing import Any

MODULES = ["text", "dom", "status"]
TROUBLE = "1,204 entries could not be written since 10:31: No space left on device"
BEGINNING = """
const pill = lc.dom.el("span", {}, lc.dom.el("span.lc-pill-text")), banner = lc.dom.el("div"), live = lc.dom.el("div");
const said = [];
new MutationObserver(() => live.textContent && said.push(live.textContent)).observe(live, {childList: true});
const status = new lc.Status({pill, banner, live, acts: {retry() {}, loginURL: () => "/"}});
const shown = () => banner.hidden ? "" : `${banner.dataset.tone}: ${banner.textContent}`;
const quiet = () => null; // what was to be said is said: see setTimeout
globalThis.setTimeout = (run, milliseconds) => { if (milliseconds < 100) run(); }; // the pause before words is left out
"""


def test_trouble_of_the_store_is_shown_as_an_error_until_it_is_over(run: Any) -> None:
    """A later status with other words replaces it, one without any takes it away."""
    found = run(
        """const seen = [];
        for (const more of [{}, {trouble: x}, {trouble: "2 more"}, {trouble: ""}, {trouble: x}, {}]) { status.show("live", more); seen.push(shown()); }
        return seen;""",
        TROUBLE,
    )
    assert found == ["", f"error: {TROUBLE}", "error: 2 more", "", f"error: {TROUBLE}", ""]


def test_trouble_is_announced_once(run: Any) -> None:
    """However often it is told, after a loss of the connection too; new trouble is news again."""
    found = run(
        """const show = async (state, more = {}) => { status.show(state, more); await quiet(); };
        for (const more of [{trouble: x}, {trouble: x + "!"}]) await show("live", more);
        await show("reconnecting"); await show("live", {trouble: x}); await show("live"); await show("live", {trouble: x}); return said;""",
        TROUBLE,
    )
    assert found == [TROUBLE, "Connection lost", "Live again", TROUBLE]


def test_trouble_that_began_while_the_connection_was_lost_is_announced(run: Any) -> None:
    """Behind that it is there again."""
    found = run(
        """for (const [state, more] of [["live", {}], ["reconnecting", {}], ["live", {trouble: x}]]) { status.show(state, more); await quiet(); }
        return said;""",
        TROUBLE,
    )
    assert found == ["Connection lost", f"Live again. {TROUBLE}"]


def test_trouble_of_another_store_is_announced(run: Any) -> None:
    """The reader has turned to it."""
    found = run(
        """for (const store of ["file", "other"]) { status.show("live", {store, trouble: x + store}); await quiet(); } return said;""",
        "no space on ",
    )
    assert found == ["no space on file", "no space on other"]


def test_trouble_is_no_markup(run: Any) -> None:
    """It holds what a system says."""
    assert run("status.show('live', {trouble: x}); return banner.querySelector('b')", "<b>full</b>") is None
