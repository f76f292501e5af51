"""Pointing out scams in a group unasked: which groups want it, and what was said there already.

A group that does not want it costs nothing but a look into memory, and a text that is no clear scam only the judging:
the database is asked about scams alone.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.model import NO_SIGHTINGS, Level
from bot.opened import open_sms
from bot.period import start_of
from bot.service.check import rules_of
from bot.service.limits import Limiter
from bot.service.types import Checked
from bot.store.events import NewEvent, append, has_source, was_checked
from bot.store.schema import Kind
from bot.store.votes import tally_of, words_on

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Sms, Verdict
    from bot.service.context import Context
    from bot.service.group_types import GroupSettings
    from bot.service.groups import Groups
    from bot.service.types import Chat

FRESH = timedelta(seconds=60)
"""How old remembered settings may be: another process may have changed them."""
REMEMBERED = 10_000
"""Groups whose settings are remembered."""
PER_MINUTE = 3
"""Times that a group is spoken to unasked: whoever floods it with scams does not make the bot flood it too."""


class AutoCheck:
    """See the module. One for each process."""

    def __init__(self, context: Context, groups: Groups) -> None:
        self._context = context
        self._groups = groups
        self._known: dict[int, tuple[datetime, GroupSettings]] = {}
        self._changes = 0
        self._limiter = Limiter(PER_MINUTE)

    async def settings(self, chat_id: int) -> GroupSettings:
        """The group's settings as they are or were up to a minute ago."""
        now = self._context.clock()
        at, known = self._known.get(chat_id, (now, None))
        if known is not None and at <= now < at + FRESH:
            return known
        changes = self._changes
        found = await self._groups.settings(chat_id)
        if changes == self._changes:  # else what was just read may be what was just changed
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[chat_id] = (now, found)
        return found

    def changed(self, *chat_ids: int) -> None:
        """Forget the settings of groups that were just changed."""
        self._changes += 1
        for chat_id in chat_ids:
            self._known.pop(chat_id, None)

    async def check(self, sms: Sms, talk: Sms, where: Chat, source: str) -> Checked | None:
        """Judge what somebody wrote in a group, and record it if it is a scam that is to be pointed out.

        Args:
            sms: What they wrote.
            talk: The same without the names of people whom they speak to; it must be a scam as well.
            where: The group.
            source: The cause.

        Returns:
            None where nothing is to be said: it is no clear scam, was spoken of today, or was said to be genuine by
            the group's admins or an owner. The same source gets the same answer.
        """
        verdict = self._context.judge(open_sms(talk), NO_SIGHTINGS)
        if verdict.level is Level.SCAM and talk != sms:
            verdict = self._context.judge(open_sms(sms), NO_SIGHTINGS)
        if verdict.level is not Level.SCAM:
            return None
        found = await self._recorded(sms, verdict, where, source)
        if await self._is_said(found):
            return Checked(found.source, verdict)
        if await self._is_settled(found) or self._limiter.take(str(where.id), found.at):
            return None
        if await self._context.store.together(partial(append, new=found)) is None and not await self._is_said(found):
            return None  # another process was faster
        return Checked(found.source, verdict)

    async def _recorded(self, sms: Sms, verdict: Verdict, where: Chat, source: str) -> NewEvent:
        """The check as the record would keep it: nobody asked for it."""
        context = self._context
        check_id = context.secret.text("check", source)
        fingerprint = context.fingerprint(context.reader.read(sms))
        now = context.clock()
        day = now.astimezone(await self._zone(where.id)).date()
        claim = "\0".join(("auto", str(where.id), fingerprint, day.isoformat()))
        return NewEvent(
            kind=Kind.CHECK,
            at=now,
            source=check_id,
            person=None,
            chat_id=where.id,
            place=context.place(where),
            check_id=check_id,
            fingerprint=fingerprint,
            level=verdict.level,
            score=verdict.score,
            category=verdict.category,
            institution=verdict.institution,
            rules=rules_of(verdict),
            claim=context.secret.text("claim", claim),
        )

    async def _is_said(self, found: NewEvent) -> bool:
        """Whether this very message was pointed out, so that after a crash its answer is given again."""
        async with self._context.store.read() as connection:
            return await has_source(connection, found.source)

    async def _is_settled(self, found: NewEvent) -> bool:
        """Whether the text was spoken of in the group today, or whose word counts said that it is genuine."""
        assert found.chat_id is not None
        assert found.fingerprint is not None
        zone = await self._zone(found.chat_id)
        today = start_of(found.at.astimezone(zone).date(), zone)
        async with self._context.store.read() as connection:
            if await was_checked(connection, found.chat_id, found.fingerprint, today):
                return True
            return await self._is_denied(connection, found.chat_id, found.fingerprint)

    async def _is_denied(self, connection: AsyncConnection, chat_id: int, fingerprint: str) -> bool:
        said = await words_on(connection, chat_id, fingerprint)
        admins = [word.kind for word in said if word.admin]
        if admins:
            return admins[-1] is Kind.CORRECTION
        tally = await tally_of(connection, fingerprint, self._context.owners)
        return tally.owner is Kind.CORRECTION

    async def _zone(self, chat_id: int) -> ZoneInfo:
        return ZoneInfo((await self.settings(chat_id)).time_zone)
