"""/rescue, 我被骗了, 我已经被骗 and whoever writes of it: the case is opened, and the page that it is at is shown."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.helpers import create_deep_linked_url

from bot.errors import StoreError
from bot.reply.prompts import prompt
from bot.rescue.cards import danger_card, later_card
from bot.rescue.reply import compose_page, compose_without_record
from bot.rescue.told import Danger, read
from handlers import keyboards
from handlers.desk import desk_of
from handlers.incoming import chat_of, presser
from handlers.send import say, say_instead

if TYPE_CHECKING:
    import telegram

    from bot.reply.model import Reply
    from bot.rescue.told import Told
    from bot.service.rescue import View
    from bot.service.types import Person
    from handlers.desk import Context, Desk

_log = logging.getLogger(__name__)

LINK = "rescue"
"""The deep link that opens the case; a check's id may follow after an underline."""


async def command(update: telegram.Update, context: Context) -> None:
    """Open the case, or in a group the way to the private chat."""
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    if chat_of(message).group:
        await point_to_private(desk, message)
        return
    assert message.from_user is not None
    await tell(desk, message, presser(message.from_user))


async def tell(
    desk: Desk,
    message: telegram.Message,
    who: Person,
    *,
    told: Told | None = None,
    check_id: str | None = None,
    named: str | None = None,
) -> None:
    """Answer a message with the page that the person's case is at."""
    try:
        view = await desk.rescue.open(who, told, check_id=check_id, named=named)
    except StoreError as error:
        # Somebody who was robbed is told whom to call, whatever state the database is in.
        _log.error("a case could not be opened: %s", type(error).__name__)
        reply = compose_without_record(desk.rescue.book, desk.texts)
        await say(message, reply, keyboards.under(reply, desk.texts))
        return
    await show(desk, message, view)


async def show(desk: Desk, message: telegram.Message, view: View) -> None:
    """Answer a message with the page of a case."""
    reply = compose_page(view.case, desk.rescue.book, desk.texts, view.now)
    await say(message, reply, keyboards.under(reply, desk.texts))


async def put(desk: Desk, message: telegram.Message, reply: Reply) -> None:
    """Show a reply in place of what a message said."""
    place = (message.chat.id, message.message_id)
    await say_instead(message.get_bot(), place, reply, keyboards.under(reply, desk.texts))


async def listen(desk: Desk, message: telegram.Message, text: str) -> None:
    """Answer somebody who tells in their own words what happened to them."""
    assert message.from_user is not None
    told = read(text)
    mentioned = desk.knowledge.directory.mentions(text)
    named = next((found.institutions[0] for found in mentioned if len(found.institutions) == 1), None)
    await tell(desk, message, presser(message.from_user), told=told, named=named)


async def comfort(desk: Desk, message: telegram.Message, text: str) -> None:
    """Answer somebody whose life may be in danger: human words first and alone, then what can be done."""
    assert message.from_user is not None
    who, told = presser(message.from_user), read(text)
    region = None
    try:
        view = await desk.rescue.current(who)
        region = view.case.region if view else None
    except StoreError:
        _log.error("the region of somebody in danger could not be looked up")
    reply = danger_card(told.danger or Danger.LIFE, desk.texts, helper=told.helper, region=region)
    await say(message, reply, keyboards.under(reply, desk.texts))
    try:
        view = await desk.rescue.open(who, told, straight=bool(told.situations))
    except StoreError as error:
        _log.error("a case could not be opened: %s", type(error).__name__)
        return
    if view.case.situations:
        await show(desk, message, view)
        return
    later = later_card(view.case, desk.texts)
    await say(message, later, keyboards.under(later, desk.texts))


async def point_to_private(desk: Desk, message: telegram.Message) -> None:
    """Say in a group, without a word on what happened, where it can be told."""
    url = create_deep_linked_url(message.get_bot().username, LINK)
    button = InlineKeyboardButton(desk.texts("rescue-group-button"), url=url)
    await say(message, prompt(desk.texts, "rescue-group"), InlineKeyboardMarkup([[button]]))
