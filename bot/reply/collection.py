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


def collection_lines(check: CollectionCheck, numbers: Numbers, texts: Texts) -> list[Line]:
    """Return at most four lines about the debt that the SMS speaks of."""
    present = _named("collection-detail", check.present, texts)
    missing = _named("collection-detail", check.missing, texts)
    if present and missing:
        said = [line(texts, "collection-details", present=present, missing=missing)]
    elif missing:
        said = [line(texts, "collection-details-none", missing=missing)]
    else:
        said = [line(texts, "collection-details-all", present=present)] if present else []
    if check.faults:
        said.append(line(texts, "collection-faults", faults=_named("collection-fault", check.faults, texts)))
    said.append(line(texts, "collection-verify"))
    if check.faults and numbers.mainland:
        said.append(line(texts, "collection-complain", complaints=HotlineNumber(COMPLAINTS)))
    return said


def _named(prefix: str, ids: tuple[str, ...], texts: Texts) -> str:
    keys = [f"{prefix}-{id_}" if f"{prefix}-{id_}" in texts else f"{prefix}-other" for id_ in ids]
    return texts("list-joiner").join(dict.fromkeys(texts(key) for key in keys))
