"""Official numbers as a reply: what a search found, or the main lines of one kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.neutralise import neutralise
from bot.reply.fill import headed, line, lines
from bot.reply.model import MAX_UNITS, HotlineNumber, Line, Quote, Reply, units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.institutions import Directory, Institution, Kind, SearchResult
    from bot.texts import Texts

MAX_FOUND = 8
MAX_QUERY = 20
MAX_COPY = 4


def compose_search(result: SearchResult, directory: Directory, texts: Texts) -> Reply:
    """Say what was found for a name or a number, what is unclear, and how far it can be relied on."""
    query = Quote(neutralise(" ".join(result.query.split())[:MAX_QUERY]))
    if not result.institutions:
        said = list(headed(texts, "hotline-none", query=query))
        return Reply((*said, *_others(result, texts)))
    unclear = bool(result.institutions[0].candidates)
    head = list(headed(texts, "hotline-not-a-name" if unclear else "hotline-title", query=query))
    found = _with_candidates(result.institutions, directory)
    shown = found[:MAX_FOUND]
    more = result.more + len(found) - len(shown)
    tail = list(_others(result, texts))
    if more:
        tail += lines(texts, "hotline-more", count=str(more))
    if result.by_number:
        tail += lines(texts, "hotline-forged")
    return _reply(head, shown, tail, texts)


def compose_kind(kind: Kind, institutions: Iterable[Institution], texts: Texts) -> Reply:
    """List the main lines of a kind of institution."""
    head = list(headed(texts, "hotline-kind-title", kind=kind.label))
    return _reply(head, tuple(institutions), [], texts, short=True)


def _reply(
    said: list[Line], shown: tuple[Institution, ...], tail: list[Line], texts: Texts, *, short: bool = False
) -> Reply:
    confidence = "A" if all(row.confidence == "A" for row in shown) else "B"
    tail += lines(texts, "hotline-checked" if confidence == "A" else "hotline-checked-weak")
    for row in shown:
        entry = _row(row, texts, short=short)
        if units((*said, *entry, *tail)) > MAX_UNITS:
            break
        said += entry
    numbers = dict.fromkeys(found.number for row in shown for found in row.callable_lines)
    copy = () if short else tuple(numbers)[:MAX_COPY]
    return Reply((*said, *tail), copy=copy)


def _with_candidates(rows: tuple[Institution, ...], directory: Directory) -> tuple[Institution, ...]:
    """Put who may be meant right behind a name that is no institution's own."""
    found: dict[str, Institution] = {}
    for row in rows:
        for one in (row, *map(directory.get, row.candidates)):
            found.setdefault(one.id, one)
    return tuple(found.values())


def _row(row: Institution, texts: Texts, *, short: bool) -> list[Line]:
    if short:
        return [
            line(texts, "official-candidate", name=row.name, number=HotlineNumber(found.number))
            for found in row.callable_lines[:1]
        ]
    said: list[Line] = []
    if not row.candidates:
        said = list(headed(texts, "hotline-name", name=row.name))
        said += [_number(found.purpose, found.number, texts) for found in row.callable_lines]
        if not row.callable_lines:
            said += lines(texts, "hotline-no-number")
    if row.caution:
        said += lines(texts, "hotline-caution", caution=row.caution)
    return said


def _number(purpose: str, number: str, texts: Texts) -> Line:
    if not purpose:
        return line(texts, "hotline-number-plain", number=HotlineNumber(number))
    return line(texts, "hotline-number", purpose=purpose, number=HotlineNumber(number))


def _others(result: SearchResult, texts: Texts) -> tuple[Line, ...]:
    if not result.others:
        return ()
    names = texts("list-joiner").join(other.name for other in result.others[:MAX_FOUND])
    return lines(texts, "hotline-other", names=names)
