"""Gathers the words of the matcher from the reviewed files; each word has one owner or a declared precedence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.fold import fold_word
from bot.institutions import schema
from bot.institutions.matcher import Word
from bot.institutions.types import Other

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_STYLES = ("anywhere", "claim", "sign", "office", "search")
_CARD_TAILS = ("信用卡", "信用卡中心")
_LONG_ENOUGH = 3
"""A known other of so many Han characters counts anywhere, a shorter or Latin one only where it speaks."""


class _Pool:
    """Words so far, with the place each was declared at."""

    def __init__(self) -> None:
        self.words: dict[str, Word] = {}
        self.places: dict[str, str] = {}

    def add(self, word: Word, file: Path, place: str) -> None:
        """Adds a word that must be new."""
        if word.text in self.words:
            raise schema.fault(
                file,
                place,
                f"“{word.text}” is also declared in {self.places[word.text]}; "
                "declare it once in shared.toml or leave it there",
            )
        self.words[word.text] = word
        self.places[word.text] = f"{file.name} {place}"


def gather(
    folder: Path, rows: Mapping[str, schema.Row], cards: Mapping[str, str], stop: Iterable[str]
) -> tuple[Word, ...]:
    """All words of ``folder``.

    Raises:
        DataError: A word has two owners, an alias of the table was not reviewed, a row has no word.
    """
    pool = _Pool()
    owned: dict[str, set[str]] = {institution: set() for institution in rows}
    _add_shared(folder / "shared.toml", rows, pool, owned)
    left = _add_reviews(folder / "aliases", rows, pool, owned)
    for word, file, place in left:
        if word not in pool.words:
            raise schema.fault(file, place, f"“{word}” is left to a row that does not declare it; declare it there")
    _check_complete(folder / "aliases", rows, owned)
    _add_cards(pool, cards, owned)
    _add_others(folder / "others.toml", pool)
    for text in stop:
        pool.add(Word(text, ""), folder / "stop.toml", "words")
    return tuple(pool.words.values())


def _add_shared(file: Path, rows: Mapping[str, schema.Row], pool: _Pool, owned: dict[str, set[str]]) -> None:
    for entry in schema.read_toml(file, schema.SharedFile).shared:
        place = f"shared “{entry.words[0] if entry.words else ''}”"
        for institution in (*entry.of, *(entry.simplified or ()), *(entry.traditional or ())):
            if institution not in rows:
                raise schema.fault(file, place, f"no row has the id {institution}; mend the spelling")
            if institution not in entry.of:
                raise schema.fault(file, place, f"{institution} is not among `of`; add it there")
        if len(entry.of) < 2:  # noqa: PLR2004 - shared by two at least
            raise schema.fault(file, place, "a shared word has several owners; move it to aliases/")
        for spelled in entry.words:
            text = fold_word(spelled)
            pool.add(Word(text, entry.scope, entry.of, entry.simplified, entry.traditional, entry.printed), file, place)
            for institution in entry.of:
                owned[institution].add(text)


def _add_reviews(
    folder: Path, rows: Mapping[str, schema.Row], pool: _Pool, owned: dict[str, set[str]]
) -> list[tuple[str, Path, str]]:
    left = []
    for file in sorted(folder.glob("*.toml")):
        for institution, review in schema.read_toml(file, dict[schema.Id, schema.Review]).items():
            if institution not in rows:
                raise schema.fault(file, institution, "no row has this id; mend the spelling")
            for style in _STYLES:
                for text in dict.fromkeys(map(fold_word, getattr(review, style))):
                    pool.add(Word(text, style, (institution,)), file, f"{institution}.{style}")
                    owned[institution].add(text)
            for text in map(fold_word, review.leave):
                left.append((text, file, f"{institution}.leave"))
                owned[institution].add(text)
    return left


def _check_complete(folder: Path, rows: Mapping[str, schema.Row], owned: Mapping[str, set[str]]) -> None:
    for row in rows.values():
        if not owned[row.id]:
            raise schema.fault(folder, row.id, "this row has no reviewed alias; add a line for it")
        for alias in row.aliases:
            if fold_word(alias) not in owned[row.id]:
                raise schema.fault(folder, row.id, f"the alias “{alias}” was not reviewed; give it a scope")


def _add_cards(pool: _Pool, cards: Mapping[str, str], owned: Mapping[str, set[str]]) -> None:
    """招商银行 + 信用卡 is the card centre's name, for every name of a bank that has one."""
    for bank, card in cards.items():
        for text in sorted(owned[bank]):
            word = pool.words[text]
            if bank != word.ids[0] or word.style == "search" or text.isascii() or text.endswith("卡"):
                continue
            for tail in _CARD_TAILS:
                made = text + tail
                if made not in pool.words:
                    pool.words[made] = Word(made, "anywhere", (card,))
                    pool.places[made] = f"cards.{bank}"


def _add_others(file: Path, pool: _Pool) -> None:
    others = schema.read_toml(file, schema.OthersFile)
    for group in others.group:
        for named in group.names:
            other = Other(named.name, group.region, group.kind)
            for spelled in named.words:
                text = fold_word(spelled)
                han = sum("\u4e00" <= char <= "\u9fff" for char in text)
                style = "anywhere" if han >= _LONG_ENOUGH else "claim"
                known = pool.words.get(text)
                if known is not None and known.other == other:
                    continue
                pool.add(Word(text, style, other=other), file, f"group {group.region} {group.kind}, {named.name}")
