"""A message in, a verdict out; and the right answer to what is no SMS."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.errors import StoreError
from bot.joining import Job, Piece, join
from bot.judge import judge
from bot.reply.model import Action
from bot.reply.prompts import prompt
from bot.reply.verdict import compose_verdict
from bot.service.inbox import current
from bot.service.types import Limited
from bot.triage import Kind, sender_in, signed, triage
from handlers import keyboards, rescue, sheet
from handlers.burst import Item, Key
from handlers.desk import desk_of
from handlers.incoming import chat_of, person_of, sms_of, text_of
from handlers.memory import Answered
from handlers.send import say, say_instead

if TYPE_CHECKING:
    import telegram

    from bot.model import Sms
    from handlers.desk import Context, Desk

_log = logging.getLogger(__name__)

PROMPTS = {
    Kind.GREETING: "prompt-greeting",
    Kind.QUESTION: "prompt-question",
    Kind.LEAD_IN: "prompt-lead-in",
    Kind.NUMBER: "prompt-number",
    Kind.TOO_SHORT: "prompt-too-short",
    Kind.BUTTON: "prompt-check",
}


def source_of(update: telegram.Update, message: telegram.Message) -> str:
    """Return what names this cause for good: a second delivery of the update has no second effect."""
    return f"telegram:{update.update_id}:{message.message_id}"


async def private(update: telegram.Update, context: Context) -> None:
    """Take a text or a caption in a private chat onto the person's pile; answered when that is done."""
    message = update.effective_message
    assert message is not None
    desk, me = desk_of(context), context.bot.username
    text = text_of(message, me)
    kind = triage(text, forwarded=message.forward_origin is not None)
    item = Item(
        message,
        text,
        kind,
        source_of(update, message),
        asyncio.get_running_loop().time(),
        asyncio.get_running_loop().create_future(),
    )
    key = key_of(message)
    # Where nothing is waited for, the answer is there as soon as the sign would be.
    if desk.burst.quiet and not desk.burst.waiting(key):
        context.application.create_task(show_typing(message), update)
    await desk.burst.add(key, item, _is_answer(desk, message, text, kind))


async def command(update: telegram.Update, context: Context) -> None:
    """Answer ``/check`` with the text behind it, or as an answer to the message in question."""
    message = update.effective_message
    assert message is not None
    await _spoken_to(update, context, message)


async def mention(update: telegram.Update, context: Context) -> None:
    """Answer a mention in a group, with the text behind it or as an answer to the message in question."""
    message = update.effective_message
    assert message is not None
    await _spoken_to(update, context, message)


async def picture(update: telegram.Update, context: Context) -> None:
    """Say once how to send the words of a picture instead."""
    message = update.effective_message
    assert message is not None
    desk, now = desk_of(context), asyncio.get_running_loop().time()
    told = desk.memory.pictures.get(message.chat.id)
    desk.memory.pictures.put(message.chat.id, now)
    if told is None or now - told > desk.burst.companion:
        await say(message, prompt(desk.texts, "prompt-photo"))


async def other(update: telegram.Update, context: Context) -> None:
    """Say what to send instead of a sticker, a voice message or a file."""
    message = update.effective_message
    assert message is not None
    await say(message, prompt(desk_of(context).texts, "prompt-other"))


async def _is_answer(desk: Desk, message: telegram.Message, text: str, kind: Kind) -> bool:
    """Take a text as the answer to what /rescue asked; without a database nothing was asked."""
    if message.forward_origin is not None or not message.text or kind is Kind.DANGER or signed(text):
        return False
    try:
        return await sheet.heard(desk, message, text)
    except StoreError as error:
        _log.error("an answer could not be looked up: %s", type(error).__name__)
        return False


def key_of(message: telegram.Message) -> Key:
    """Return whose pile a message lies on."""
    return message.chat.id, message.from_user.id if message.from_user else 0


async def answer_pile(desk: Desk, bot: telegram.Bot, key: Key, items: list[Item]) -> None:
    """Answer one person's messages of one moment, each SMS once and in order."""
    if await _late_number(desk, key, items):
        return
    # What happened is told in one message after the other; all of it together says what to do.
    cry = "\n".join(item.text for kind in (Kind.DANGER, Kind.VICTIM) for item in items if item.kind is kind)
    for job in join([Piece(item.kind, item.text) for item in items]):
        item = items[job.piece]
        current.set(item.run)  # each is written down by itself
        try:
            await _answer(desk, bot.username, key, item, job, cry)
        except Exception as error:  # noqa: BLE001 - raised again where this message is waited for
            if not item.done.done():
                item.done.set_exception(error)
        else:
            if not item.done.done():
                item.done.set_result(None)


