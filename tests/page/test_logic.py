"""The modules of the page that know no DOM, run in the browser that they are for."""

from __future__ import annotations

from typing import Any

import pytest

MODULES = [
    "text",
    "format",
    "when",
    "visible",
    "query",
    "suggest",
    "urlstate",
    "window",
    "heights",
    "follow",
    "traceback",
    "retry",
    "buckets",
    "dom",
    "http",
    "feed",
    "history",
    "known",
    "recent",
    "counts",
    "announcer",
]


BATCH = """
const batch = (from, to, more = {}) => ({entries: Array.from({length: to - from}, (_, at) => ({cursor: String(from + at), ts: `t${from + at}`})),
  after: String(to), before: String(from), more: false, missed: false, scanned: 1, ...more});
const held = new lc.Window(x ?? 100);
"""


# ---- format


def test_clock_in_a_zone_with_summer_time(run: Any) -> None:
    """The same instant of the day is an hour apart in summer and winter; milliseconds are kept."""
    clock = "return x.map((ts) => { const c = lc.format.clock(ts, 'Europe/Berlin'); return c.date + ' ' + c.time + c.millis; })"
    assert run(clock, ["2026-11-23T07:35:40.123456Z", "2026-07-23T22:35:40.999Z"]) == [
        "2026-11-23 08:35:40.123",
        "2026-07-24 00:35:40.999",
    ]


def test_clock_of_no_time_shows_it_as_it_is(run: Any) -> None:
    """A line of another program may carry anything as its time."""
    assert run("return lc.format.clock('yesterday', 'UTC').time") == "yesterday"


def test_moment_is_the_inverse_of_local(run: Any) -> None:
    """What a field shows of a moment is read back as that moment, on both sides of a change of the clocks."""
    back = "return x.every((ms) => lc.format.moment(lc.format.local(ms, 'Europe/Berlin'), 'Europe/Berlin') === ms)"
    assert run(back, [1774742400000, 1774746000000, 1792882800000, 1792893600000, 1795420800000])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("45m", ["45m", "", ""]),
        (" 2 H ", ["2h", "", ""]),
        ("9:00", ["", "2026-11-23T08:00:00.000Z", ""]),
        ("9:00-9:30", ["", "2026-11-23T08:00:00.000Z", "2026-11-23T08:30:00.000Z"]),
        ("9:00 – 9:30:05", ["", "2026-11-23T08:00:00.000Z", "2026-11-23T08:30:05.000Z"]),
        ("2026-7-1", ["", "2026-06-30T22:00:00.000Z", "2026-07-01T22:00:00.000Z"]),
        ("2026-07-01 9:00 - 10:00", ["", "2026-07-01T07:00:00.000Z", "2026-07-01T08:00:00.000Z"]),
        ("2026-07-01 - 2026-07-03", ["", "2026-06-30T22:00:00.000Z", "2026-07-02T22:00:00.000Z"]),
        ("2026-07-01 9:00 -", ["", "2026-07-01T07:00:00.000Z", ""]),
        ("soon", None),
        ("", None),
        ("9:30 - 9:00", None),
        ("25:99", None),
        ("- 9:00", None),
        ("1 - 2 - 3", None),
    ],
)
def test_a_time_range_as_people_type_it(run: Any, typed: str, read: list[str] | None) -> None:
    """A span back from now, a time of today, a day, from one moment to another; anything else is none."""
    found = run(
        "const r = lc.when.read(x, 'Europe/Berlin', Date.parse('2026-11-23T12:00:00Z')); return r && [r.range, r.from, r.to]",
        typed,
    )
    assert found == read


def test_tone_of_a_custom_level_is_that_of_the_one_below(run: Any) -> None:
    """A level between two of the five is painted like the lower, one below all like DEBUG."""
    assert run("return [lc.format.tone('AUDIT', 35), lc.format.tone('TRACE', 5), lc.format.tone('ERROR')]") == [
        "WARNING",
        "DEBUG",
        "ERROR",
    ]


# ---- visible


def test_acting_characters_are_shown_as_their_codes(run: Any) -> None:
    """Escape, NUL and what turns the direction of writing become visible; newline and tab stay."""
    pieces = run("return lc.visible.pieces(x)", "a\x1b[31m\tb\n\u202ec\x00")
    assert "".join(piece["text"] for piece in pieces) == "a\\x1b[31m\tb\n\\u202ec\\x00"
    assert [piece["text"] for piece in pieces if piece["acting"]] == ["\\x1b", "\\u202e", "\\x00"]


