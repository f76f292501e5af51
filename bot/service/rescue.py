"""/rescue: a person's case and their sheet for the police, kept, and the follow-ups that they asked for.

Nothing here knows a messenger or composes a sentence: pages are made of the :class:`View` that comes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from secrets import token_urlsafe
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from bot.rescue.case import Case, Page, banks, known_only, next_page, plan
from bot.rescue.moves import Move, Verb, apply
from bot.rescue.schema import OWN_BANK
from bot.rescue.sheet import Draft
from bot.store import jobs
from bot.store import rescue as rows
from bot.store.dialect import take_turn
from bot.store.events import find_check

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.rescue.book import Book
    from bot.rescue.told import Told
    from bot.service.context import Context
    from bot.service.types import Chat, Person
    from bot.store.jobs import Job

FOLLOW_UP = "rescue-follow-up"
FOLLOW_UPS = {"day": timedelta(hours=24), "days": timedelta(hours=72)}
"""When a person who wants it is asked again; the keys stand in the job's payload and in the texts."""
KEPT = timedelta(days=30)
"""A case that nobody touched for so long is deleted."""
DRAFT_KEPT = timedelta(minutes=60)
FRESH = timedelta(hours=24)
"""What a person tells within this time belongs to the case that is open."""


class Awaited(StrEnum):
    """What the person's next words may be an answer to."""

    BLANK = "blank"
    """A question of the sheet."""
    BANK = "bank"
    """The name of their bank."""


@dataclass(frozen=True, slots=True)
class View:
    """A case and the moment at which it was looked at, in seconds since 1970 UTC."""

    case: Case
    now: int


class _Stored(msgspec.Struct, frozen=True):
    case: Case
    touched: int


