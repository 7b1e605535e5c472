"""What is offered while a query is typed."""

from __future__ import annotations

from typing import Any

import pytest

MODULES = ["text", "format", "query", "suggest", "dom", "http", "known", "recent"]


KNOWN = """const known = new lc.Known({ask: async () => ({fields: {service: [["web", 90], ["worker", 10]], level: [["ERROR", 3]]}})});
known.see([{service: "cron", logger: "app.billing", level: "INFO", extra: {status: 404, order: "A 1"}}, {logger: "app.billing"}, {logger: "billing.app"}]);
await known.refresh({store: "a"}, 0);
const offered = (typed) => { const at = typed.indexOf("|"); const text = typed.replace("|", "");
    const {from, to, items} = lc.suggest(text, at, known); return items.map(({insert}) => text.slice(0, from) + insert + text.slice(to)); };
"""


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("serv|", ["service:"]),
        ("a -serv| b", ["a -service: b"]),
        ("service:|", ["service:web ", "service:worker ", "service:cron "]),
        ("(service:w| OR x)", ["(service:web OR x)", "(service:worker OR x)"]),
        ("logger:bil|", ["logger:billing.app ", "logger:app.billing "]),
        ("bil|", ["logger:billing.app ", "logger:app.billing "]),
        ("level>=er|", ["level>=error "]),
        ("order:|", ['order:"A 1" ']),
        ("stat|", ["status:"]),
        ("has:re|", ["has:request_id "]),
        ("|", []),
        ("service:web|", []),
        ("a |", []),
        ('"serv|', []),
    ],
)
def test_suggest(run: Any, typed: str, offered: list[str]) -> None:
    """Where the caret stands: names of fields that begin so, values that begin so or hold it, the frequent first."""
    assert run(KNOWN + "return offered(x)", typed) == offered


@pytest.mark.parametrize(
    ("typed", "waits"),
    [
        ("service:w|", True),
        ("service:web|", False),
        ("service:|", True),
        ("service:x|", False),
        ("ser|", False),
        ("service:eb|", False),
    ],
)
def test_the_beginning_of_a_value_is_not_yet_searched_for(run: Any, typed: str, waits: bool) -> None:
    """While the rest of it is offered; a whole value is, and one that nobody knows."""
    assert run(KNOWN + "return lc.suggest(x.replace('|', ''), x.indexOf('|'), known).isValue", typed) is waits


def test_known_goes_on_without_the_server(run: Any) -> None:
    """Where there is no such address, what was seen is all, and nobody asks again."""
    found = run(
        """let asked = 0; const known = new lc.Known({ask: async () => { asked += 1; throw new lc.http.Refusal(404); }});
        known.see([{service: "web"}]); await known.refresh({}, 0); await known.refresh({}, 1e9);
        return [asked, known.values("service"), known.values("none")];"""
    )
    assert found == [1, [["web", 1]], []]


def test_known_is_bounded(run: Any) -> None:
    """Values that differ in every entry do not pile up; long ones are not offered."""
    found = run(
        """const known = new lc.Known(); known.see(Array.from({length: 5000}, (_, at) => ({request_id: `r${at}`, extra: {[`k${at}`]: 1, long: "x".repeat(100)}})));
        return [known.values("request_id").length, known.fields.length < 300, known.values("long")];"""
    )
    assert found == [300, True, []]


def test_recent_queries(run: Any) -> None:
    """The newest first, each once, no empty ones, twenty at most, until they are forgotten; a browser without storage has none."""
    if not run("try { return Boolean(localStorage) } catch { return false }"):
        assert run("lc.recent.add('a'); return lc.recent.load()") == []
        return
    found = run(
        """for (let at = 0; at < 30; at += 1) lc.recent.add(`q${at}`);
        lc.recent.add("q20 "); lc.recent.add("  "); const all = lc.recent.load(); lc.recent.forget(); return [all.slice(0, 2), all.length, lc.recent.load()];"""
    )
    assert found == [["q20", "q29"], 20, []]
