"""Whom to call, in one line: an institution, or the general lines. No number comes from anywhere but the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.hotlines import MAINLAND
from bot.reply.fill import line
from bot.reply.model import HotlineNumber, Line
from bot.reply.numbers import MAX_CANDIDATES, main_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.institutions import Directory
    from bot.reply.knows import Knows
    from bot.texts import Texts


def official_line(institution: str, texts: Texts, directory: Directory) -> Line | None:
    """Whom to call: the main line, one line of each that an unclear name may mean, or where else to look.

    Returns:
        None where the directory has no such institution any more.
    """
    if institution not in directory:
        return None
    row = directory.get(institution)
    if row.candidates:
        numbers = [
            line(texts, "summary-institution-candidate", name=found.name, number=HotlineNumber(main.number))
            for found in map(directory.get, row.candidates)
            if (main := main_line(found)) is not None
        ]
        if numbers:
            numbered = _joined(numbers[:MAX_CANDIDATES], texts)
            return line(texts, "summary-institution-unclear", name=row.name, numbers=numbered)
    elif (main := main_line(row)) is not None:
        return line(texts, "summary-institution", name=row.name, number=HotlineNumber(main.number))
    return line(texts, "summary-institution-none", name=row.name)


def ask_line(texts: Texts, knowledge: Knows, directory: Directory, region: str) -> Line:
    """Whom to call before acting and after paying; nothing where the operator withdrew the numbers."""
    general = knowledge.general_lines.get(region) or knowledge.general_lines[MAINLAND]
    advice = directory.hotlines((general.advice,))[:1]
    emergency = directory.hotlines((general.emergency,))[:1] if general.emergency else ()
    if not advice:
        return ()
    number, name = HotlineNumber(advice[0].number), advice[0].name
    if not emergency:
        return line(texts, "summary-ask", advice=number, name=name)
    return line(texts, "summary-ask-sent", advice=number, name=name, emergency=HotlineNumber(emergency[0].number))


def _joined(parts: Sequence[Line], texts: Texts) -> Line:
    joiner = line(texts, "list-joiner")
    return tuple(run for at, part in enumerate(parts) for run in ((*joiner, *part) if at else part))
