"""Card numbers: 13 to 19 digits, bare or in groups, that begin as cards do and pass Luhn's check."""

from __future__ import annotations

import re

_CARD = re.compile(
    r"(?<![A-Za-z0-9])(?<![0-9]\.)"  # neither within a word or a hash, nor behind a decimal point
    r"(?:[3-6][0-9]{12,18}|2[2-7][0-9]{14}"
    r"|[2-6][0-9]{3}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{1,7}|3[0-9]{3}([ -])[0-9]{6}\2[0-9]{4,5})"
    r"(?![A-Za-z0-9]|\.[0-9])"
)
_SHAPE = bytes.maketrans(b"123456789 ", b"000000000-")
_SHAPES = ("0" * 13, "0000-0000-0000-0", "0000-000000-0000")
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def may_be_in(text: str) -> bool:
    """Whether there are so many digits. Optimization: this costs little more than a copy of the text."""
    shape = text.encode("ascii", "replace").translate(_SHAPE).decode()
    return _SHAPES[0] in shape or _SHAPES[1] in shape or _SHAPES[2] in shape


def hide(text: str, instead: str) -> str:
    """The text with `instead` in place of each card number."""
    parts, end = [], 0
    found = _CARD.search(text)
    while found:
        if _passes_luhn(found[0]):
            parts += [text[end : found.start()], instead]
            end = found.end()
        found = _CARD.search(text, max(end, found.start() + 1))  # a card's may stand behind an order's number
    return "".join(parts) + text[end:]


def _passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number) if digit.isdigit()]
    return (sum(digits[::2]) + sum(_DOUBLED[digit] for digit in digits[1::2])) % 10 == 0
