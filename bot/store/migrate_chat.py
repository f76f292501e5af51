"""Moving a group's record to another chat id, which it gets when it is made a supergroup.

All in the caller's transaction, but for the checks of a group that has very many. Each part finds nothing to do a
second time, and what came in under the old id meanwhile is moved then. What a person said under both ids becomes one
row of words: whatever they could not have said twice under one id is undone, so that moving gives nobody a second vote.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from bot.store.dialect import insert_once
from bot.store.schema import Kind, event, event_count, group_admin, job
from bot.store.votes import OPPOSITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

Claim = Callable[[Kind, str, str, int], str]
"""The claim of a person's word on a text under the new id: its kind, the person, the fingerprint, the turn."""


class _Said(NamedTuple):
    """A report or correction of somebody who was not forgotten."""

    id: int
    kind: Kind
    person: str
    fingerprint: str


_WORDS = list(OPPOSITE)
_OLD: sa.BindParameter[int] = sa.bindparam("old")
_NEW: sa.BindParameter[int] = sa.bindparam("new")
_SAID = sa.select(event.c.id, event.c.kind, event.c.person, event.c.fingerprint)
_SAID_OLD = _SAID.where(event.c.chat_id == _OLD, event.c.kind.in_(_WORDS), event.c.person.is_not(None))
_TEXTS_OLD = sa.select(event.c.fingerprint).where(event.c.chat_id == _OLD, event.c.kind.in_(_WORDS))
# ``+ 0``: by the few texts that move, not through all of the group that is there already.
_SAID_NEW = _SAID.where(
    event.c.chat_id + 0 == _NEW,
    event.c.kind.in_(_WORDS),
    event.c.person.is_not(None),
    event.c.fingerprint.in_(_TEXTS_OLD),
)
_RENAME = sa.update(event).values(chat_id=_NEW, place=sa.bindparam("new_place"))
_RENAME_WORDS = _RENAME.where(event.c.chat_id == _OLD, event.c.kind.in_(_WORDS))
_OTHERS = sa.select(event.c.id).where(event.c.chat_id == _OLD, event.c.kind.not_in(_WORDS))
_RENAME_OTHERS = _RENAME.where(event.c.id.in_(_OTHERS.limit(sa.bindparam("most"))))
_FREE = sa.update(event).where(event.c.id == sa.bindparam("of_id")).values(claim=None)
_SAY = sa.update(event).where(event.c.id == sa.bindparam("of_id")).values(claim=sa.bindparam("new_claim"))


async def has_rows(connection: AsyncConnection, chat_id: int) -> bool:
    """Whether anything new can stand under this id: counts come only from events."""
    for table in (event, group_admin, job):
        if await connection.scalar(sa.select(sa.literal(1)).where(table.c.chat_id == chat_id).limit(1)):
            return True
    return False


async def move_words(connection: AsyncConnection, old: int, new: int, new_place: str, claim: Claim) -> list[int]:
    """Give all reports and corrections of ``old`` the id ``new``, its place, and their claims there.

    Returns:
        The numbers of words that their persons had said already, for the caller to undo.
    """
    ids = {"old": old, "new": new}
    mine = [_said(row) for row in await connection.execute(_SAID_OLD, ids)]
    theirs = [_said(row) for row in await connection.execute(_SAID_NEW, ids)]
    moving = {(one.fingerprint, one.person) for one in mine}
    told = [*mine, *(one for one in theirs if (one.fingerprint, one.person) in moving)]
    claims, again = _claims(told, claim)
    await _each(connection, _FREE, [{"of_id": one.id} for one in told])
    await connection.execute(_RENAME_WORDS, {**ids, "new_place": new_place})
    await _each(connection, _SAY, [{"of_id": number, "new_claim": said} for number, said in claims.items()])
    return again


