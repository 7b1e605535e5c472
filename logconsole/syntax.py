"""The query language: text to conditions.

    query  = either*            all must match
    either = part ("OR" part)*
    part   = "-"? ( "(" query ")" | /regex/ | "phrase" | field:value | field>=value | word )

What merely looks odd is a word; only what was clearly begun and not ended is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from logconsole.conditions import (
    COMPARE,
    All,
    Compares,
    Condition,
    Either,
    Equals,
    Has,
    Moment,
    Pattern,
    Text,
    Without,
)
from logconsole.record import LEVELS

MAX_LENGTH = 10_000  # characters
MAX_DEPTH = 50  # parentheses
MAX_TERMS = 200
MAX_PROGRAMS = 5_000  # instructions of all its regular expressions: each entry may take so many steps for each byte
MAX_DOTS = 16  # in the name of a field: there are many ways to read them, if keys have dots, too

_FIELD = re.compile(r"([A-Za-z_][\w.\-]*)(:|>=|<=|>|<)")
_WORD = re.compile(r"[^\s()]+")
_REGEX = re.compile(r"/((?:[^/\\]|\\.|/(?![\s)]|$))+)/(?=[\s)]|$)")
_PHRASE = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PATH = re.compile(r"/[\w.%:~@-]*/[\w./%:~@-]*(?=[\s)]|$)")
_WHOLE = re.compile(r"[-0-9*]+")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_NUMERIC = frozenset({"pid", "levelno", "cut"})


class SyntaxProblem(ValueError):
    """A query that cannot be read, and the position (from 0) of what is wrong with it."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class Parser:
    """Reads one query; `instant` turns what stands behind `since:` into an entry's `ts`."""

    def __init__(self, text: str, instant: Callable[[str], str]) -> None:
        self.text = text
        self.instant = instant
        self.at = 0
        self.terms = 0
        self.programs = 0
        """Instructions of its regular expressions, so far."""

    def parse(self) -> Condition:
        """The condition of the whole query. Raises `SyntaxProblem`."""
        if len(self.text) > MAX_LENGTH:
            raise SyntaxProblem(f"a query may have {MAX_LENGTH:,} characters", MAX_LENGTH)
        condition = self._all(depth=0)
        if self._peek() == ")":
            raise SyntaxProblem("there is no ( for this )", self.at)
        return condition

    def _all(self, depth: int) -> Condition:
        parts: list[Condition] = []
        while self._peek() not in ("", ")"):
            if not self._take("AND"):
                parts.append(self._either(depth))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _either(self, depth: int) -> Condition:
        parts = [self._part(depth)]
        while self._take("OR"):
            if self._peek() in ("", ")"):
                raise SyntaxProblem("OR needs something behind it", self.at)
            parts.append(self._part(depth))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _part(self, depth: int) -> Condition:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise SyntaxProblem(f"a query may have {MAX_TERMS:,} terms", self.at)
        if self.text[self.at] == "-" and _begins(self.text[self.at + 1 : self.at + 2]):
            self.at += 1
            return Without(self._plain(depth))
        return self._plain(depth)

    def _plain(self, depth: int) -> Condition:
        start = self.text[self.at]
        if start == "(":
            return self._group(depth)
        if start == "/":
            return self._regex()
        if start == '"':
            return Text(self._phrase().casefold())
        return self._field() or Text(self._word().casefold())

    def _group(self, depth: int) -> Condition:
        opened = self.at
        if depth >= MAX_DEPTH:
            raise SyntaxProblem(f"parentheses may be {MAX_DEPTH} deep", opened)
        self.at += 1
        inner = self._all(depth + 1)
        if self._peek() != ")":
            raise SyntaxProblem("this ( is never closed", opened)
        self.at += 1
        return inner

    def _regex(self) -> Condition:
        start = self.at
        if found := _REGEX.match(self.text, start):
            self.at = found.end()
            try:
                pattern = Pattern(found[1].replace("\\/", "/"))
            except ValueError as error:
                raise SyntaxProblem(str(error), start) from error
            self.programs += pattern.size
            if self.programs > MAX_PROGRAMS:
                raise SyntaxProblem("the regular expressions are too large: write + or * where they count far", start)
            return pattern
        if found := _PATH.match(self.text, start):  # a path such as /api/orders, not a regular expression
            self.at = found.end()
            return Text(found[0].casefold())
        raise SyntaxProblem('this regular expression is never closed: a / is missing; a text stands in "', start)

    def _phrase(self) -> str:
        found = _PHRASE.match(self.text, self.at)
        if not found:
            raise SyntaxProblem('this " is never closed', self.at)
        self.at = found.end()
        return re.sub(r'\\(["\\])', r"\1", found[1])

    def _word(self) -> str:
        found = _WORD.match(self.text, self.at)
        if not found:
            raise SyntaxProblem("something to look for is missing here", self.at)
        self.at = found.end()
        return found[0]

    def _field(self) -> Condition | None:
        found = _FIELD.match(self.text, self.at)
        behind = self.text[found.end() : found.end() + 2] if found else ""
        if not found or not _begins(behind[:1]) or behind[0] in ":(" or behind == "//":
            return None  # a word that ends with a colon, a time of day, a URL
        if found[1].count(".") > MAX_DOTS:
            raise SyntaxProblem(f"the name of a field may have {MAX_DOTS} dots", self.at)
        start, self.at = self.at, found.end()
        value = self._phrase() if behind[0] == '"' else self._word()
        condition = self._condition(found[1], found[2], value, start)
        if condition is None:
            self.at = start
        return condition

    def _condition(self, name: str, relation: str, value: str, start: int) -> Condition | None:
        if relation in COMPARE:
            return self._comparison(name, relation, value, start)
        if name == "has":
            return Has(value)
        if name in ("since", "until"):
            return Moment(">=" if name == "since" else "<", self._instant(value, start))
        if name in _NUMERIC and not _WHOLE.fullmatch(value):
            raise SyntaxProblem(f"{name} is a whole number, not {value!r}", start)
        equals = Equals(name, value.casefold())
        is_number = name in ("level", "levelno") and value.isdecimal()
        return Either((equals, Compares(name, "==", float(value)))) if is_number else equals

    def _comparison(self, name: str, relation: str, value: str, start: int) -> Condition | None:
        if name == "ts":
            return Moment(relation, self._instant(value, start))
        if name == "level" and value.upper() in LEVELS:
            return Compares(name, relation, LEVELS[value.upper()])
        if _NUMBER.fullmatch(value):
            return Compares(name, relation, float(value))
        if name == "level":
            raise SyntaxProblem(f"{value!r} is no level; write a number or one of {', '.join(LEVELS)}", start)
        if name in _NUMERIC:
            raise SyntaxProblem(f"{name} is compared with a number, not {value!r}", start)
        return None  # "a->b" and the like: a word

    def _instant(self, value: str, start: int) -> str:
        try:
            return self.instant(value)
        except ValueError as error:
            raise SyntaxProblem(str(error), start) from error

    def _peek(self) -> str:
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def _take(self, keyword: str) -> bool:
        """Whether the keyword stands here as a word of its own; it is then behind us."""
        self._peek()
        end = self.at + len(keyword)
        following = self.text[end : end + 1]
        if self.text[self.at : end] != keyword or not (following in "()" or following.isspace()):
            return False
        self.at = end
        return True


def _begins(character: str) -> bool:
    """Whether a term can begin with it, so that what stands before it belongs to that term."""
    return bool(character) and character != ")" and not character.isspace()
