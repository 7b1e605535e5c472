"""The texts that a match of a regular expression cannot do without."""

from __future__ import annotations

from logconsole.search.pattern import Character, Choice, Kind, Node, Repeat, Sequence

AnyOf = tuple[str, ...]
"""Casefolded texts, one of which occurs."""
MOST = 8  # texts to look for at once


def required(node: Node) -> list[AnyOf]:
    """What occurs in every match, each of them; nothing if nothing is known."""
    if (text := _whole(node)) is not None:
        return [(text,)] if text else []
    if isinstance(node, Sequence):
        return _of_sequence(node)
    if isinstance(node, Choice):
        return _of_choice(node)
    if isinstance(node, Repeat) and node.least:
        return required(node.item)
    return []


def best(found: list[AnyOf]) -> AnyOf:
    """The one that is likely to be the rarest."""
    return max(found, key=lambda texts: min(len(text) for text in texts) - 2 * (len(texts) - 1))


def _whole(node: Node) -> str | None:
    """The one text that the node matches, casefolded; None if there are several."""
    if isinstance(node, Character):
        return node.character.casefold()
    if isinstance(node, Repeat):
        text = _whole(node.item) if node.least == node.most else None
        return text * min(node.least, MOST) if text is not None and node.least <= MOST else None
    if isinstance(node, (Kind, Choice)):
        return None
    texts = [_whole(item) for item in node.items]
    return None if None in texts else "".join(text for text in texts if text)


def _of_sequence(node: Sequence) -> list[AnyOf]:
    found: list[AnyOf] = []
    run = ""
    for item in node.items:
        text = _whole(item)
        if text is None:
            found += [(run,)] if run else []
            found += required(item)
            run = ""
        else:
            run += text
    return [*found, (run,)] if run else found


def _of_choice(node: Choice) -> list[AnyOf]:
    options = [required(option) for option in node.options]
    texts = {text for option in options if option for text in best(option)}
    return [tuple(sorted(texts))] if all(options) and len(texts) <= MOST else []
