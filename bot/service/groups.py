"""Groups: what their admins chose, where the bot is, and who was seen as an admin where."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from bot.service.group_types import Confirmers, GroupSettings, Presence
from bot.service.types import Chat
from bot.store import consent, group_admins, group_settings, jobs, migrate_chat
from bot.store.dialect import take_turn
from bot.store.events import NewEvent, append
from bot.store.group_settings import Chosen
from bot.store.schema import Kind

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.service.context import Context
    from bot.service.types import Person

WEEKLY = "weekly"
"""The kind of job that sends a group its summary; its key is the group's id."""
_HOUR = time(9)
_SPREAD = 30 * 60  # seconds
_WEEK = timedelta(days=7)
STEP = 20_000
"""Events beside words that move in one transaction: about a second in which nothing else is written."""


class Groups:
    """See the module. A group that was made a supergroup is known under its old id too.

    Every coroutine raises :class:`bot.errors.StoreError` when the database fails.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    async def settings(self, chat_id: int) -> GroupSettings:
        """What holds in the group; the defaults where nothing was chosen."""
        async with self._context.store.read() as connection:
            return _settings(await _row(connection, await group_settings.current(connection, chat_id)))

    async def change(
        self,
        chat_id: int,
        *,
        time_zone: str | None = None,
        language: str | None = None,
        auto_check: bool | None = None,
        weekly: bool | None = None,
        confirmers: Confirmers | None = None,
    ) -> GroupSettings:
        """Choose what is given, leave the rest, and tell what holds then.

        ``weekly`` has the summary sent from the next Monday on, or no more; ``time_zone`` moves it.

        Raises:
            ValueError: ``time_zone`` is no IANA name.
        """
        if time_zone is not None and time_zone not in _zones():
            raise ValueError(f"{time_zone!r} is no time zone: use an IANA name such as Asia/Shanghai")
        given: dict[str, Any] = {
            "time_zone": time_zone,
            "language": language,
            "auto_check": auto_check,
            "weekly": weekly,
            "confirmers": confirmers,
        }
        given = {name: value for name, value in given.items() if value is not None}
        async with self._context.store.write() as connection:
            chat_id = await _taken(connection, chat_id)
            before = _switched_off(await _row(connection, chat_id))
            after = before._replace(**given)
            if after != before:
                await group_settings.save(connection, after, self._context.clock())
                await self._time_summary(connection, before, after)
        return _settings(after)

    async def presence(self, chat_id: int, presence: Presence) -> None:
        """Note that the bot is in the group, may not write in it, or is gone from it; the group's record stays.

        Gone, it sends nothing any more and forgets who was an admin; should it come back, what it does unasked is
        switched off.
        """
        async with self._context.store.write() as connection:
            await take_turn(connection, _turn(chat_id))
            found = await group_settings.find(connection, chat_id)
            before = found or _default(chat_id)
            if before.moved_to is not None or (found is not None and before.state == presence):
                return
            # What it did unasked is switched off only now: had the group moved meanwhile, that would have moved too.
            after = _switched_off(before)._replace(state=presence)
            await group_settings.save(connection, after, self._context.clock())
            if presence is Presence.GONE:
                await jobs.cancel(connection, WEEKLY, str(chat_id))
                await group_admins.drop_chat(connection, chat_id)

    async def seen_admin(self, who: Person, chat_id: int) -> None:
        """Remember that the person is an admin of the group, to offer it to them in their private chat."""
        async with self._context.store.write() as connection:
            chat_id = await group_settings.current(connection, chat_id)
            await group_admins.saw(connection, self._context.person(who), chat_id, self._context.clock())

    async def no_admin(self, who: Person, chat_id: int) -> None:
        """Forget it: they are none any more."""
        async with self._context.store.write() as connection:
            chat_id = await group_settings.current(connection, chat_id)
            await group_admins.drop(connection, self._context.person(who), chat_id)

    async def of_admin(self, who: Person) -> tuple[int, ...]:
        """Groups where the person was seen as an admin, the latest first; whether they still are is to be asked."""
        async with self._context.store.read() as connection:
            return await group_admins.chats_of(connection, self._context.person(who))

    async def set_consent(self, who: Person, *, agreed: bool) -> None:
        """Note whether reports from the person's private chat may join the shared trends."""
        async with self._context.store.write() as connection:
            if agreed:
                await consent.agree(connection, self._context.person(who), self._context.clock())
            else:
                await consent.withdraw(connection, self._context.person(who))

    async def consents(self, who: Person) -> bool:
        """Whether they may."""
        async with self._context.store.read() as connection:
            return await consent.agreed(connection, self._context.person(who))

    async def current(self, chat_id: int) -> int:
        """The id under which a group goes on: its own unless it was made a supergroup."""
        async with self._context.store.read() as connection:
            return await group_settings.current(connection, chat_id)

    async def migrate(self, old: int, new: int) -> None:
        """Let a group's whole record go on under the id ``new``; a second time nothing is left to do."""
        if old == new:
            return
        place = self._context.place(Chat(new, group=True))
        async with self._context.store.write() as connection:
            for chat_id in (old, new):  # in the order of _taken, so that no two wait for each other
                await take_turn(connection, _turn(chat_id))
            await self._move(connection, old, new, place)
            moved = await migrate_chat.move_others(connection, old, new, place, STEP)
        while moved == STEP:  # nobody is to wait long for a giant's old checks; should this be cut off, see follow()
            async with self._context.store.write() as connection:
                moved = await migrate_chat.move_others(connection, old, new, place, STEP)

    async def follow(self) -> int:
        """Move what still came in under the old ids of groups that moved, and tell how many there were."""
        async with self._context.store.read() as connection:
            moved = await group_settings.moves(connection)
            left = [(old, new) for old, new in moved if await migrate_chat.has_rows(connection, old)]
        for old, new in left:
            await self.migrate(old, new)
        return len(left)

    async def _move(self, connection: AsyncConnection, old: int, new: int, place: str) -> None:
        context, now = self._context, self._context.clock()

        def claim(kind: Kind, person: str, fingerprint: str, turn: int) -> str:
            return context.claim(kind, person, fingerprint, place, turn)

        again = await migrate_chat.move_words(connection, old, new, place, claim)
        for number in again:
            source = context.secret.text("source/migrate", str(number))
            await append(connection, NewEvent(kind=Kind.UNDO, at=now, source=source, person=None, target=number))
        for move in (migrate_chat.move_counts, migrate_chat.move_admins, migrate_chat.move_jobs):
            await move(connection, old, new)
        before = await _row(connection, old)
        if before.moved_to == new:
            return
        after = _merged(before, await group_settings.find(connection, new), new)
        await group_settings.save(connection, after, now)
        await group_settings.save(connection, _default(old)._replace(state=Presence.GONE, moved_to=new), now)
        if after.weekly and after.state != Presence.GONE:
            await self._schedule(connection, after)

    async def _time_summary(self, connection: AsyncConnection, before: Chosen, after: Chosen) -> None:
        """Make the job agree with what was chosen."""
        key = str(after.chat_id)
        if not after.weekly:
            await jobs.cancel(connection, WEEKLY, key)
        elif not before.weekly:
            await self._schedule(connection, after)
        elif before.time_zone != after.time_zone:
            due = await jobs.due_of(connection, WEEKLY, key)
            if due is not None:
                # Where today's was still to come and its moment is over in the new zone, it is not passed over.
                zone = ZoneInfo(after.time_zone)
                meant = next_push(after.chat_id, zone, due - _WEEK / 2)
                moved = min(meant, next_push(after.chat_id, zone, self._context.clock()))
                await jobs.move(connection, WEEKLY, key, moved)

    async def _schedule(self, connection: AsyncConnection, chosen: Chosen) -> None:
        due = next_push(chosen.chat_id, ZoneInfo(chosen.time_zone), self._context.clock())
        new = jobs.NewJob(WEEKLY, str(chosen.chat_id), due, chat_id=chosen.chat_id)
        await jobs.schedule(connection, new)


