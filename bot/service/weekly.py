"""The weekly summary as a job: which week is due now, whether it is late, and what of it was sent already.

A group's moment is :func:`bot.service.groups.next_push` of its week, whatever the job's ``due_at`` says by now: that
moves with every attempt. After a longer absence only the newest week is sent. How far a week got stands in the job,
so that neither a crash between its two messages nor a change of time zone on the same day sends one twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from bot.period import last_week, this_week
from bot.service.group_types import Presence
from bot.service.groups import next_push
from bot.service.jobs import Fate
from bot.store import jobs

if TYPE_CHECKING:
    from bot.period import Period
    from bot.service.context import Context
    from bot.service.groups import Groups
    from bot.store.jobs import Job

LATE = timedelta(hours=2)
"""What is sent later than this after its moment says so."""
_TICK = timedelta(microseconds=1)


class _Sent(msgspec.Struct, frozen=True):
    """How far a group is: the name of the week that was sent last, and whether all of it was."""

    week: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Push:
    """A summary that is to be sent now.

    Attributes:
        said: Its text was sent already; only the picture is left.
    """

    chat_id: int
    period: Period
    late: bool
    said: bool


class Weekly:
    """See the module."""

    def __init__(self, context: Context, groups: Groups) -> None:
        self._context = context
        self._groups = groups

    async def due(self, job: Job) -> Push | Fate | datetime:
        """Return what is to be sent now, or else what becomes of the job.

        Raises:
            StoreError: The database fails.
        """
        if job.chat_id is None:
            return Fate.DROP
        settings = await self._groups.settings(job.chat_id)
        if not settings.weekly or settings.presence is Presence.GONE:
            return Fate.DROP
        now, zone = self._context.clock(), ZoneInfo(settings.time_zone)
        meant = next_push(job.chat_id, zone, this_week(now, zone).since - _TICK)
        if now < meant:
            return meant  # what was missed is older than the week that will be sent in some hours
        period, sent = last_week(now, zone), _sent(job)
        if sent == _Sent(period.name, whole=True):
            return next_push(job.chat_id, zone, now)
        return Push(job.chat_id, period, now - meant > LATE, said=sent.week == period.name)

    async def note(self, job: Job, push: Push, *, whole: bool) -> None:
        """Write down that the text of a summary was sent, or all of it.

        Raises:
            StoreError: The database fails.
        """
        payload = msgspec.json.encode(_Sent(push.period.name, whole)).decode()
        async with self._context.store.write(urgent=True) as connection:
            await jobs.note(connection, job, payload)

    async def next(self, chat_id: int) -> datetime:
        """Return when the group's next summary is due, in its own time zone.

        Raises:
            StoreError: The database fails.
        """
        settings = await self._groups.settings(chat_id)
        zone = ZoneInfo(settings.time_zone)
        return next_push(chat_id, zone, self._context.clock()).astimezone(zone)


def _sent(job: Job) -> _Sent:
    try:
        return msgspec.json.decode(job.payload, type=_Sent)
    except msgspec.MsgspecError:
        return _Sent()
