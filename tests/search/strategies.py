"""Lines that somebody may have written, and queries that are likely to find them."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from hypothesis import strategies as st

from logconsole.conditions import All, Compares, Condition, Either, Equals, Has, Moment, Pattern, Text, Without
from logconsole.entry import Entry, EntryError
from logconsole.fields import plain, searched
from logconsole.query import Query
from logconsole.regex import engine
from tests.records import record

START = b'{"ts":"'
LETTERS = "sSßẞſkKKiIİıfﬁﬃﬅtnŉjǰhẖaẚσΣςάΆΐ\u0345ßäÄÿŸợỢžŽжЖѣ֏ԱևǆDžÅÅ漢٣"
CHARACTERS = st.one_of(
    st.sampled_from(LETTERS),
    st.sampled_from('"\\/\n\t\r\x00\x1f\x7f{}[]:, .-+*eE0159\ufffd'),
    st.sampled_from("abnrtuxfalsenull"),
    st.characters(exclude_categories=["Cs"]),
)
TEXTS = st.text(CHARACTERS, max_size=12) | st.sampled_from(
    ["5", "500", "500.0", "1e5", "-0", "true", "null", "ERROR", "\\u00e9", "a/b"]
)
NAMES = st.sampled_from(
    ["status", "order", "id", "order.id", "user", "msg", "level", "Größe", 'a"b', "ßs", "exc", "pid", "tags"]
)
LEVELS = st.sampled_from(["DEBUG", "warning", "ERROR", "CRITICAL", "ınfo", "WARNıNG", "criticaſ", "Straße", "audit"])
NUMBERS = st.integers(-(10**30), 10**30) | st.integers(-600, 600) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    TEXTS | NUMBERS | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=5,
)
SPELLINGS = [
    "5e2",
    "5E+2",
    "500.00",
    "-0",
    "0.00001",
    "1e-05",
    "1E5",
    "0.29999999999999998890",
    "12345678901234567890.0",
    "-1.50",
]


@st.composite
def own_lines(draw: st.DrawFn) -> bytes:
    """As this package writes them."""
    extra = draw(st.dictionaries(NAMES.filter(lambda name: name != "msg"), VALUES, max_size=3))
    level = draw(st.sampled_from([10, 20, 30, 40, 50, 35]))
    made = record("%s", draw(TEXTS), level=level)
    vars(made).update(extra)
    return Entry.from_record(made).line


@st.composite
def foreign_lines(draw: st.DrawFn) -> bytes:
    """As somebody else may write them: other order, escapes, spaces, keys, numbers."""
    data: dict[str, Any] = {"ts": "2026-11-23T07:35:40Z", "level": draw(LEVELS), "msg": draw(TEXTS)}
    data |= draw(
        st.dictionaries(NAMES | st.sampled_from(["levelno", "logger", "stack", "cut", "extra"]), VALUES, max_size=4)
    )
    items = draw(st.permutations(list(data.items())))
    text = json.dumps(
        dict(items),
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,\t", " :\r")])),
    )
    if draw(st.booleans()):
        text = text.replace("/", "\\/")
    if draw(st.booleans()):
        spelling = draw(st.sampled_from(SPELLINGS))
        text = re.sub(r"(?<=[:,\[ \r\t])-?\d[\d.e+-]*(?=[,\]}\s])", lambda _: spelling, text)
    return text.encode("utf-8", "surrogatepass")


@st.composite
def glued_lines(draw: st.DrawFn) -> bytes:
    """What a killed writer left, and behind it the line of another one."""
    head = draw(own_lines())
    return head[: draw(st.integers(1, len(head) - 1))] + draw(own_lines())


LINES = st.one_of(
    own_lines(), foreign_lines(), glued_lines(), st.binary(max_size=30).map(lambda line: line.replace(b"\n", b" "))
)


def decoded(line: bytes) -> Entry | None:
    """The entry in the line, or in the part of it behind a torn head."""
    at = 0
    while at >= 0:
        try:
            return Entry.decode(line[at:])
        except EntryError:
            at = line.find(START, at + 1)
    return None


@st.composite
def words(draw: st.DrawFn, lines: list[bytes]) -> str:
    """A part of what stands in the lines, raw, decoded or folded, or anything."""
    line = draw(st.sampled_from(lines))
    made = decoded(line)
    sources = [line.decode("utf-8", "replace"), draw(TEXTS)]
    if made:
        sources += [made.msg, made.msg.casefold(), made.msg.swapcase(), made.level, json.dumps(made.extra)]
        sources += [text.casefold() for text in _leaves(made.extra)]
    source = draw(st.sampled_from(sources))
    start = draw(st.integers(0, max(len(source) - 1, 0)))
    return source[start : start + draw(st.sampled_from([1, 2, 3, 5, 12, 150]))]


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _leaves(item)] + list(value)
    if isinstance(value, list):
        return [text for item in value for text in _leaves(item)]
    return [str(value)]


COUNTS = ["", "", "", "+", "*", "?", "{2}", "{1,3}", "{0,9}", "+?", "{12}"]
KINDS = [
    *(".", r"\d", r"\D", r"\s", r"\S", r"\w", r"\W", r"\b", r"\pL", r"\PN", r"\p{Greek}", r"\n", r"\x0a", r"\x{e9}"),
    *("[a-z]", "[^a]", r"[\s,]", r"[^\s]", "[[:alpha:]]", "[^[:space:]]", '["]', r"[\\x]", "[]a]", "[^]a]", r"[\r\n]"),
    *("[ßk]", r"[^\d\n]", "[!-~]", r"[\x00-\x1f]", r"[\t-x]", "(?:)", "", "a??", r"\.", "{", "}", "]", r"\t", r"[\D]"),
]


@st.composite
def patterns(draw: st.DrawFn, lines: list[bytes]) -> str:
    """A regular expression: for a text of an entry, character by character, or made of anything."""
    made = decoded(draw(st.sampled_from(lines)))
    texts = [text for text in searched(made) if text] if made else []
    if texts and draw(st.integers(0, 3)):
        text = draw(st.sampled_from(texts))
        start = draw(st.integers(0, len(text) - 1))
        pieces = [draw(st.sampled_from(_kinds(character))) for character in text[start : start + 8]]
    else:
        pieces = draw(st.lists(st.sampled_from(KINDS) | words(lines).map(re.escape), min_size=1, max_size=4))
        pieces = [piece + draw(st.sampled_from(COUNTS)) for piece in pieces]
    whole = "".join(pieces)
    return draw(
        st.sampled_from(["{}", "{}", "(?s){}", "(?m)^{}", "^{}", "{}$", "zz|{}", "(?:zz+|{})", "({})+"])
    ).replace("{}", whole)


def _kinds(character: str) -> list[str]:
    """Patterns that match the character."""
    exact = re.escape(character)
    classes = [kind for kind in KINDS if kind[:1] in (".", "[", "\\") and _is(kind, character)]
    return [exact, exact, f"(?i:{exact})", f"(?:{exact}|zz)", f"{exact}+", *classes]


@cache
def _is(kind: str, character: str) -> bool:
    try:
        found = engine(f"(?s)^(?:{kind})$").search(character)
    except ValueError:
        return False
    return found is not None


def fields(value: Any, path: str = "") -> list[tuple[str, str]]:
    """The names by which a query may ask for the values, and the values."""
    if isinstance(value, dict):
        found = [pair for name, item in value.items() for pair in fields(item, f"{path}.{name}" if path else name)]
        return [*found, (path, plain(value))] if path else found
    if isinstance(value, list):
        return [(path, plain(item)) for item in value]
    return [(path, plain(value))]


@st.composite
def equals(draw: st.DrawFn, lines: list[bytes]) -> Condition:
    """A field and a value, of an entry or any."""
    made = decoded(draw(st.sampled_from(lines)))
    known = fields({**(made.extra or {}), "msg": made.msg, "level": made.level, "logger": made.logger}) if made else []
    name, value = draw(st.sampled_from([*known, (draw(NAMES), draw(words(lines)))]))
    start, end = draw(st.integers(0, len(value))), draw(st.integers(0, len(value)))
    forms = [
        value,
        value,
        f"{value[:start]}*",
        f"*{value[start:]}",
        f"*{value[start:end]}*",
        f"{value[:start]}*{value[start:]}",
    ]
    return Equals(name or "a", draw(st.sampled_from(forms)).casefold())


@st.composite
def conditions(draw: st.DrawFn, lines: list[bytes], depth: int = 2) -> Condition:
    """Any condition that the language can state."""
    if depth and draw(st.integers(0, 3)) == 0:
        parts = tuple(draw(st.lists(conditions(lines, depth - 1), min_size=1, max_size=3)))
        return draw(st.sampled_from([All(parts), Either(parts), Without(parts[0])]))
    kind = draw(st.sampled_from([Text, Text, Pattern, Pattern, Equals, Equals, Has, Compares, Moment]))
    if kind is Text:
        return Text(draw(words(lines)).casefold())
    if kind is Equals:
        return draw(equals(lines))
    if kind is Pattern:
        try:
            return Pattern(draw(patterns(lines)))
        except ValueError:
            return Pattern("a")
    name = draw(NAMES | st.sampled_from(["levelno", "logger", "extra.user", "order.tags", "extra", "stack", "a.b"]))
    if kind is Has:
        return Has(name)
    if kind is Moment:
        return Moment(">=", "2026-11-23T07:35:40.000000Z")
    name = draw(st.sampled_from([name, "level"]))
    return Compares(
        name, draw(st.sampled_from([">=", "<=", ">", "<"])), draw(st.sampled_from([20.0, 0.0, 500.0, 35.0]))
    )


@st.composite
def queries(draw: st.DrawFn, lines: list[bytes]) -> Query:
    """A query of the language, or one that only the parts can state."""
    levels = frozenset(level.upper() for level in draw(st.just([]) | st.lists(LEVELS, max_size=2)))
    return Query(levels=levels, condition=draw(conditions(lines)))
