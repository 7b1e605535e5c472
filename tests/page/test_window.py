"""The entries that the page holds: which, how high, whether it follows them, and what lies beyond."""

from __future__ import annotations

from typing import Any

MODULES = ["text", "format", "query", "window", "heights", "follow", "dom", "http", "history"]
BATCH = """
const batch = (from, to, more = {}) => ({entries: Array.from({length: to - from}, (_, at) => ({cursor: String(from + at), ts: `t${from + at}`})),
  after: String(to), before: String(from), more: false, missed: false, scanned: 1, ...more});
const held = new lc.Window(x ?? 100);
"""


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
