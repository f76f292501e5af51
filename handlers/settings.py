"""/settings: in a group what its admins choose, with buttons; in a private chat one's own choice and one's groups.

A button carries the whole choice ("auto-check: on"), not a change of it: two admins who press at once want the same or
one after the other, and a button of last year still does what it says. Who presses is asked of Telegram each time.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, NamedTuple

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import ChatMigrated, TelegramError

from bot.reply.prompts import prompt
from bot.reply.settings import compose_own, compose_refusal, compose_settings, label_of
from bot.service.group_types import Confirmers
from bot.texts import language_names
from bot.zones import of_id, offered
from handlers import admins, group_choice, membership
from handlers.callback import Callback, Press
from handlers.desk import desk_of
from handlers.group_choice import Chosen, Purpose
from handlers.incoming import chat_of, presser
from handlers.membership import Hearing
from handlers.send import say, say_instead, toast

if TYPE_CHECKING:
    import telegram

    from bot.reply.model import Reply
    from bot.service.group_types import GroupSettings
    from handlers.desk import Context, Desk

_log = logging.getLogger(__name__)

_DATA = re.compile(r"(?P<verb>[a-z])(?:/(?P<what>[A-Za-z-]{1,12}))?(?:/(?P<chat>-\d{1,15}))?")
_AUTO, _WEEKLY, _CONFIRMERS, _CONSENT = "a", "w", "m", "c"
_ZONE, _LANGUAGE, _BACK = "z", "l", "b"
_ON, _OFF = "on", "off"
_IN_A_ROW = 2

Markup = InlineKeyboardMarkup
Page = tuple["Reply", Markup]


class _Group(NamedTuple):
    """A group whose settings are shown. ``chosen`` is set where that is done in a private chat."""

    id: int
    chosen: Chosen | None = None

    def button(self, label: str, verb: str, what: str = "") -> InlineKeyboardButton:
        """A button; in the group itself it names no group, so that a press there is about no other."""
        chat = str(self.id) if self.chosen else ""
        return _button(label, "/".join(part for part in (verb, what, chat) if part))


async def command(update: telegram.Update, context: Context) -> None:
    """Show a group's settings to its admin; in a private chat one's own, and those of one's groups."""
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    if not chat_of(message).group:
        await _own(desk, message)
        return
    try:
        admin = await admins.group_admin_of(desk, message)
    except TelegramError as error:
        _log.info("who runs a group could not be asked: %s", type(error).__name__)
        await say(message, prompt(desk.texts, "settings-failed"))
        return
    if not admin:
        await say(message, prompt(desk.texts, "settings-not-yours"))
        return
    await _look(desk, context.bot, message.chat.id)
    await say(message, *await _page(desk, _Group(message.chat.id)))
    await membership.heard(desk, message.chat.id)


async def show(desk: Desk, message: telegram.Message, chosen: Chosen) -> None:
    """Show in a private chat the settings of the group that was chosen there."""
    await _look(desk, message.get_bot(), chosen.where.id)
    await say(message, *await _page(desk, _Group(chosen.where.id, chosen)))


async def press(desk: Desk, query: telegram.CallbackQuery, message: telegram.Message, data: str) -> None:
    """Do what was pressed, if whoever pressed may, and show how things stand then."""
    found = _DATA.fullmatch(data)
    if found is None:
        await toast(query, desk.texts("pressed-old"))
        return
    verb, what = found["verb"], found["what"] or ""
    if verb == _CONSENT:
        await _consent(desk, query, message, what)
        return
    group = await _group_of(desk, query, message, found["chat"])
    if group is None:
        return
    bot = message.get_bot()
    try:
        page = await _done(desk, bot, group, verb, what)
    except TelegramError as error:
        _log.info("a setting could not be changed: %s", type(error).__name__)
        await toast(query, desk.texts("failed-press"))
        return
    if page is None:
        await toast(query, desk.texts("pressed-old"))
        return
    await toast(query)
    await say_instead(bot, (message.chat.id, message.message_id), *page)