async def move_others(connection: AsyncConnection, old: int, new: int, new_place: str, most: int) -> int:
    """Give at most ``most`` other events of ``old`` the id ``new`` and its place.

    Returns:
        How many; fewer than ``most`` where none is left.
    """
    values = {"old": old, "new": new, "new_place": new_place, "most": most}
    return (await connection.execute(_RENAME_OTHERS, values)).rowcount


async def move_counts(connection: AsyncConnection, old: int, new: int) -> None:
    """Add the counts of ``old`` to those of ``new``."""
    key = [column for column in event_count.primary_key if column is not event_count.c.chat_id]
    for row in (await connection.execute(sa.select(event_count).where(event_count.c.chat_id == old))).all():
        values = {column.name: getattr(row, column.name) for column in key}
        await insert_once(connection, event_count, {**values, "chat_id": new, "count": 0})
        same = sa.and_(event_count.c.chat_id == new, *(column == values[column.name] for column in key))
        await connection.execute(sa.update(event_count).where(same).values(count=event_count.c.count + row.count))
    await connection.execute(sa.delete(event_count).where(event_count.c.chat_id == old))


async def move_admins(connection: AsyncConnection, old: int, new: int) -> None:
    """Whoever was seen as an admin in ``old`` was in ``new``; the later moment stays."""
    seen = sa.select(group_admin.c.person, group_admin.c.seen_at).where(group_admin.c.chat_id == old)
    for person, at in (await connection.execute(seen)).all():
        row = {"person": person, "chat_id": new, "seen_at": at}
        if await insert_once(connection, group_admin, row) is None:
            earlier = sa.and_(group_admin.c.person == person, group_admin.c.chat_id == new, group_admin.c.seen_at < at)
            await connection.execute(sa.update(group_admin).where(earlier).values(seen_at=at))
    await connection.execute(sa.delete(group_admin).where(group_admin.c.chat_id == old))


async def move_jobs(connection: AsyncConnection, old: int, new: int) -> None:
    """What is to be sent to ``old`` goes to ``new``, at its time and whoever is just at it.

    Where both have a job of one kind and key, the one that is due first stays.
    """
    query = sa.select(job.c.id, job.c.kind, job.c.key, job.c.due_at).where(job.c.chat_id == old)
    for number, kind, key, due_at in (await connection.execute(query)).all():
        new_key = str(new) if key == str(old) else key
        other = sa.and_(job.c.kind == kind, job.c.key == new_key, job.c.id != number)
        rival = (await connection.execute(sa.select(job.c.id, job.c.due_at).where(other))).one_or_none()
        if rival is not None:
            late = number if rival.due_at <= due_at else rival.id
            await connection.execute(sa.delete(job).where(job.c.id == late))
            if late == number:
                continue
        await connection.execute(sa.update(job).where(job.c.id == number).values(key=new_key, chat_id=new))


def _claims(told: Iterable[_Said], claim: Claim) -> tuple[dict[int, str], list[int]]:
    """Claims by the number of their word, as if all had been said under one id, and the words that have none left."""
    threads: dict[tuple[str, str], list[_Said]] = defaultdict(list)
    for one in told:
        threads[one.fingerprint, one.person].append(one)
    claims: dict[int, str] = {}
    again: list[int] = []
    for (fingerprint, person), words in threads.items():
        said, taken = Counter[Kind](), set[tuple[Kind, int]]()
        for word in sorted(words):
            turn = said[OPPOSITE[word.kind]]
            said[word.kind] += 1
            if (word.kind, turn) in taken:
                again.append(word.id)
                continue
            taken.add((word.kind, turn))
            claims[word.id] = claim(word.kind, person, fingerprint, turn)
    return claims, sorted(again)


def _said(row: Sequence[Any]) -> _Said:
    number, kind, person, fingerprint = row
    return _Said(number, Kind(kind), person, fingerprint)


async def _each(connection: AsyncConnection, statement: sa.Update, rows: list[dict[str, Any]]) -> None:
    if rows:
        await connection.execute(statement, rows)
