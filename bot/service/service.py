"""The use cases behind one door. ``open_service`` opens it; a messenger's handlers call nothing else."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.meters import ANSWER, CHECKS, Meters
from bot.service import check, export, forget, inbox, retention, review, stats, votes
from bot.service.auto_check import AutoCheck
from bot.service.claims import Claims
from bot.service.confirmed import sightings
from bot.service.context import Context, Policy
from bot.service.groups import Groups
from bot.service.inbox import Inbox
from bot.service.jobs import Ticker
from bot.service.latency import Latencies
from bot.service.leases import Lease
from bot.service.limits import Limiter
from bot.service.reading import Reader
from bot.service.report import Reports
from bot.service.rescue import Rescue
from bot.service.trends import Trends
from bot.service.votes import Press
from bot.service.weekly import Weekly
from bot.store import jobs
from bot.store.engine import Store
from bot.store.meta import bind_secret, is_bound

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping

    from bot.model import Sightings, Sms, Verdict
    from bot.period import Period
    from bot.rescue.book import Book
    from bot.secret import Secret
    from bot.service.context import Clock, Judge
    from bot.service.group_types import ExportRow, GroupReport, Trend
    from bot.service.jobs import Handler
    from bot.service.reading import Facts
    from bot.service.review import Asked, Decided, Decision, Item
    from bot.service.stats import Stats
    from bot.service.types import (
        Chat,
        Checked,
        Confirmation,
        Forgotten,
        Limited,
        Outcome,
        Person,
    )


SEATS = 24
"""Checks under way at the same time."""


def utc_now() -> datetime:
    """The time; the default clock."""
    return datetime.now(UTC)


class Service:
    """What a person or a group can do. Safe to call concurrently.

    ``source`` names the cause of a call (a messenger's update id). A call repeated with its source, as after
    a crash, has no second effect and the same answer.

    Every coroutine raises :class:`bot.errors.StoreError` when the database fails.
    """

    def __init__(
        self,
        store: Store,
        secret: Secret,
        knowledge: Facts,
        judge: Judge,
        *,
        owners: Iterable[str] = (),
        clock: Clock = utc_now,
        policy: Policy | None = None,
    ) -> None:
        policy = policy or Policy()
        self._context = Context(
            store=store,
            secret=secret,
            reader=Reader(knowledge),
            judge=judge,
            clock=clock,
            owners=frozenset(map(secret.person, owners)),
            policy=policy,
        )
        self._limiter = Limiter(policy.checks_per_minute)
        # Judging is work for one core: more at a time only make everybody's words to the database wait.
        self._seats = asyncio.Semaphore(SEATS)
        self.latencies = Latencies()
        """Fed by whoever takes messages in; shown by :meth:`stats`."""
        self._trends = Trends(self._context)
        self._reports = Reports(self._context)
        self.groups = Groups(self._context)
        """What groups chose, and who runs them."""
        self.weekly = Weekly(self._context, self.groups)
        """Which groups are due their summary."""
        self.auto_check = AutoCheck(self._context, self.groups)
        """What is pointed out in groups unasked."""
        self.meters: Meters = store.meters
        """What this process counts and times; whoever works for the service counts on."""

    def now(self) -> datetime:
        """The time in UTC."""
        return self._context.clock()

    async def check(self, sms: Sms, who: Person, where: Chat, source: str) -> Checked | Limited:
        """Judge an SMS and record the check, unless the person asks too often."""
        limited = self._limiter.take(self._context.person(who), self._context.clock())
        if limited and not await check.is_recorded(self._context, source):
            return limited
        async with self._seats:
            checked = await check.check(self._context, sms, who, where, source)
        self.meters.count(CHECKS, checked.verdict.level)
        return checked

    async def judge(self, sms: Sms) -> Verdict:
        """Judge again without recording, as 更多依据 does."""
        return await check.judge(self._context, sms)

    async def is_about(self, check_id: str, sms: Sms) -> bool | None:
        """Whether a check was of this very text, which its writer may have edited since; None where it is unknown."""
        return await check.is_about(self._context, check_id, sms)

    async def sightings(self, sms: Sms) -> Sightings:
        """Who confirmed this text or a near copy as a scam so far, whether or not that is enough to count.

        People's reports of a guarded text (:class:`bot.model.Verdict`) weigh nothing and are left out.
        """
        return sightings(await check.tally(self._context, self._context.reader.read(sms)))

    async def confirm(
        self,
        check_id: str,
        sms: Sms,
        who: Person,
        where: Chat,
        *,
        admin: bool,
        source: str,
    ) -> Confirmation:
        """确认是诈骗: a report with its redacted text. ``admin`` is whether ``who`` is one in this group."""
        return await votes.confirm(self._context, Press(check_id, who, where, source, admin), sms)

    async def dispute(
        self,
        check_id: str,
        sms: Sms | None,
        who: Person,
        where: Chat,
        *,
        admin: bool,
        source: str,
    ) -> Confirmation:
        """不是诈骗: a correction; no text is kept. ``sms`` may be None where the message is gone."""
        return await votes.dispute(self._context, Press(check_id, who, where, source, admin), sms)

    async def complain(self, check_id: str, who: Person, where: Chat, source: str) -> Outcome:
        """号码不对: the hotline shown with this check is said to be wrong."""
        return await votes.complain(self._context, Press(check_id, who, where, source))

    async def report(self, where: Chat, period: Period) -> GroupReport:
        """A group's record of a period.

        Raises:
            ValueError: ``where`` is no group; private chats have no record of their own.
        """
        if not where.group:
            raise ValueError("only a group has a report")
        return await self._reports.report(where, period)

    def export(self, where: Chat, period: Period) -> AsyncIterator[ExportRow]:
        """A group's events in a period, oldest first, read a step at a time.

        Raises:
            ValueError: ``where`` is no group.
        """
        if not where.group:
            raise ValueError("only a group has a record of its own")
        return export.export(self._context, where, period)

    async def trends(self) -> tuple[Trend, ...]:
        """What is reported most over all groups, as :mod:`bot.service.trends` counts it."""
        return await self._trends.now()

    def is_owner(self, who: Person) -> bool:
        """Whether the person owns the bot."""
        return self._context.person(who) in self._context.owners

    async def stats(self) -> Stats:
        """How the bot is used and how it fares; for owners."""
        return await stats.gather(self._context, self.latencies)

    async def next_review(self, after: int | None = None) -> Item | None:
        """What an owner should look at first, or next behind the event ``after``; None where nothing waits."""
        return await review.next_item(self._context, after)

    async def decide(self, who: Person, where: Chat, asked: Asked, decision: Decision) -> Decided:
        """Do what an owner decided.

        Raises:
            PermissionError: ``who`` is no owner.
        """
        if not self.is_owner(who):
            raise PermissionError("only an owner decides")
        return await review.decide(self._context, who, where, asked, decision)

    def rescue(self, book: Book) -> Rescue:
        """Help for victims, on the guide and the directory of ``book``."""
        return Rescue(self._context, book)

    def ticker(self, handlers: Mapping[str, Handler], *, interval: float = 5.0) -> Ticker:
        """What does jobs of these kinds when their time comes; ``interval`` is in seconds."""
        return Ticker(self._context.store, self._context.clock, handlers, interval=interval)

    async def answers(self) -> bool:
        """Whether the database answers."""
        try:
            async with self._context.store.read() as connection:
                return await is_bound(connection)
        except StoreError:
            return False

    @property
    def is_shared(self) -> bool:
        """Whether several processes may handle updates beside each other."""
        return self._context.store.is_shared

    def inbox(
        self,
        handle: inbox.Handler,
        speaker: inbox.Speaker,
        *,
        first_wait: float = inbox.FIRST_WAIT,
        spread: bool = False,
        told: Callable[[int], None] | None = None,
    ) -> Inbox:
        """What keeps updates until they are handled.

        Args:
            handle: Does the work.
            speaker: Tells people what the inbox knows.
            first_wait: Seconds before an update that failed is tried again.
            spread: Whether this process alone stores updates, for all others too.
            told: Told every few seconds how many processes handle updates.
        """
        store = self._context.store
        claims = Claims(store, inbox.PER_USER, spread=spread, told=told) if store.is_shared else None
        return Inbox(store, self._context.clock, handle, speaker, first_wait=first_wait, claims=claims)

    def lease(self, name: str, seconds: float) -> Lease:
        """The right to do a thing alone, for ``seconds`` at a time."""
        return Lease(self._context.store, self._context.clock, name, seconds)

    def latency_since(self, received: datetime) -> None:
        """Record how long an update took that was received then and is answered now."""
        now = self._context.clock()
        seconds = max(0.0, (now - received).total_seconds())
        self.latencies.record(seconds, now.timestamp())
        self.meters.took(ANSWER, seconds)

    async def every(self, kind: str) -> None:
        """Have a job of this kind done from now on; its handler says when it is due again. Asking twice asks once."""
        async with self._context.store.write() as connection:
            await jobs.schedule(connection, jobs.NewJob(kind, kind, self._context.clock()))

    async def forget(self, who: Person) -> Forgotten:
        """Take the person out of the record and withdraw their votes."""
        return await forget.forget(self._context, who)

    async def retain(self) -> None:
        """Delete what has been kept long enough; for a job that comes back. Safe to repeat and to cut off."""
        await retention.retain(self._context)

    async def close(self) -> None:
        """Close the database."""
        await self._context.store.close()


@asynccontextmanager
async def open_service(
    database_url: str,
    secret: Secret,
    knowledge: Facts,
    judge: Judge,
    owners: Iterable[str] = (),
    clock: Clock = utc_now,
    policy: Policy | None = None,
) -> AsyncIterator[Service]:
    """Open the database (made and migrated where needed) and the service on it; closed at the end.

    Args:
        database_url: As ``ZHENDEMA_DATABASE_URL``.
        secret: Must be the one that the database was written with.
        knowledge: The institutions' own numbers are asked of it.
        judge: ``partial(bot.judge.judge, knowledge=…)``, or anything that gives verdicts.
        owners: Person keys (``telegram:42``) whose word confirms for everybody.
        clock: Gives the time in UTC.
        policy: Limits and thresholds.

    Raises:
        SettingsError: The URL is malformed.
        StoreError: The database cannot be used.
        SecretError: The secret is another one than the database's.
    """
    store = await Store.open(database_url)
    try:
        await bind_secret(store, secret.key_id)
        service = Service(store, secret, knowledge, judge, owners=owners, clock=clock, policy=policy)
        yield service
    finally:
        await store.close()