def test_marks_and_acting_characters_together(run: Any) -> None:
    """A match that holds an escape is marked whole, and the escape in it is still shown as one."""
    pieces = run("return lc.visible.pieces(x, /ed.b/giu)", "red\x1bbed")
    assert [(piece["text"], piece["mark"], piece["acting"]) for piece in pieces] == [
        ("r", False, False),
        ("ed", True, False),
        ("\\x1b", True, True),
        ("b", True, False),
        ("ed", False, False),
    ]


def test_one_line_shows_line_ends_and_stops_somewhere(run: Any) -> None:
    """A row has one line: line ends become a sign, and a huge message is cut before it is looked at."""
    assert run("return lc.visible.oneLine('a\\r\\nb\\n').map((p) => p.text).join('')") == "a ⏎ b"
    assert run("return lc.visible.oneLine('x'.repeat(1e6)).map((p) => p.text).join('').length") == 601


# ---- query


@pytest.mark.parametrize(
    ("typed", "values", "written"),
    [
        ("timeout", ["web"], "timeout service:web"),
        ("a OR b", ["web", "my worker"], 'a OR b (service:web OR service:"my worker")'),
        ("", ['a"b\\'], 'service:"a\\"b\\\\"'),
        ("a service:web b", ["worker"], "a service:worker b"),
        ("a (service:web OR service:worker) b", [], "a b"),
        ("(service:web OR service:worker)", ["web"], "service:web"),
        ("-service:web", ["worker"], "-service:web service:worker"),
        ("service:web OR x", ["worker"], "service:web OR x service:worker"),
        ("(a service:web)", ["worker"], "(a service:web) service:worker"),
        ("service:we*", ["web"], "service:we* service:web"),
        ('"open', ["web"], 'service:web "open'),
        ("(open", ["web"], "service:web (open"),
    ],
)
def test_choices_are_written_into_the_query(run: Any, typed: str, values: list[str], written: str) -> None:
    """One condition of the text says what is chosen; none that means something else is touched."""
    assert run("return lc.query.choose(x[0], 'service', x[1])", [typed, values]) == written
    assert run("return lc.query.chosen(x, 'service')", written) == values


def test_what_a_text_chooses_is_what_stands_alone(run: Any) -> None:
    """A condition inside of another, an excluded one, or one with a wildcard chooses nothing."""
    texts = [
        "a service:web",
        "-service:web",
        "service:web OR a",
        "(service:web)",
        '"service:web"',
        "service:w*",
        "myservice:web",
    ]
    assert run("return x.map((text) => lc.query.chosen(text, 'service'))", texts) == [
        ["web"],
        [],
        [],
        ["web"],
        [],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("typed", "message", "marked"),
    [
        ("timeout", "Timeout after timeout", ["Timeout", "timeout"]),
        ('"CSRF token"', "CSRF token from POST", ["CSRF token"]),
        ("order -failed", "order failed", ["order"]),
        ("-(order failed) paid", "order failed paid", ["paid"]),
        ("level>=error logger:django status:500 10:30", "logger:django at 10:30", ["10:30"]),
        ("/order #\\d+/", "Order #204 placed", ["Order #204"]),
        ("/(a+)+$/ b", "aaaab", ["b"]),
        ("a.c", "abc a.c", ["a.c"]),
        ("a OR b", "a and b", ["a", "a", "b"]),
        ("/[/ x", "x", ["x"]),
    ],
)
def test_marks(run: Any, typed: str, message: str, marked: list[str]) -> None:
    """Words, phrases and patterns that are looked for are marked; excluded ones, fields and dangerous patterns are not."""
    found = run("return [...x[1].matchAll(lc.query.marks(x[0]) ?? /$^/g)].map((m) => m[0])", [typed, message])
    assert found == marked


def test_marks_of_nothing(run: Any) -> None:
    """A query of fields alone marks nothing."""
    assert run("return ['', 'status:500', '-a'].map((typed) => lc.query.marks(typed))") == [None, None, None]


