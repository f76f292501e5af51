"""The block for an SMS that collects a debt: what it says of the loan, what a lawful collector never does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.fill import line
from bot.reply.model import HotlineNumber
from bot.reply.numbers import COMPLAINTS

if TYPE_CHECKING:
    from bot.model import CollectionCheck
    from bot.reply.model import Line
    from bot.reply.numbers import Numbers
    from bot.texts import Texts


def collection_lines(check: CollectionCheck, numbers: Numbers, texts: Texts, room: int) -> list[Line]:
    """Return up to four lines about the debt that the SMS speaks of; the least needful go where room is short."""
    details = _details(check, texts)
    verify = line(texts, "collection-verify")
    faults = complain = None
    if check.faults:
        faults = line(texts, "collection-faults", faults=_named("collection-fault", check.faults, texts))
        if numbers.mainland:
            complain = line(texts, "collection-complain", complaints=HotlineNumber(COMPLAINTS))
    needful = [said for said in (verify, faults, details, complain) if said is not None][: max(0, room)]
    return [said for said in (details, faults, verify, complain) if said is not None and said in needful]


def _details(check: CollectionCheck, texts: Texts) -> Line | None:
    present = _named("collection-detail", check.present, texts)
    missing = _named("collection-detail", check.missing, texts)
    if present and missing:
        return line(texts, "collection-details", present=present, missing=missing)
    if missing:
        return line(texts, "collection-details-none", missing=missing)
    return line(texts, "collection-details-all", present=present) if present else None


def _named(prefix: str, ids: tuple[str, ...], texts: Texts) -> str:
    keys = [f"{prefix}-{id_}" if f"{prefix}-{id_}" in texts else f"{prefix}-other" for id_ in ids]
    return texts("list-joiner").join(dict.fromkeys(texts(key) for key in keys))
