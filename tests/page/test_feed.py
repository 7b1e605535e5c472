"""The stream of batches, with a socket and without, and how long it waits before it tries again."""

from __future__ import annotations

from typing import Any

import pytest

MODULES = ["text", "format", "query", "retry", "dom", "http", "feed"]


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