async def _look(desk: Desk, bot: telegram.Bot, chat_id: int) -> None:
    """Let what is shown be true: the bot may have lost its hearing without being told."""
    try:
        await membership.still_hears(desk, bot, chat_id)
    except TelegramError as error:
        _log.info("what the bot hears could not be asked: %s", type(error).__name__)


async def _group_of(
    desk: Desk, query: telegram.CallbackQuery, message: telegram.Message, chat: str | None
) -> _Group | None:
    """The group that a press is about, if it is by an admin; None where it was answered already."""
    bot = message.get_bot()
    if not chat_of(message).group:
        if chat is None:
            await toast(query, desk.texts("pressed-old"))
            return None
        chosen, refusal = await group_choice.check(desk, bot, query.from_user, Purpose.SETTINGS, chat, None)
        if chosen is None:
            await toast(query, desk.texts(refusal))
            return None
        return _Group(chosen.where.id, chosen)
    refusal = ""
    try:
        if not await admins.runs(desk, bot, message.chat.id, query.from_user):
            refusal = "settings-not-yours"
    except ChatMigrated as error:
        await membership.moved(desk, error, message.chat.id)
        refusal = "settings-moved"
    except TelegramError as error:
        _log.info("who runs a group could not be asked: %s", type(error).__name__)
        refusal = "settings-failed"
    if refusal:
        await toast(query, desk.texts(refusal))
        return None
    return _Group(message.chat.id)


async def _done(desk: Desk, bot: telegram.Bot, group: _Group, verb: str, what: str) -> Page | None:
    """Do one thing and return the page that follows; None for what was never offered."""
    groups = desk.service.groups
    if verb == _AUTO and what == _ON:
        return await _auto_on(desk, bot, group)
    if verb == _AUTO and what == _OFF:
        await groups.change(group.id, auto_check=False)
    elif verb == _WEEKLY and what in {_ON, _OFF}:
        await groups.change(group.id, weekly=what == _ON)
    elif verb == _CONFIRMERS and what in set(Confirmers):
        await groups.change(group.id, confirmers=Confirmers(what))
    elif verb == _ZONE and not what:
        return await _zones(desk, group)
    elif verb == _ZONE and (zone := of_id(what)) is not None:
        await groups.change(group.id, time_zone=zone.name)
    elif verb == _LANGUAGE and not what:
        return await _languages(desk, group)
    elif verb == _LANGUAGE and what in language_names():
        await groups.change(group.id, language=what)
    elif verb != _BACK:
        return None
    return await _page(desk, group)


async def _auto_on(desk: Desk, bot: telegram.Bot, group: _Group) -> Page:
    """Switch auto-check on where the bot can do it; else say what keeps it from that, and how to change it."""
    now = await membership.hearing(bot, group.id)
    if now in {Hearing.NOTHING, Hearing.MUTED}:
        reply = compose_refusal(desk.texts) if now is Hearing.NOTHING else prompt(desk.texts, "auto-muted")
        rows = [
            [group.button(desk.texts("button-settings-again"), _AUTO, _ON)],
            [group.button(desk.texts("button-settings-back"), _BACK)],
        ]
        return reply, Markup(rows)
    await desk.service.groups.change(group.id, auto_check=True)
    return await _page(desk, group, *(["auto-readd"] if now is Hearing.OPEN else []))


async def _page(desk: Desk, group: _Group, *hints: str) -> Page:
    """The settings with their buttons."""
    # Read anew, and whatever was remembered is not true any more.
    desk.service.auto_check.changed(group.id)
    settings, texts = await desk.service.groups.settings(group.id), desk.texts
    language = language_names().get(settings.language, settings.language)
    reply = compose_settings(settings, desk.service.now(), texts, language, here=group.chosen is None, hints=hints)
    if group.chosen:
        reply = group_choice.titled(desk, group.chosen, reply)
    return reply, Markup(_rows(desk, group, settings))


