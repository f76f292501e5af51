"""/review: what needs an owner's eye, one text at a time, the bot's worst misses first.

An item is a kind of event on a text: reports of a text that was judged harmless, complaints about a number, or
corrections of a text that was judged a scam. What a button needs is the item's first and last event: a decision covers
what its owner was shown, and what others say meanwhile waits for the next look. Every event is decided once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from bot.store import review
from bot.store.dialect import take_turn
from bot.store.events import NewEvent, append
from bot.store.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.service.context import Context
    from bot.service.types import Chat, Person
    from bot.store.review import Details, One, Waiting

_TURN = "review"


class Decision(StrEnum):
    """What an owner decides."""

    CONFIRM = "confirm"
    """The people are right: for everybody, as if the owner had said it."""
    REJECT = "reject"
    """They are wrong: what they said is undone."""
    MUTE = "mute"
    """Whoever said it first counts nowhere any more."""


class Result(StrEnum):
    """How a decision ended."""

    DONE = "done"
    ALREADY = "already"
    """Somebody decided before; ``earlier`` says what."""
    GONE = "gone"
    """There is nothing left to decide: withdrawn, forgotten, muted, or no such event."""
    OWNER = "owner"
    """Owners cannot be muted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which item: the numbers of its first event and of the last one that the owner was shown."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What waits for an owner. ``level`` to ``rules`` are what the bot said when the first of them spoke.

    Attributes:
        asked: What a button on it carries.
        kind: A report is of a text that was judged ``clear`` or ``verify``.
        at: When the first of them spoke (UTC).
        people: How many distinct people say so and were not decided on.
        rules: Ids, heaviest first.
        text: The redacted text where anybody reported it. Not yet neutralised.
        waiting: Items in the queue, this one among them.
    """

    asked: Asked
    kind: Kind
    at: datetime
    people: int
    check_id: str
    level: str
    score: float
    category: str | None
    institution: str | None
    rules: tuple[str, ...]
    text: str | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did. ``kind`` and ``institution`` are the event's, where there is one."""

    result: Result
    kind: Kind | None = None
    institution: str | None = None
    earlier: Decision | None = None


async def next_item(context: Context, after: int | None = None) -> Item | None:
    """The first item of the queue, or the one behind the event ``after``; the first again at the end."""
    async with context.store.read() as connection:
        waiting = await review.queue(connection, context.owners)
        if not waiting:
            return None
        chosen = await _behind(connection, waiting, after)
        found = await review.details(connection, chosen.id)
        events = await review.alike(connection, chosen.kind, chosen.fingerprint, context.owners)
        text = await review.text_of(connection, chosen.fingerprint)
    assert found is not None
    return Item(
        asked=Asked(found.id, events[-1].id),
        kind=found.kind,
        at=found.at,
        people=len({one.person for one in events}),
        check_id=found.check_id or "",
        level=found.level or "",
        score=found.score or 0.0,
        category=found.category,
        institution=found.institution,
        rules=tuple(msgspec.json.decode(found.rules or "[]", type=list[str])),
        text=text,
        waiting=len(waiting),
    )


async def _behind(connection: AsyncConnection, waiting: Sequence[Waiting], after: int | None) -> Waiting:
    left = None if after is None else await review.details(connection, after)
    if left is None:
        return waiting[0]
    place = (review.rank(left.kind, left.level), left.id)
    return next((one for one in waiting if (one.rank, one.id) > place), waiting[0])


async def decide(context: Context, who: Person, where: Chat, asked: Asked, decision: Decision) -> Decided:
    """Do what the owner ``who`` decided, in the chat ``where``; the first decision counts."""
    async with context.store.write() as connection:
        await take_turn(connection, _TURN)
        found = await review.details(connection, asked.first)
        if found is None:
            return Decided(Result.GONE)
        earlier = await review.decision_on(connection, found.id)
        if earlier is not None:
            return Decided(Result.ALREADY, found.kind, found.institution, Decision(earlier))
        alike = await review.alike(connection, found.kind, found.fingerprint, context.owners)
        covered = [one for one in alike if one.id <= asked.last]
        if found.id not in {one.id for one in covered}:
            return Decided(Result.GONE, found.kind, found.institution)
        result = await _Deciding(context, connection, who, where).do(decision, found, covered)
        return Decided(result, found.kind, found.institution)


class _Deciding:
    """One decision on its way, within its transaction."""

    def __init__(self, context: Context, connection: AsyncConnection, who: Person, where: Chat) -> None:
        self._context, self._connection = context, connection
        self._owner, self._place = context.person(who), context.place(where)
        self._now = context.clock()

    async def do(self, decision: Decision, found: Details, covered: Sequence[One]) -> Result:
        if decision is Decision.MUTE:
            return await self._mute(found)
        events = [one.id for one in covered]
        if decision is Decision.REJECT:
            for event_id in events:
                await self._undo(event_id)
        elif found.kind is not Kind.COMPLAINT:
            await self._say(found)
        await self._record(events, decision)
        return Result.DONE

    async def _mute(self, found: Details) -> Result:
        assert found.person is not None
        if found.person in self._context.owners:
            return Result.OWNER
        await review.silence(self._connection, found.person, self._now)
        await self._record([found.id], Decision.MUTE)
        return Result.DONE

    async def _undo(self, event_id: int) -> None:
        await append(self._connection, replace(self._event(Kind.UNDO, event_id), target=event_id))

    async def _say(self, found: Details) -> None:
        """Say the same as an owner: a word as any owner's, so that it counts wherever words are counted."""
        word = replace(
            self._event(found.kind, found.id),
            check_id=found.check_id,
            fingerprint=found.fingerprint,
            level=found.level,
            score=found.score,
            category=found.category,
            institution=found.institution,
            rules=found.rules,
        )
        said = await append(self._connection, word)
        if said is not None and found.kind is Kind.REPORT:
            await review.adopt(self._connection, found.id, said)

    def _event(self, kind: Kind, event_id: int) -> NewEvent:
        # No claim: a decision is the owner's last word even where they said the same before and changed their mind.
        return NewEvent(
            kind=kind,
            at=self._now,
            source=self._context.secret.text("source/review", f"{kind}\0{event_id}"),
            person=self._owner,
            place=self._place,
        )

    async def _record(self, events: Sequence[int], decision: Decision) -> None:
        await review.record(self._connection, events, decision, self._owner, self._now)
