"""The shape of a rule file (``data/rules/*.toml``) and of the tables in ``data/judgement/``.

A sign names what must be there. Each entry of ``all`` is one or more terms joined by ``|``, of which one must occur:

* ``@name``  a concept of ``data/lexicon/concepts/`` (not counted where negated),
* ``#name``  a feature of the message, listed in ``bot/features.py`` (a link, a mobile number, who it claims to be),
* ``$name``  a group of terms from ``data/judgement/groups.toml``,
* ``name``   a word list of the same file's ``[words]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from bot.datafile import read_toml
from bot.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to look for.

    Attributes:
        id: Unique in its file.
        why: One plain sentence for the reader; empty where the sign is not shown.
        points: Weight; 50 is enough for ``suspicious``, 100 for ``scam``; negative for a sign of a genuine notice.
        all: Every entry must occur.
        none: No term of these may occur.
        near: The entries of ``all`` that are words or entities must fit within so many characters.
        ordered: With ``near``: they must also begin in the order of ``all``.
        hard: Enough for ``scam`` by itself; nothing lowers it.
        settles: A sign of a genuine notice that also answers the question ("verify" becomes "clear").
        own_number: A sign of a genuine notice that gives its sender's own number, such as a courier's, which is no
            institution's; ``none`` names what it may not give. However many report such a text, only owners confirm it.
        verify: Asks for ``verify`` at least, whatever the points: ``weak`` unless a genuine sign or the wording answers
            it, ``firm`` unless a genuine sign does, ``always`` in any case.
        quote: Which entry of ``all`` the reader is shown; -1 for the stretch that holds them all.
        category: Overrides the file's.
        topic: Says what the SMS is about: adds to the choice of the category alone.
    """

    id: str
    all: tuple[str, ...]
    points: int = 0
    why: str = ""
    none: tuple[str, ...] = ()
    near: int | None = None
    ordered: bool = False
    hard: bool = False
    settles: bool = False
    own_number: bool = False
    verify: Literal["", "weak", "firm", "always"] = ""
    quote: int = 0
    category: str | None = None
    topic: int = 0


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An SMS of the project's own writing."""

    text: str
    sender: str | None = None


class Examples(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the rule file promises, judged against all rules together.

    Attributes:
        scam: Must be flagged.
        clear: Genuine look-alikes; must not be flagged.
        known_miss: Scams that are not flagged yet; the test fails once they are, so that the note goes.
        known_alarm: Genuine ones that are flagged still; likewise.
    """

    scam: tuple[Example, ...] = ()
    clear: tuple[Example, ...] = ()
    known_miss: tuple[Example, ...] = ()
    known_alarm: tuple[Example, ...] = ()


class RuleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One scam type.

    Attributes:
        category: Id of the category (``data/categories.toml``); None in ``data/judgement/``.
        about: What the scam is, for the next reader.
        words: Word lists that only this file uses.
        sign: What to look for.
        example: See :class:`Examples`.
    """

    about: str
    category: str | None = None
    words: dict[str, tuple[str, ...]] = {}
    sign: tuple[Sign, ...] = ()
    example: Examples = Examples()


def load_rule_file(path: Path) -> RuleFile:
    """Reads one rule file.

    Raises:
        DataError: Not TOML, a key unknown, missing or of the wrong type, a sign twice or without terms, or a word
            list that is named but not there. The message names the file, the place and the mend.
    """
    return parse_rule_file(path.name, read_toml(path))


def parse_rule_file(name: str, data: dict[str, Any]) -> RuleFile:
    """As :func:`load_rule_file`, from parsed TOML; ``name`` is the file's name for messages."""
    try:
        rule = msgspec.convert(data, RuleFile)
    except msgspec.ValidationError as error:
        raise DataError(f"{name}: {error}; see docs/rules.md for the keys") from None
    seen: set[str] = set()
    for sign in rule.sign:
        if sign.id in seen:
            raise DataError(f"{name}: sign {sign.id!r} stands twice; give each sign its own id")
        seen.add(sign.id)
        _check_sign(f"{name}: sign {sign.id!r}", sign, rule)
    for key, words in rule.words.items():
        if not words or any(not w.strip() for w in words):
            raise DataError(f"{name}: words.{key} is empty or holds an empty word; remove it")
    return rule


def _check_sign(where: str, sign: Sign, rule: RuleFile) -> None:
    if not sign.all:
        raise DataError(f"{where}: 'all' is empty; name at least one term")
    if not all(alternatives(entry) for entry in (*sign.all, *sign.none)):
        raise DataError(f"{where}: 'all' or 'none' holds an empty entry; name a term or remove it")
    if sign.near is not None and sign.near < 1:
        raise DataError(f"{where}: 'near' must be a number of characters from 1 up; leave it out for the whole SMS")
    if sign.ordered and sign.near is None:
        raise DataError(f"{where}: 'ordered' needs 'near'; say within how many characters")
    if not -1 <= sign.quote < len(sign.all):
        raise DataError(f"{where}: 'quote' must be an index of 'all' or -1")
    if not (sign.points or sign.topic or sign.verify or sign.settles):
        raise DataError(f"{where}: does nothing; give it 'points', 'topic', 'verify' or 'settles'")
    if sign.topic and not (sign.category or rule.category):
        raise DataError(f"{where}: 'topic' needs a 'category'; name one of categories.toml")
    _check_points(where, sign)
    _check_terms(where, sign, rule)


def _check_points(where: str, sign: Sign) -> None:
    if sign.hard and sign.points <= 0:
        raise DataError(f"{where}: 'hard' needs 'points' above 0")
    if sign.own_number and sign.points >= 0:
        raise DataError(f"{where}: 'own_number' is for signs of a genuine notice; give it 'points' below 0")
    if sign.points > 0 and not sign.why:
        raise DataError(f"{where}: 'why' is empty; write the sentence that the reader sees")


def _check_terms(where: str, sign: Sign, rule: RuleFile) -> None:
    for term in terms_of(sign):
        if term[:1] not in "@#$" and term not in rule.words:
            raise DataError(f"{where}: no word list [words] {term!r} in this file; add it or write @{term}")


def terms_of(sign: Sign) -> list[str]:
    """Every single term that the sign names, in ``all`` and ``none``."""
    return [term for entry in (*sign.all, *sign.none) for term in alternatives(entry)]


def alternatives(entry: str) -> list[str]:
    """``"a|b"`` as ``["a", "b"]``."""
    return [term.strip() for term in entry.split("|") if term.strip()]
