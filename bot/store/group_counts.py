"""How many checks and corrections there are in one group, for many spans of time at once."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.schema import Kind, event
from bot.store.votes import STANDING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

Span = tuple["datetime", "datetime"]
"""From the first moment until before the second."""


async def checks(connection: AsyncConnection, chat_id: int, spans: Collection[Span]) -> dict[Span, int]:
    """Checks made in the group in each of the spans, which may overlap; each check is counted through once."""
    return await _counted(connection, Kind.CHECK, chat_id, spans)


async def corrections(connection: AsyncConnection, chat_id: int, spans: Collection[Span]) -> dict[Span, int]:
    """Corrections that stand, likewise."""
    return await _counted(connection, Kind.CORRECTION, chat_id, spans)


async def _counted(connection: AsyncConnection, kind: Kind, chat_id: int, spans: Collection[Span]) -> dict[Span, int]:
    moments = sorted({moment for span in spans for moment in span})
    pieces = [piece for piece in pairwise(moments) if any(a <= piece[0] and piece[1] <= b for a, b in spans)]
    if not pieces:
        return dict.fromkeys(spans, 0)
    values: dict[str, int | datetime] = {"chat_id": chat_id}
    for at, piece in enumerate(pieces):
        values[f"from{at}"], values[f"to{at}"] = piece
    found = (await connection.execute(_in_pieces(kind, len(pieces)), values)).one()
    counts = dict(zip(pieces, found, strict=True))
    return {(a, b): sum(n for (c, d), n in counts.items() if a <= c and d <= b) for a, b in spans}


@cache
def _in_pieces(kind: Kind, pieces: int) -> sa.Select[int]:
    """One row with the count of each piece: one statement costs less than many."""
    counted = STANDING.get(kind, event.c.kind == kind)
    return sa.select(
        *(
            sa.select(sa.func.count())
            .where(
                counted,
                event.c.chat_id == sa.bindparam("chat_id"),
                event.c.at >= sa.bindparam(f"from{at}", type_=event.c.at.type),
                event.c.at < sa.bindparam(f"to{at}", type_=event.c.at.type),
            )
            .scalar_subquery()
            for at in range(pieces)
        )
    )