def test_with_term(run: Any) -> None:
    """A condition is added once, and takes the place of its opposite."""
    terms = "return x.map(([typed, term]) => lc.query.withTerm(typed, term))"
    assert run(terms, [["a", "b:c"], ["a b:c", "b:c"], ["a -b:c d", "b:c"], ["b:c", "-b:c"], ["", "b:c"]]) == [
        "a b:c",
        "a b:c",
        "a d b:c",
        "-b:c",
        "b:c",
    ]


def test_parameters_leave_out_what_is_empty(run: Any) -> None:
    """Levels are repeated; null and empty values do not appear."""
    params = "return lc.query.parameters({q: '', level: ['INFO', 'ERROR'], since: '15m', until: ''}, {after: null, limit: 5}).toString()"
    assert run(params) == "level=INFO&level=ERROR&since=15m&limit=5"


def test_filter_of_a_relative_range_has_no_end(run: Any) -> None:
    """The last so many minutes take the place of from and to."""
    found = run("return lc.query.filter({...lc.urlstate.initial(), range: '15m', from: 'a', to: 'b'})")
    assert (found["since"], found["until"]) == ("15m", "")


# ---- urlstate


@pytest.mark.parametrize(
    "search",
    [
        "",
        "?q=timeout+-health",
        "?level=warning,error&range=15m&follow=0",
        "?from=2026-11-23T07:00:00.000Z&to=2026-11-23T08:00:00.000Z",
        "?q=%26%3D%2B&at=1234&store=ring",
    ],
)
def test_url_round_trip(run: Any, search: str) -> None:
    """A URL is read and written as it was: the page never changes a link by being opened."""
    assert run("return lc.urlstate.write(lc.urlstate.read(x))", search) == search


def test_url_of_before_is_understood(run: Any) -> None:
    """Services and loggers were parameters of their own once; they are conditions of the query."""
    read = run("return lc.urlstate.read(x).q", "?q=a&service=web&service=worker&logger=app.billing")
    assert read == "a (service:web OR service:worker) logger:app.billing"


def test_url_with_nonsense_is_read_as_nothing(run: Any) -> None:
    """An unknown range is none, levels are upper case and once."""
    state = run("return lc.urlstate.read('?range=soon&level=info,info,&x=1&follow=maybe')")
    assert (state["range"], state["levels"], state["follow"]) == ("", ["INFO"], "")


def test_is_filtered(run: Any) -> None:
    """A store and a marked entry are no filter, everything else is; clearing keeps the store."""
    assert run(
        "return ['?store=a&at=1', '?q=a', '?level=info', '?range=5m', '?to=x'].map((s) => lc.urlstate.isFiltered(lc.urlstate.read(s)))"
    ) == [
        False,
        True,
        True,
        True,
        True,
    ]
    assert (
        run("return lc.urlstate.write(lc.urlstate.cleared(lc.urlstate.read('?q=a&store=ring&at=3')))") == "?store=ring"
    )


# ---- suggest

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


# ---- history

SEARCHING = (
    BATCH
    + """let steps = [], asked = [], waits = null;
const ask = async (path, params) => { asked.push(params.toString()); if (params.has("after")) return {entries: [{ts: "t-reached"}]};
    if (waits) await waits; return steps.shift(); };
held.start(batch(50, 51, {more: true}));
const history = new lc.History({held, ask, limit: 5, onChange() {}, onOlder() {}, onNewer() {}, onRefused() {}});
const empty = (before, scanned) => ({entries: [], before, after: before, more: true, missed: false, scanned});
"""
)


def test_history_tells_how_far_back_it_has_searched(run: Any) -> None:
    """A part without a match is followed by the next; the time of where it stands is that of the entry there."""
    found = run(
        SEARCHING
        + """steps = [empty("40", 0.2), empty("30", 0.4), batch(20, 21, {more: true, scanned: 0.6})];
        await history.older({q: "a", store: "s"});
        return [history.reached, history.scanned, held.size, asked.filter((one) => one.includes("after"))];"""
    )
    assert found == ["t-reached", 0.6, 2, ["store=s&after=40&limit=1", "store=s&after=30&limit=1"]]