def _rows(desk: Desk, group: _Group, settings: GroupSettings) -> list[list[InlineKeyboardButton]]:
    """What can be changed; a label says what pressing it does."""
    auto = _OFF if settings.auto_check else _ON
    weekly = _OFF if settings.weekly else _ON
    confirmers = Confirmers.ADMINS if settings.confirmers is Confirmers.ALL else Confirmers.ALL
    texts = desk.texts
    return [
        [group.button(texts(f"button-settings-auto-{auto}"), _AUTO, auto)],
        [group.button(texts(f"button-settings-weekly-{weekly}"), _WEEKLY, weekly)],
        [group.button(texts(f"button-settings-confirmers-{confirmers}"), _CONFIRMERS, confirmers)],
        [
            group.button(texts("button-settings-zone"), _ZONE),
            group.button(texts("button-settings-language"), _LANGUAGE),
        ],
    ]


async def _zones(desk: Desk, group: _Group) -> Page:
    """The time zones, each with the time that it is there now."""
    chosen, now = (await desk.service.groups.settings(group.id)).time_zone, desk.service.now()
    buttons = [
        group.button(label_of(zone, now, desk.texts, chosen=zone.name == chosen), _ZONE, zone.id) for zone in offered()
    ]
    return prompt(desk.texts, "settings-zones"), _choices(desk, group, buttons)


async def _languages(desk: Desk, group: _Group) -> Page:
    """The languages that there are; while there is one, that others will come."""
    names, chosen = language_names(), (await desk.service.groups.settings(group.id)).language
    buttons = [
        group.button(desk.texts("settings-chosen", name=name) if language == chosen else name, _LANGUAGE, language)
        for language, name in names.items()
    ]
    reply = prompt(desk.texts, "settings-languages" if len(names) > 1 else "settings-languages-later")
    return reply, _choices(desk, group, buttons)


def _choices(desk: Desk, group: _Group, buttons: list[InlineKeyboardButton]) -> Markup:
    rows = [buttons[at : at + _IN_A_ROW] for at in range(0, len(buttons), _IN_A_ROW)]
    return Markup([*rows, [group.button(desk.texts("button-settings-back"), _BACK)]])


async def _own(desk: Desk, message: telegram.Message) -> None:
    """Show the person's own choice, and after it the settings of the group that they run, or which of them."""
    assert message.from_user is not None
    who = presser(message.from_user)
    runs = bool(await desk.service.groups.of_admin(who))
    await say(message, *_own_page(desk, agreed=await desk.service.groups.consents(who), runs_groups=runs))
    if runs:
        chosen = await group_choice.choose(desk, message, Purpose.SETTINGS)
        if chosen is not None:
            await show(desk, message, chosen)


async def _consent(desk: Desk, query: telegram.CallbackQuery, message: telegram.Message, what: str) -> None:
    """Note what the person chose for their own reports, which is asked in private alone."""
    if chat_of(message).group or what not in {_ON, _OFF}:
        await toast(query, desk.texts("pressed-old"))
        return
    who, agreed = presser(query.from_user), what == _ON
    await desk.service.groups.set_consent(who, agreed=agreed)
    runs = bool(await desk.service.groups.of_admin(who))
    await toast(query)
    page = _own_page(desk, agreed=agreed, runs_groups=runs)
    await say_instead(message.get_bot(), (message.chat.id, message.message_id), *page)


def _own_page(desk: Desk, *, agreed: bool, runs_groups: bool) -> Page:
    what = _OFF if agreed else _ON
    button = _button(desk.texts(f"button-settings-consent-{what}"), f"{_CONSENT}/{what}")
    return compose_own(desk.texts, agreed=agreed, runs_groups=runs_groups), Markup([[button]])


def _button(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(label, callback_data=Callback(Press.SETTINGS, data).encode())