def next_push(chat_id: int, zone: ZoneInfo, now: datetime) -> datetime:
    """When a group gets its summary: the first such moment after ``now``, in UTC.

    It is Monday 09:00 in the zone and up to half an hour later, for each group always as much: all of them at once
    would be more than a messenger takes.
    """
    spread = int.from_bytes(blake2b(str(chat_id).encode(), digest_size=8).digest()) % _SPREAD
    day = now.astimezone(zone).date()
    monday = day - timedelta(days=day.weekday())
    while True:
        due = datetime.combine(monday, _HOUR, zone).astimezone(UTC) + timedelta(seconds=spread)
        if due > now:
            return due
        monday += _WEEK


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _turn(chat_id: int) -> str:
    return f"group/{chat_id}"


async def _taken(connection: AsyncConnection, chat_id: int) -> int:
    """Take the turn of a group, and tell under which id: it may move to another one while its turn is waited for."""
    while True:
        await take_turn(connection, _turn(chat_id))
        current = await group_settings.current(connection, chat_id)
        if current == chat_id:
            return chat_id
        chat_id = current


def _default(chat_id: int) -> Chosen:
    plain = GroupSettings()
    return Chosen(
        chat_id=chat_id,
        state=plain.presence,
        time_zone=plain.time_zone,
        language=plain.language,
        auto_check=plain.auto_check,
        weekly=plain.weekly,
        confirmers=plain.confirmers,
    )


async def _row(connection: AsyncConnection, chat_id: int) -> Chosen:
    return await group_settings.find(connection, chat_id) or _default(chat_id)


def _switched_off(row: Chosen) -> Chosen:
    """The row as it holds: where the bot is gone it does nothing unasked, whatever was chosen before."""
    return row._replace(auto_check=False, weekly=False) if row.state == Presence.GONE else row


def _settings(row: Chosen) -> GroupSettings:
    row = _switched_off(row)
    return GroupSettings(
        time_zone=row.time_zone,
        language=row.language,
        auto_check=row.auto_check,
        weekly=row.weekly,
        confirmers=Confirmers(row.confirmers),
        presence=Presence(row.state),
    )


def _merged(old: Chosen, there: Chosen | None, new: int) -> Chosen:
    """What holds under the new id: what was chosen there already, else what was chosen under the old one."""
    plain = _default(new)
    if there is None:
        # The bot may have been noted as gone from the old id before it was told why.
        state = Presence.PRESENT if old.state == Presence.GONE else old.state
        return old._replace(chat_id=new, state=state, moved_to=None)
    choices = ("time_zone", "language", "auto_check", "weekly", "confirmers")
    kept = {
        name: getattr(old, name) if getattr(there, name) == getattr(plain, name) else getattr(there, name)
        for name in choices
    }
    return there._replace(**kept)