def test_history_stops_when_told_and_goes_on_from_there(run: Any) -> None:
    """What is under way is void; the next search begins where the last one had come to."""
    found = run(
        SEARCHING
        + """let go; steps = [empty("40", 0.2), empty("30", 0.4)];
        const first = history.older({q: "a"}); await null; await null; waits = new Promise((resolve) => (go = resolve));
        while (!history.reached) await new Promise((resolve) => setTimeout(resolve));
        history.stop(); go(); await first; const stopped = [history.stopped, history.busy, history.reached, held.before];
        await history.older({q: "a"}); const still = asked.length; history.again(); steps = [batch(20, 21)]; await history.older({q: "a"});
        return [stopped, still === asked.length - 1, asked.at(-1), held.size];"""
    )
    assert found == [[True, "", "t-reached", "40"], True, "q=a&before=40&limit=5", 2]


# ---- window


def test_window_append_and_prepend_keep_numbers(run: Any) -> None:
    """An item keeps its number, whatever comes before or behind it; the cursors are those of the ends."""
    found = run(
        BATCH
        + """held.start(batch(50, 60, {more: true}));
        const number = held.find('55');
        held.append(batch(60, 65)); held.prepend(batch(40, 50));
        return [held.at(number).cursor, held.size, held.first, held.before, held.after, held.moreBefore];"""
    )
    assert found == ["55", 25, -10, "40", "65", False]


def test_window_lets_the_oldest_go_while_following(run: Any) -> None:
    """What is too much goes at once, and can be asked for again from the cursor of the oldest that is left."""
    found = run(
        BATCH
        + """held.start(batch(0, 90)); held.append(batch(90, 130)); const gone = held.fit();
        return [gone, held.size, held.before, held.moreBefore, held.attached, held.at(held.first).cursor];"""
    )
    assert found == [{"oldest": 30, "newest": 0}, 100, "30", True, True, "30"]


def test_window_waits_for_the_reader(run: Any) -> None:
    """While somebody reads, half as much again is held before anything goes."""
    assert run(BATCH + "held.start(batch(0, 150)); return [held.fit(140), held.size]") == [
        {"oldest": 0, "newest": 0},
        150,
    ]


def test_window_lets_the_newest_go_while_the_oldest_are_read(run: Any) -> None:
    """What is read stays; the window then ends before the live end, and says from where to go on."""
    found = run(
        BATCH
        + """held.start(batch(0, 160)); const gone = held.fit(10);
        return [gone, held.size, held.after, held.attached, held.at(held.first).cursor];"""
    )
    assert found == [{"oldest": 0, "newest": 60}, 100, "100", False, "0"]


def test_window_holds_less_of_what_is_large(run: Any) -> None:
    """Its bytes are bounded, too: of large entries fewer stay, of one that is larger than all the room that one."""
    found = run(
        """const held = new lc.Window(100, 10_000);
        const batch = (size) => ({entries: [1, 2, 3].map((cursor) => ({cursor, msg: "x".repeat(size), extra: {a: "y".repeat(size), b: {c: 1}}})), after: "9"});
        const sizes = [];
        for (const size of [10, 1000, 2000, 9000]) { held.start(batch(size)); held.fit(); sizes.push(held.size); }
        held.start(batch(2000)); held.fit(0); const reading = held.size; held.append(batch(2000)); held.fit(0);
        return [sizes, reading, held.size, held.at(held.first).cursor, held.attached];"""
    )
    assert found == [[3, 3, 2, 1], 3, 2, 1, False]


def test_window_tells_of_a_gap(run: Any) -> None:
    """Where the store had dropped entries there is an item that says between when."""
    found = run(BATCH + "held.start(batch(0, 2)); held.append(batch(9, 10, {missed: true})); return held.items")
    assert found[2] == {"gap": {"from": "t1", "to": "t9"}}
    assert found[3]["cursor"] == "9"


def test_window_seeks(run: Any) -> None:
    """The next item that passes, in both directions, or none."""
    found = run(
        BATCH
        + """held.start(batch(0, 10)); const even = (item) => item.cursor % 4 === 0;
        return [held.seek(1, 1, even), held.seek(7, -1, even), held.seek(9, 1, even), held.seek(-1, 1, even)];"""
    )
    assert found == [4, 4, None, None]


# ---- heights


def test_heights_of_open_rows(run: Any) -> None:
    """Rows below an open one stand lower by what it is higher, and are found there."""
    found = run(
        """const heights = new lc.Heights(10);
        heights.set(2, 100); heights.set(5, 50);
        const tops = [0, 2, 3, 5, 6].map((number) => heights.top(number, 0));
        return [tops, [0, 29, 30, 129, 130, 159, 160, 209, 210].map((y) => heights.at(y, 0)), heights.set(2, 80), heights.delete(5)];"""
    )
    assert found == [[0, 20, 130, 150, 210], [0, 2, 2, 2, 3, 5, 5, 5, 6], -20, 50]


