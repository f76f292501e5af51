"""What stays the same when a scam is sent again: the text without what its sender varies.

Folded; every number or code is one ``0``; a link is its registrable domain; a phone number or chat account is
the kind of contact that it is; spaces and punctuation are gone. An institution's own number keeps its digits,
so that a scam which copies a genuine notice and swaps the hotline never shares the notice's fingerprint.

The result holds words of the SMS: it is hashed under the secret (``Secret.text``) before it is stored.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from bot.model import LinkKind, NumberKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.fold import Folded
    from bot.model import Entities, Link, PhoneNumber, Span

_RUN = re.compile(r"(?<![a-z])[a-z]*\d[a-z\d]*(?:[.,:/-][a-z\d]+)*")
"""A number, sum, time, code or order number in folded text."""
_NOISE = re.compile(r"[\W_]+")
_ALIKE = {NumberKind.MVNO: NumberKind.MOBILE}
"""Kinds that are one kind of contact."""
_SHORT = frozenset({NumberKind.SERVICE_95, NumberKind.PUBLIC, NumberKind.LOCAL_96, NumberKind.PREMIUM})
"""Kinds whose few digits name who is called; a sender does not vary them freely."""


class Pieces(NamedTuple):
    """A text taken apart.

    Attributes:
        words: The folded words around the marks, numbers made one: one piece more than there are ``marks``.
        marks: What stands for the links, numbers, accounts and codes of the text, in its order.
        hidden: The same for the links that the text hides, sorted.
    """

    words: tuple[str, ...]
    marks: tuple[str, ...]
    hidden: tuple[str, ...]


def take_apart(folded: Folded, entities: Entities, official: Callable[[str], bool]) -> Pieces:
    """Words and marks of a text.

    Args:
        folded: The SMS's body.
        entities: What was found in it.
        official: Whether a number is some institution's own.
    """
    words: list[str] = []
    marks: list[str] = []
    at = 0
    for start, end, mark in _marks(folded, entities, official):
        if start < at:
            continue
        words.append(_RUN.sub("0", folded.text[at:start]))
        marks.append(mark)
        at = end
    words.append(_RUN.sub("0", folded.text[at:]))
    return Pieces(tuple(words), tuple(marks), tuple(sorted({_link(x) for x in entities.links if x.span is None})))


def canonical(pieces: Pieces) -> str:
    """The text that all copies of one scam share."""
    words, *rest = (_NOISE.sub("", part) for part in pieces.words)
    body = (f"<{mark}>{part}" for mark, part in zip(pieces.marks, rest, strict=True))
    return "".join((words, *body, *(f"<{link}>" for link in pieces.hidden)))


def _marks(
    folded: Folded,
    entities: Entities,
    official: Callable[[str], bool],
) -> list[tuple[int, int, str]]:
    """Places in the folded text with what stands for them, outermost first."""
    found: list[tuple[Span, str]] = [(link.span, _link(link)) for link in entities.links if link.span]
    found += [(number.span, _number(number, official)) for number in entities.numbers]
    found += [(account.span, f"chat:{account.network}") for account in entities.accounts]
    found += [(fact.span, "code") for fact in entities.codes]
    places = ((*_place(folded, span), mark) for span, mark in found)
    return sorted(places, key=lambda place: (place[0], -place[1]))


def _link(link: Link) -> str:
    if link.kind in (LinkKind.MASKED, LinkKind.IP):
        return f"link:{link.kind}"
    return f"link:{link.domain or link.host}"


def _number(number: PhoneNumber, official: Callable[[str], bool]) -> str:
    if number.kind in _SHORT or official(number.digits):
        return f"number:{number.digits}"
    return f"number:{_ALIKE.get(number.kind, number.kind)}"


def _place(folded: Folded, span: Span) -> tuple[int, int]:
    """Where an original span stands in the folded text."""
    return bisect_left(folded.offsets, span.start), bisect_left(folded.offsets, span.end)