async def check_now(
    desk: Desk, sms: Sms, source: str, target: telegram.Message, asker: telegram.Message
) -> Answered | None:
    """Judge, record and answer to ``target``; None where the person asks too often."""
    try:
        checked = await desk.service.check(sms, person_of(asker), chat_of(asker), source)
    except StoreError as error:
        # Judging needs no database: the person is answered, only nothing can be recorded.
        _log.error("a check could not be recorded: %s", type(error).__name__)
        reply = compose_verdict(sms, judge(sms, desk.knowledge), desk.texts, desk.knowledge)
        reply = replace(reply, actions=(Action.VICTIM,))
        await say(target, reply, keyboards.under(reply, desk.texts))
        return None
    if isinstance(checked, Limited):
        if checked.first:
            await say(asker, prompt(desk.texts, "limited", seconds=str(checked.retry_after)))
        return None
    reply = compose_verdict(sms, checked.verdict, desk.texts, desk.knowledge)
    said = await say(target, reply, keyboards.under(reply, desk.texts, checked.check_id, sms.sender))
    if said is None:
        return None
    return Answered(sms, checked.check_id, said.message_id, asyncio.get_running_loop().time())


async def show_typing(message: telegram.Message) -> None:
    """Let the person see that something is being done."""
    with contextlib.suppress(TelegramError):
        await message.get_bot().send_chat_action(message.chat.id, ChatAction.TYPING)


async def _answer(desk: Desk, me: str, key: Key, item: Item, job: Job, cry: str) -> None:
    if job.kind is Kind.SMS:
        sms = sms_of(item.message, me, job.sender)
        answered = await check_now(desk, sms, item.source, item.message, item.message)
        if answered is not None:
            desk.memory.answered.put(key, answered)
            # The text of an SMS stays no longer than its number may still come.
            asyncio.get_running_loop().call_later(3 * desk.burst.companion, desk.memory.answered.drop, key, answered)
    elif job.kind is Kind.DANGER:
        await rescue.comfort(desk, item.message, cry)
    elif job.kind is Kind.VICTIM:
        await rescue.listen(desk, item.message, cry)
    else:
        markup = keyboards.reply_keyboard(desk.texts) if job.kind is Kind.GREETING else None
        await say(item.message, prompt(desk.texts, PROMPTS[job.kind]), markup)


async def _late_number(desk: Desk, key: Key, items: list[Item]) -> bool:
    """Judge the SMS just answered again if all that came is its sender, and put the answer right."""
    jobs = join([Piece(item.kind, item.text) for item in items])
    numbers = [item for item in items if item.kind is Kind.NUMBER]
    before = desk.memory.answered.get(key)
    if before is None or before.sms.sender or len(jobs) != 1 or jobs[0].kind is not Kind.NUMBER:
        return False
    if numbers[0].arrived - before.at > desk.burst.companion:
        return False
    sms = replace(before.sms, sender=sender_in(numbers[0].text))
    verdict = await desk.service.judge(sms)
    reply = compose_verdict(sms, verdict, desk.texts, desk.knowledge)
    markup = keyboards.under(reply, desk.texts, before.check_id, sms.sender)
    await say_instead(items[0].message.get_bot(), (key[0], before.reply_id), reply, markup)
    desk.memory.answered.pop(key)
    return True


async def _spoken_to(update: telegram.Update, context: Context, message: telegram.Message) -> None:
    """Check what a command or a mention points at: the message answered to, else the words behind it."""
    desk, me = desk_of(context), context.bot.username
    target = message.reply_to_message
    if target is not None and (target.from_user is None or target.from_user.id != context.bot.id):
        if _judgeable(text_of(target, me), written_by_others=True):
            await check_now(desk, sms_of(target, me), source_of(update, message), target, message)
            return
        if target.photo and not target.caption:
            await say(message, prompt(desk.texts, "prompt-photo"))
            return
    if _judgeable(text_of(message, me), written_by_others=False):
        await check_now(desk, sms_of(message, me), source_of(update, message), message, message)
        return
    group = chat_of(message).group
    if group and triage(text_of(message, me)) in {Kind.DANGER, Kind.VICTIM}:
        await rescue.point_to_private(desk, message)
        return
    await say(message, prompt(desk.texts, "prompt-check-group" if group else "prompt-check"))


def _judgeable(text: str, *, written_by_others: bool) -> bool:
    return triage(text, forwarded=written_by_others) is Kind.SMS