class Rescue:
    """What a victim can do. Safe to call concurrently; of one person one call at a time.

    Every coroutine raises :class:`bot.errors.StoreError` when the database fails.
    """

    def __init__(self, context: Context, book: Book) -> None:
        self._context = context
        self.book = book

    async def open(
        self,
        who: Person,
        told: Told | None = None,
        *,
        check_id: str | None = None,
        named: str | None = None,
        straight: bool = False,
    ) -> View:
        """Open the case: the one under way, with what was told added, or a new one.

        Args:
            who: The person.
            told: What they wrote, as read by :func:`bot.rescue.told.read`.
            check_id: The check under which they asked for help: its category and institution come along.
            named: Id of an institution that they named; a bank is offered first, but never taken for theirs.
            straight: True to go to the plan without a question, for somebody who must not be asked any.
        """
        now = self._context.clock()
        async with self._context.store.write(brief=True) as connection:
            person = await self._turn(connection, who)
            stored = await self._load(connection, person)
            anew = bool(check_id or (told and told.situations))
            case = stored.case if stored and self._goes_on(stored, now, anew=anew) else self._fresh(stored)
            if told:
                case = _with(case, told, now, self.book)
            check = await find_check(connection, check_id) if check_id else None
            if check:
                case = replace(case, category=check.category, institution=check.institution)
            if named:
                case = replace(case, institution=named)
            case = replace(case, page=Page.PLAN if straight else next_page(case, self.book.guide))
            await self._save(connection, person, case, now)
        return View(case, _seconds(now))

    async def move(self, who: Person, move: Move, where: Chat | None = None) -> View | None:
        """Do what was pressed. None where the button belongs to a case that is no more, or means nothing.

        Args:
            who: The person.
            move: What was pressed.
            where: Their private chat, where follow-ups may be sent to.
        """
        now = self._context.clock()
        async with self._context.store.write(brief=True) as connection:
            person = await self._turn(connection, who)
            stored = await self._load(connection, person)
            if stored is None or stored.case.token != move.token:
                return None
            after = apply(stored.case, move, self.book.guide, self.book.bank_ids, _seconds(now))
            if after is None:
                return None
            if move.verb is Verb.RESTART:
                after = replace(after, token=_token())
                await rows.drop_draft(connection, person)
            if after.reminders != stored.case.reminders:
                await self._remind(connection, person, where if after.reminders else None, now)
            await self._save(connection, person, after, now)
        return View(after, _seconds(now))

    async def current(self, who: Person) -> View | None:
        """The case as it stands, without touching it."""
        async with self._context.store.read(brief=True) as connection:
            stored = await self._load(connection, self._context.person(who))
        return View(stored.case, _seconds(self._context.clock())) if stored else None

    async def awaits(self, who: Person, source: str) -> Awaited | None:
        """What the person's words may answer; ``source`` names them, for an answer that is handed over twice."""
        async with self._context.store.read(brief=True) as connection:
            person = self._context.person(who)
            stored = await self._load(connection, person)
            if stored is None:
                return None
            found = await rows.load_draft(connection, person, self._context.clock())
        case, now = stored.case, _seconds(self._context.clock())
        # A name is taken for the bank's only while that is what the person has in mind.
        fresh = now - stored.touched < FRESH.total_seconds()
        if fresh and case.page in {Page.MEANS, Page.BANKS}:
            return Awaited.BANK
        draft = msgspec.json.decode(found, type=Draft) if found else None
        if draft and (draft.asking or draft.source == source) and not case.abroad:
            return Awaited.BLANK
        lacks = fresh and case.page is Page.PLAN and not banks(case, self.book.guide)
        wanted = lacks and any(OWN_BANK in step.call for step in plan(case, self.book.guide, now))
        return Awaited.BANK if wanted else None

    async def name_bank(self, who: Person, text: str) -> View | None:
        """Take a short message for the name of the person's bank; None where it names none, or several."""
        view = await self.current(who)
        bank = self.book.bank_named(text, view.case) if view else None
        return await self.move(who, Move(view.case.token, Verb.MEANS, bank)) if view and bank else None

    async def draft(self, who: Person) -> Draft | None:
        """The sheet under way, unless its time is over."""
        async with self._context.store.read(brief=True) as connection:
            found = await rows.load_draft(connection, self._context.person(who), self._context.clock())
        return msgspec.json.decode(found, type=Draft) if found else None

    async def change_draft(
        self, who: Person, source: str, change: Callable[[Draft | None], Draft | None]
    ) -> Draft | None:
        """Put another draft in place of the one under way; None deletes it. Kept for another :data:`DRAFT_KEPT`.

        A change with the source of the last one was made already and is not made again.
        """
        now = self._context.clock()
        async with self._context.store.write(brief=True) as connection:
            person = await self._turn(connection, who)
            found = await rows.load_draft(connection, person, now)
            before = msgspec.json.decode(found, type=Draft) if found else None
            if before is not None and before.source == source:
                return before
            after = change(before)
            if after is None:
                await rows.drop_draft(connection, person)
                return None
            if after is not before:
                after = replace(after, source=source)
            await rows.save_draft(connection, person, msgspec.json.encode(after).decode(), now + DRAFT_KEPT)
        return after

    async def follow_up(self, job: Job) -> View | None:
        """The case that a follow-up is about; None where nothing is left to ask."""
        assert job.person is not None
        async with self._context.store.read(brief=True) as connection:
            stored = await self._load(connection, job.person)
        now = _seconds(self._context.clock())
        if stored is None or not stored.case.reminders:
            return None
        case = stored.case
        asked = next_page(case, self.book.guide) is not Page.PLAN
        left = [step for step in plan(case, self.book.guide, now) if step.id not in case.done]
        return View(case, now) if asked or left else None

    async def followed_up(self, job: Job, *, last: bool) -> None:
        """Note that a follow-up was sent or came to nothing; after the ``last`` no more are planned."""
        if not last or job.person is None:
            return
        now = self._context.clock()
        async with self._context.store.write(brief=True) as connection:
            await take_turn(connection, job.person)
            stored = await self._load(connection, job.person)
            if stored:
                await self._save(connection, job.person, replace(stored.case, reminders=False), now)

    async def sweep(self) -> None:
        """Delete what has been kept long enough."""
        now = self._context.clock()
        async with self._context.store.write(brief=True) as connection:
            await rows.sweep(connection, now, now - KEPT)
        await self._context.store.tidy()

    async def _turn(self, connection: AsyncConnection, who: Person) -> str:
        person = self._context.person(who)
        await take_turn(connection, person)
        return person

    async def _load(self, connection: AsyncConnection, person: str) -> _Stored | None:
        found = await rows.load_case(connection, person)
        if found is None:
            return None
        stored = msgspec.json.decode(found, type=_Stored)
        return replace(stored, case=known_only(stored.case, self.book.guide, self.book.bank_ids))

    async def _save(self, connection: AsyncConnection, person: str, case: Case, now: datetime) -> None:
        state = msgspec.json.encode(_Stored(case, _seconds(now))).decode()
        await rows.save_case(connection, person, state, now)

    def _goes_on(self, stored: _Stored, now: datetime, *, anew: bool) -> bool:
        """Whether a case is still the one that the person means, who tells something new if ``anew``."""
        return not anew or _seconds(now) - stored.touched < FRESH.total_seconds()

    def _fresh(self, stored: _Stored | None) -> Case:
        # Where somebody is, is asked once.
        return Case(token=_token(), region=stored.case.region if stored else None)

    async def _remind(self, connection: AsyncConnection, person: str, where: Chat | None, now: datetime) -> None:
        """Plan the follow-ups in a chat anew, or drop them where there is none."""
        for name, delay in FOLLOW_UPS.items():
            key = f"{person}/{name}"
            await jobs.cancel(connection, FOLLOW_UP, key)
            if where is not None:
                payload = msgspec.json.encode(name).decode()
                await jobs.schedule(connection, jobs.NewJob(FOLLOW_UP, key, now + delay, person, where.id, payload))


def _with(case: Case, told: Told, now: datetime, book: Book) -> Case:
    """Add what was told; what was answered before and not told again stays."""
    situations = {*case.situations, *told.situations}
    # "By bank" says less than the question of which one does, so that is still asked.
    means = [found for found in told.means if found in book.guide.means and found != "bank"]
    # The clock counts from what was told first: "he just called again" must not set it forward.
    known = told.when in book.guide.whens and case.when is None
    return replace(
        case,
        situations=tuple(found for found in book.guide.situations if found in situations),
        means=tuple(dict.fromkeys((*case.means, *means))),
        when=told.when if known else case.when,
        at=_seconds(now) if known else case.at,
        helper=told.helper or case.helper,
    )


def _token() -> str:
    # Short, for it stands in every button; only its own person's case is ever looked up with it.
    return token_urlsafe(4)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
