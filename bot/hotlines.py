"""Which numbers a reply may print: the claimed institution's own, then the general lines of the region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.datafile import read_toml
from bot.errors import DataError
from bot.model import Hotline, Level

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.claims import Claims
    from bot.institutions import Directory
    from bot.model import CollectionCheck

MAINLAND = "CN"
_TRADITIONAL = "TW"
"""Where a text in Traditional characters is at home unless it says otherwise."""


class GeneralLines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A region's general lines as ids of rows; ``hints`` are folded words that place a Traditional text there."""

    advice: str
    emergency: str | None = None
    complaints: str | None = None
    hints: tuple[str, ...] = ()


def load_general_lines(path: Path, directory: Directory) -> dict[str, GeneralLines]:
    """Region → its general lines.

    Raises:
        DataError: An entry is malformed or names a row that does not exist or has no number to call.
    """
    try:
        table = msgspec.convert(read_toml(path), dict[str, GeneralLines])
    except msgspec.ValidationError as error:
        raise DataError(f"{path.name}: {error}") from None
    for region, lines in table.items():
        for row in filter(None, (lines.advice, lines.emergency, lines.complaints)):
            if not directory.get(row).callable_lines:
                raise DataError(f"{path.name}: [{region}]: {row} has no number to call; name another row")
    if MAINLAND not in table:
        raise DataError(f"{path.name}: [{MAINLAND}] is missing; every other region falls back to it")
    return table


def hinted_region(text: str, table: Mapping[str, GeneralLines], *, traditional: bool) -> str | None:
    """The region that a text in Traditional characters names by its words, if any.

    Args:
        text: Folded text.
        table: The general lines by region, with their hints.
        traditional: True where the original was in Traditional characters.
    """
    if not traditional:
        return None
    return next((region for region, lines in table.items() if any(hint in text for hint in lines.hints)), None)


def region_of(claims: Claims, hinted: str | None, *, traditional: bool) -> str:
    """Where the SMS is at home: the claimed institution's region, else what the words or the script suggest."""
    if claims.claimant is not None and claims.claimant.region:
        return claims.claimant.region
    return hinted or (_TRADITIONAL if traditional else MAINLAND)


def own_lines(claims: Claims, directory: Directory, *, credit_card: bool) -> tuple[Hotline, ...]:
    """The claimed institution's numbers, or the labelled candidates of an ambiguous name."""
    ids = claims.ids
    if not ids:
        return ()
    lines = directory.hotlines(ids)
    if credit_card and len(ids) == 1:
        # The card centre first, then the bank's main line, which also puts one through.
        lines = (*directory.hotlines(ids, credit_card=True), *lines)
    return tuple({line.number: line for line in reversed(lines)}.values())[::-1]


def general_lines(
    level: Level,
    region: str,
    directory: Directory,
    table: Mapping[str, GeneralLines],
    collection: CollectionCheck | None = None,
) -> tuple[Hotline, ...]:
    """The lines to call besides: none for ``clear``; the police only where the text is flagged.

    Where a collector breaks the rules, the line that takes complaints about it comes last.
    """
    if level is Level.CLEAR:
        return ()
    lines = table.get(region, table[MAINLAND])
    rows = [lines.emergency] if level.flagged else []
    rows.append(lines.advice)
    if collection is not None and collection.faults:
        rows.append(lines.complaints)
    return tuple(line for row in rows if row for line in directory.hotlines((row,))[:1])