def test_heights_forget_what_left_the_window(run: Any) -> None:
    """What went at the start is told, so that the reader's place can be kept; what went at the end is not."""
    found = run(
        """const heights = new lc.Heights(10);
        heights.set(1, 100); heights.set(5, 50); heights.set(9, 30);
        return [heights.keep(3, 9), heights.open.map((one) => one.number), heights.top(6, 3)];"""
    )
    assert found == [100, [5], 80]


# ---- follow


def test_follow_counts_what_is_not_seen(run: Any) -> None:
    """While following nothing is counted; after leaving, entries and the grave ones among them."""
    found = run(
        """const follow = new lc.Follow(); const some = [{level: 'INFO'}, {level: 'ERROR'}, {level: 'ALERT', levelno: 60}];
        follow.arrived(some); const before = follow.fresh;
        follow.leave(); follow.arrived(some); follow.arrived([]);
        const away = [follow.fresh, follow.errors, follow.pinned];
        follow.reach(); return [before, away, follow.fresh, follow.pinned];"""
    )
    assert found == [0, [3, 2, False], 0, True]


def test_what_the_reader_fetches_of_the_news_is_no_news(run: Any) -> None:
    """The count says what is still to be seen; it is told with its errors."""
    found = run(
        """const follow = new lc.Follow(); const some = [{level: 'INFO'}, {level: 'ERROR'}]; follow.pause();
        follow.arrived(some); follow.arrived(some); const all = lc.follow.news(follow.fresh, follow.errors); follow.caught(some.slice(1));
        const rest = lc.follow.news(follow.fresh, follow.errors); follow.caught(some); follow.caught(some); return [all, rest, follow.fresh, follow.errors, lc.follow.news(2, 0)];"""
    )
    assert found == ["4 new, 2 errors", "3 new, 1 error", 0, 0, "2 new"]


def test_pause_holds_until_it_is_ended(run: Any) -> None:
    """Reaching the end does not end a pause; resuming follows and tells how many came."""
    found = run(
        """const follow = new lc.Follow(); follow.pause(); follow.arrived([{level: 'INFO'}]); follow.reach();
        return [follow.pinned, follow.resume(), follow.pinned, follow.fresh];"""
    )
    assert found == [False, 1, True, 0]


# ---- traceback

TRACEBACK = """Traceback (most recent call last):
  File "/srv/shop/app/pay.py", line 12, in pay
    gateway.capture(
      order)
  File "/srv/shop/.venv/lib/python3.12/site-packages/httpx/_client.py", line 9, in post
    raise mapped
httpx.ReadTimeout: timed out
  a second line of it

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/opt/other/tool.py", line 1, in <module>
    run()
  File "shop/views.py", line 4, in view
    pay()
KeyError
"""


def test_traceback_lines(run: Any) -> None:
    """Own frames are those below the project and not of a library; the exception's line is told apart."""
    lines = run("return lc.traceback.lines(x, '/srv/shop').map((line) => line.kind)", TRACEBACK)
    assert lines == [
        "plain", "own-file", "own", "own", "library", "library", "exception", "exception",
        "plain", "plain", "plain", "plain", "library", "library", "own-file", "own", "exception",
    ]  # fmt: skip


def test_traceback_shows_the_exception_first_and_folds_libraries(run: Any) -> None:
    """The exception that was raised last, with all its lines; frames of libraries in a row are one part."""
    found = run(
        """const {exception, parts} = lc.traceback.parts(x, '/srv/shop');
        return [exception.map((line) => line.text), parts.map((part) => part.folded), parts.flatMap((part) => part.lines).map((line) => line.text).join("\\n") + "\\n" === x];""",
        TRACEBACK,
    )
    assert found == [["KeyError"], [0, 1, 0, 1, 0], True]
    first = TRACEBACK.partition("\n\n")[0]
    assert run("return lc.traceback.parts(x).exception.map((line) => line.text)", first) == [
        "httpx.ReadTimeout: timed out",
        "  a second line of it",
    ]
    assert run("return lc.traceback.parts('nothing').exception") == []


