"""What is shown as text: times, acting characters, tracebacks."""

from __future__ import annotations

from typing import Any

import pytest

MODULES = ["text", "format", "when", "visible", "traceback"]


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
