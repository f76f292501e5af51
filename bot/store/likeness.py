"""Finding the reported texts that are near copies of one at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.likeness import AT_LEAST, BANDS
from bot.store.schema import event, likeness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

MOST = 64
"""Reports looked at for each band, the oldest, and texts found in all: what a look-up costs at most. Votes are
counted over all reports of the texts found. Of a scam that reached everybody in another wording the count is a
floor; decoys that somebody reports later push no older report out."""

_HITS = sa.union_all(
    *(
        sa.select(
            sa.select(likeness.c.event_id)
            .where(likeness.c.band == sa.bindparam(f"band{at}"))
            .order_by(likeness.c.event_id)
            .limit(MOST)
            .subquery()
        )
        for at in range(BANDS)
    )
).subquery()
_ALIKE = (
    sa.select(_HITS.c.event_id)
    .group_by(_HITS.c.event_id)
    .having(sa.func.count() >= AT_LEAST)
    .order_by(_HITS.c.event_id)
    .subquery()
)
_NEAR = (
    sa.select(event.c.fingerprint)
    .join(_ALIKE, _ALIKE.c.event_id == event.c.id)
    .group_by(event.c.fingerprint)
    .order_by(sa.func.min(event.c.id))
    .limit(MOST)
)


async def remember(connection: AsyncConnection, event_id: int, bands: Sequence[int]) -> None:
    """Keep the bands of a report's text; a text that is too short has none."""
    rows = [{"event_id": event_id, "band": band} for band in sorted(set(bands))]
    if rows:
        await connection.execute(likeness.insert(), rows)


async def near(connection: AsyncConnection, bands: Sequence[int]) -> frozenset[str]:
    """Fingerprints of the reported texts that share enough bands with this one, itself among them."""
    if not bands:
        return frozenset()
    values = {f"band{at}": band for at, band in enumerate(bands)}
    return frozenset(await connection.scalars(_NEAR, values))