def test_traceback_name_is_that_of_the_last(run: Any) -> None:
    """The exception that was raised in the end, without its module; none where there is no traceback."""
    assert run("return [lc.traceback.name(x), lc.traceback.name('nothing')]", TRACEBACK) == ["KeyError", ""]


# ---- retry


def test_delay_grows_and_is_scattered(run: Any) -> None:
    """1 to 30 seconds, a fifth less or more."""
    assert run("return [0, 1, 2, 3, 4, 5, 99].map((tries) => lc.retry.delay(tries, () => 0.5))") == [
        1,
        2,
        4,
        8,
        15,
        30,
        30,
    ]
    assert run("return [lc.retry.delay(2, () => 0), lc.retry.delay(2, () => 1)].map((n) => Math.round(n * 10))") == [
        32,
        48,
    ]


# ---- buckets


def test_buckets_grow_and_slide(run: Any) -> None:
    """Entries fall into their span, new spans are made for later ones, and old ones can go."""
    found = run(
        """const buckets = new lc.Buckets({since: '2026-11-23T07:00:00Z', step_seconds: 10, levels: {INFO: [1, 2]}});
        buckets.add([{ts: '2026-11-23T07:00:19Z', level: 'INFO'}, {ts: '2026-11-23T07:00:41Z', level: 'ERROR'}, {ts: '2026-11-23T06:00:00Z', level: 'INFO'}]);
        const grown = JSON.stringify([...buckets.levels]);
        const told = [buckets.length, buckets.total('INFO'), buckets.peak(['INFO', 'ERROR'])];
        buckets.slide(2);
        return [JSON.parse(grown), ...told, buckets.length, buckets.total('INFO'), buckets.of(1, ['INFO', 'ERROR'])];"""
    )
    assert found[0] == [["INFO", [1, 3, 0, 0, 0]], ["ERROR", [0, 0, 0, 0, 1]]]
    assert found[1:] == [5, 4, {"place": 1, "count": 3}, 2, 0, [["ERROR", 1]]]


def test_buckets_coarsen_without_losing_any(run: Any) -> None:
    """Half as many spans hold the same entries."""
    found = run(
        """const buckets = new lc.Buckets({since: '2026-11-23T07:00:00Z', step_seconds: 1, levels: {INFO: [1, 2, 3]}});
        buckets.coarsen(); return [buckets.levels.get('INFO'), buckets.step, buckets.until - buckets.since];"""
    )
    assert found == [[3, 3], 2000, 4000]


# ---- feed

FEED = """
const sockets = [], states = [], batches = [], refused = [], asked = [];
const open = () => { const socket = {readyState: 0, sent: [], send(text) { this.sent.push(JSON.parse(text)); }, close() { this.readyState = 3; },
  opened() { this.readyState = 1; this.onopen(); }, says(message) { this.onmessage({data: JSON.stringify(message)}); }, closes(code) { this.onclose({code}); }};
  sockets.push(socket); return socket; };
const answers = {'ticket/': () => ({ticket: 'T'})};
const ask = async (path, params) => { asked.push(path); const answer = answers[path]?.(params); if (!answer) throw {status: 0}; if (answer.status) throw answer; return answer; };
const feed = new lc.Feed({ask, open, limit: 500, onBatch: (batch, how, done) => { batches.push([batch.after, how.isStart, how.isLive]); done(); },
  onState: (state) => states.push(state), onRefused: (one) => refused.push(one.error)});
const batch = (id, after) => ({type: 'batch', id, entries: [], after, before: '0', more: false, missed: false, scanned: 1});
const turn = () => new Promise((done) => setTimeout(done));
"""


def test_feed_subscribes_with_a_ticket_and_acknowledges(run: Any) -> None:
    """The first message carries the ticket; each batch is acknowledged when it is painted; live is what the server says."""
    found = run(
        FEED
        + """feed.subscribe({q: 'a'}, null); await feed.connect(); sockets[0].opened();
        sockets[0].says(batch(1, '5')); sockets[0].says({type: 'status', id: 1, state: 'live'}); sockets[0].says(batch(1, '6'));
        feed.stop(); return [sockets[0].sent, states, batches];"""
    )
    subscribe = {"type": "subscribe", "ticket": "T", "id": 1, "q": "a", "after": None, "limit": 500}
    assert found[0] == [subscribe, {"type": "ack", "id": 1, "after": "5"}, {"type": "ack", "id": 1, "after": "6"}]
    assert found[1:] == [["connecting", "live"], [["5", True, False], ["6", False, True]]]


