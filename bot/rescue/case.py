"""One person's case: what they told, what they ticked off, which page they look at. Frozen; moves make new ones."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.rescue.schema import Guide, Step

HOUR = 3600


class Page(StrEnum):
    """What the person looks at."""

    SITUATIONS = "situations"
    MEANS = "means"
    BANKS = "banks"
    REGION = "region"
    PLAN = "plan"
    RESTART = "restart"


class Case(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is stored, as JSON.

    Attributes:
        token: Names this case in its buttons; those of an earlier one are old.
        situations: Ids of :class:`~bot.rescue.schema.Situation`.
        means: Ids of :class:`~bot.rescue.schema.Means` and of banks in the directory, in the order given.
        when: Id of a :class:`~bot.rescue.schema.When`.
        at: When that was answered, in seconds since 1970 UTC.
        region: Id of a :class:`~bot.rescue.schema.Region`; None while unknown.
        helper: True where it happened to somebody else.
        done: Ids of the steps ticked off.
        page: See :class:`Page`.
        category: Of the SMS under which the person asked for help, if they did.
        institution: Likewise, the institution that it claimed to be.
        skipped: True where the person does not know which bank or wallet.
        reminders: True while follow-ups are planned.
    """

    token: str
    situations: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    when: str | None = None
    at: int | None = None
    region: str | None = None
    helper: bool = False
    done: tuple[str, ...] = ()
    page: Page = Page.SITUATIONS
    category: str | None = None
    institution: str | None = None
    skipped: bool = False
    reminders: bool = False

    @property
    def abroad(self) -> bool:
        """True where the person said that they are outside the mainland."""
        return self.region not in {None, "mainland"}


def facts(case: Case, guide: Guide, now: int) -> frozenset[str]:
    """Return everything that conditions may ask for.

    Args:
        case: The case.
        guide: Says what the answers imply.
        now: Seconds since 1970 UTC.
    """
    found = {*case.situations, *(means for means in case.means if means in guide.means)}
    for situation in case.situations:
        found.update(guide.situations[situation].implies)
    if banks(case, guide) or "bank" in case.means:
        found.add("bank")
    if not case.means:
        found.add("no-means")
    if not case.situations:
        found.add("unknown")
    if case.region == "elsewhere":
        found.add("elsewhere")
    if case.helper:
        found.add("helper")
    if _fresh(case, guide, now):
        found.add("fresh")
    return frozenset(found)


def banks(case: Case, guide: Guide) -> tuple[str, ...]:
    """Return the ids of the banks that were named."""
    return tuple(means for means in case.means if means not in guide.means)


def deadline(case: Case, guide: Guide, hours: int) -> int | None:
    """Return when ``hours`` from the event have surely not passed yet, in seconds since 1970 UTC.

    Counted from the earliest moment that the answer allows, so that nobody comes too late for trusting it. None
    where that cannot be said.
    """
    when = guide.whens.get(case.when or "")
    if when is None or when.most is None or case.at is None:
        return None
    return case.at + (hours - when.most) * HOUR


def plan(case: Case, guide: Guide, now: int) -> tuple[Step, ...]:
    """Return the steps in order: those that fit, of each topic the first.

    Args:
        case: The case.
        guide: All steps in the one order in which they are ever done.
        now: Seconds since 1970 UTC.
    """
    known = facts(case, guide, now)
    chosen: dict[str, Step] = {}
    for step in guide.steps:
        if step.fits(known, abroad=case.abroad):
            chosen.setdefault(step.about, step)
    return tuple(chosen.values())


def asks_means(case: Case, guide: Guide) -> bool:
    """Whether it matters which bank or wallet, and that is not known yet."""
    wanted = any(guide.situations[situation].asks_means for situation in case.situations)
    return wanted and not case.means and not case.skipped


def next_page(case: Case, guide: Guide) -> Page:
    """Return what to show next: the first thing still to be asked, else the plan.

    Outside the mainland nothing depends on the answers, so nothing is asked.
    """
    if case.abroad:
        return Page.PLAN
    if not case.situations or case.when is None:
        return Page.SITUATIONS
    return Page.MEANS if asks_means(case, guide) else Page.PLAN


def known_only(case: Case, guide: Guide, banks_known: Iterable[str]) -> Case:
    """Drop answers that a later version no longer knows, such as a bank that left the directory."""
    allowed = {*guide.means, *banks_known}
    return msgspec.structs.replace(
        case,
        situations=tuple(found for found in case.situations if found in guide.situations),
        means=tuple(found for found in case.means if found in allowed),
        when=case.when if case.when in guide.whens else None,
        region=case.region if case.region in guide.regions else None,
    )


def _fresh(case: Case, guide: Guide, now: int) -> bool:
    """Whether less than 24 hours may have passed since the event."""
    when = guide.whens.get(case.when or "")
    return when is not None and case.at is not None and now < case.at + (24 - when.least) * HOUR
