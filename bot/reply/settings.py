"""What a group's settings are, in words; and one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.neutralise import neutralise
from bot.reply.fill import headed, lines
from bot.reply.model import HotlineNumber, Reply
from bot.service.group_types import Confirmers, Presence
from bot.zones import of_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.service.group_types import GroupSettings
    from bot.texts import Texts
    from bot.zones import Zone

FATHER, SETPRIVACY = "@BotFather", "/setprivacy"
"""Shown to be copied: a tap on the command would send it into the group."""


def compose_settings(
    settings: GroupSettings,
    now: datetime,
    texts: Texts,
    language: str,
    *,
    here: bool = True,
    hints: Iterable[str] = (),
) -> Reply:
    """Say what a group's admins chose.

    Args:
        settings: What they chose.
        now: Any time zone; shown in the group's.
        texts: The reader's language.
        language: What the group's language calls itself.
        here: Whether this is read in the group itself.
        hints: Keys of further sentences.
    """
    zone = of_name(settings.time_zone)
    said = [
        *headed(texts, "settings-title" if here else "settings-title-of"),
        *lines(texts, "settings-auto-on" if settings.auto_check else "settings-auto-off"),
        *lines(texts, "settings-weekly-on" if settings.weekly else "settings-weekly-off"),
        *lines(
            texts,
            "settings-confirmers-all" if settings.confirmers is Confirmers.ALL else "settings-confirmers-admins",
        ),
        *lines(
            texts,
            "settings-zone",
            zone=texts(zone.key) if zone else neutralise(settings.time_zone),
            time=clock_in(settings.time_zone, now),
        ),
        *lines(texts, "settings-language", language=language),
    ]
    if settings.presence is Presence.SILENCED:
        said += lines(texts, "settings-silenced")
    if settings.auto_check:
        said += lines(texts, "auto-bots")
    for hint in hints:
        said += lines(texts, hint)
    return Reply(tuple(said))


def compose_refusal(texts: Texts) -> Reply:
    """Say why scams cannot be pointed out unasked, and the two ways to change that."""
    father, setprivacy = HotlineNumber(FATHER), HotlineNumber(SETPRIVACY)
    return Reply(
        (
            *headed(texts, "auto-refused", father=father, setprivacy=setprivacy),
            *lines(texts, "auto-bots"),
        )
    )


def compose_own(texts: Texts, *, agreed: bool, runs_groups: bool) -> Reply:
    """Ask whether reports from the private chat may join what everybody is shown."""
    said = [
        *headed(texts, "settings-own-title"),
        *lines(texts, "consent-ask"),
        *lines(texts, "consent-on" if agreed else "consent-off"),
    ]
    if not runs_groups:
        said += lines(texts, "settings-own-groups")
    return Reply(tuple(said))


def label_of(zone: Zone, now: datetime, texts: Texts, *, chosen: bool) -> str:
    """A time zone as a button: the clock on the wall tells a reader which one is theirs."""
    label = texts("settings-zone-now", zone=texts(zone.key), time=clock_in(zone.name, now))
    return texts("settings-chosen", name=label) if chosen else label


def clock_in(zone: str, now: datetime) -> str:
    """The time of day in a zone, as ``21:05``."""
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M}"