def test_feed_ignores_batches_of_an_earlier_filter(run: Any) -> None:
    """Another filter needs no other ticket; what was still under way for the old one is not shown."""
    found = run(
        FEED
        + """feed.subscribe({q: 'a'}, null); await feed.connect(); sockets[0].opened();
        feed.subscribe({q: 'b'}, null); sockets[0].says(batch(1, '5')); sockets[0].says(batch(2, '7'));
        feed.stop(); return [sockets[0].sent[1], batches];"""
    )
    assert found == [{"type": "subscribe", "id": 2, "q": "b", "after": None, "limit": 500}, [["7", True, False]]]


def test_feed_resumes_where_it_was(run: Any) -> None:
    """After a loss the stream goes on at the cursor of the last batch, with a fresh ticket."""
    found = run(
        FEED
        + """feed.subscribe({}, null); await feed.connect(); sockets[0].opened(); sockets[0].says(batch(1, '5'));
        sockets[0].says({type: 'status', id: 1, state: 'live'}); sockets[0].closes(1001);
        await feed.connect(); sockets[1].opened(); sockets[1].says(batch(1, '8'));
        feed.stop(); return [sockets[1].sent[0].after, sockets[1].sent[0].ticket, states, batches.at(-1)];"""
    )
    assert found == ["5", "T", ["connecting", "live", "reconnecting", "reconnecting"], ["8", False, False]]


@pytest.mark.parametrize(
    ("code", "state"), [(4400, "outdated"), (4403, "forbidden"), (4429, "too-many"), (1006, "reconnecting")]
)
def test_feed_close_codes(run: Any, code: int, state: str) -> None:
    """What the server means by closing is said; only what may pass by itself is tried again."""
    found = run(
        FEED
        + """feed.subscribe({}, null); await feed.connect(); sockets[0].opened(); sockets[0].says({type: 'status', id: 1, state: 'live'});
        sockets[0].closes(x); await turn(); const state = states.at(-1); await feed.connect(); feed.stop(); return [state, sockets.length];""",
        code,
    )
    assert found == [state, 1 if state in ("outdated", "forbidden") else 2]


def test_feed_asks_once_more_before_it_is_signed_out(run: Any) -> None:
    """4401 may be a ticket that came too late; whether the session ended is told by the next one."""
    found = run(
        FEED
        + """feed.subscribe({}, null); await feed.connect(); sockets[0].opened(); sockets[0].says({type: 'status', id: 1, state: 'live'});
        answers['ticket/'] = () => ({status: 401}); sockets[0].closes(4401); await turn(); return [states, sockets.length];"""
    )
    assert found == [["connecting", "live", "reconnecting", "signed-out"], 1]


def test_feed_polls_where_there_are_no_sockets(run: Any) -> None:
    """A server that answers 426 is asked for entries instead, at once."""
    found = run(
        FEED
        + """answers['ws/'] = () => ({status: 426}); answers['entries/'] = (params) => batch(undefined, params.get('after') ?? '3');
        feed.subscribe({q: 'a'}, null); await feed.connect(); sockets[0].closes(1006); await turn(); await turn();
        feed.stop(); return [states.at(-1), asked, batches];"""
    )
    assert found == ["polling", ["ticket/", "ws/", "entries/"], [["3", True, False]]]


def test_feed_tells_what_is_wrong_with_a_query(run: Any) -> None:
    """An error belongs to the filter that was sent last; the socket stays."""
    found = run(
        FEED
        + """feed.subscribe({q: '('}, null); await feed.connect(); sockets[0].opened();
        sockets[0].says({type: 'error', id: 1, error: 'never closed', param: 'q'}); sockets[0].says({type: 'error', id: 0, error: 'stale', param: 'q'});
        feed.stop(); return [refused, states];"""
    )
    assert found == [["never closed"], ["connecting"]]


def polling(body: str) -> str:
    """A feed that is refused its first socket, on a clock of the test's own."""
    return f"{FEED}{CLOCK}{body}}} finally {{ [globalThis.setTimeout, globalThis.clearTimeout, Math.random] = real; }}"


CLOCK = """const real = [setTimeout, clearTimeout, Math.random]; try { const timers = []; globalThis.setTimeout = (call, ms) => timers.push({call, ms}); globalThis.clearTimeout = (number) => delete timers[number - 1];
const due = (ms) => { const found = timers.findLast((timer) => timer?.ms === ms); delete timers[timers.indexOf(found)]; found.call(); };
const settled = async () => { for (let step = 0; step < 20; step++) await null; };
answers['ws/'] = () => ({status: 426});
feed.subscribe({q: 'a'}, null); await feed.connect();
"""


def test_feed_polls_on_until_the_socket_is_open(run: Any) -> None:
    """A try that hangs holds nothing up; when it works, the socket goes on behind the last answer, and that alone."""
    found = run(
        polling(
            """let late; answers['entries/'] = (params) => batch(undefined, params.get('after') ?? '3');
        sockets[0].closes(1006); await settled(); due(60000); await settled(); due(3000); await settled(); const polled = asked.join(' ');
        answers['entries/'] = () => new Promise((done) => (late = () => done(batch(undefined, '9')))); due(3000);
        sockets[1].opened(); late(); await settled(); sockets[1].says(batch(1, '5')); sockets[1].says({type: 'status', id: 1, state: 'live'});
        return [polled, sockets[1].sent[0].after, batches.map(([after]) => after), states.at(-1), timers.filter((timer) => timer?.ms === 3000).length];"""
        )
    )
    assert found == ["ticket/ ws/ entries/ ticket/ entries/", "3", ["3", "3", "5"], "live", 0]


def test_feed_polls_where_the_handshake_is_never_answered(run: Any) -> None:
    """A proxy that swallows the upgrade is found out after ten seconds."""
    found = run(
        polling(
            """answers['entries/'] = () => batch(undefined, '3'); due(10000); await settled(); return [states.at(-1), sockets[0].readyState];"""
        )
    )
    assert found == ["polling", 3]


def test_feed_whose_questions_fail_waits_longer_and_longer(run: Any) -> None:
    """A server that is away is not asked without a pause; when it is back, polling is too."""
    found = run(
        polling(
            """answers['entries/'] = () => batch(undefined, '3'); sockets[0].closes(1006); await settled();
        delete answers['entries/']; delete answers['ticket/']; Math.random = () => 0.5; due(3000); await settled(); const first = [states.at(-1), asked.length];
        due(1000); await settled(); const second = asked.length; answers['ticket/'] = () => ({ticket: 'T'}); answers['entries/'] = () => batch(undefined, '4');
        due(2000); await settled(); sockets[1].closes(1006); await settled(); return [first, second, states.at(-1), batches.at(-1)[0]];"""
        )
    )
    assert found == [["reconnecting", 4], 5, "polling", "4"]


# ---- counts


def test_counts_are_estimated_where_a_part_was_counted(run: Any) -> None:
    """A quarter of the log with ten entries makes forty of all; nothing is made up of nothing."""
    found = run(
        """const counts = new lc.Counts({ask() {}, most: () => 9, isFrozen: () => false, onChange() {}});
        const of = (scanned) => { counts.buckets = new lc.Buckets({since: "2026-01-01", step_seconds: 1, levels: {INFO: [7, 3]}, scanned}); return counts.estimate(["INFO"]); };
        return [counts.estimate([]), of(1), of(0.25), of(0)];"""
    )
    assert found == [
        None,
        {"number": 10, "isSure": True},
        {"number": 40, "isSure": False},
        {"number": 10, "isSure": False},
    ]


# ---- announcer


def test_new_entries_are_told_as_numbers_now_and_then(run: Any) -> None:
    """One sentence in ten seconds at most; of errors alone, or of nothing, where that is wanted."""
    found = run(
        """let now = 0, wanted = "all"; const said = [], due = [];
        const one = new lc.Announcer({say: (text) => said.push(text), wanted: () => wanted, now: () => now, later: (run, ms) => due.push([run, ms])});
        const info = [{level: "INFO"}], bad = [{level: "ERROR"}], speak = () => due.shift()[0]();
        one.add(info); one.add(info); const first = due.length; speak(); now = 4000; one.add(bad); const wait = due[0][1]; now = 10000; speak();
        wanted = "errors"; one.add(info); const silent = due.length; one.add(bad); speak(); wanted = "off"; one.add(bad);
        return [said, first, wait, silent, due.length];"""
    )
    assert found == [["2 new entries", "1 new entry, 1 error", "2 new entries, 1 error"], 1, 6000, 0, 0]
