"""The buttons under a verdict. Everything needed is in the press itself: they work after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import telegram
from telegram.constants import ChatType
from telegram.error import ChatMigrated
from telegram.helpers import create_deep_linked_url

from bot.reply.prompts import prompt
from bot.reply.verdict import compose_verdict
from bot.service.types import Limited, Outcome
from handlers import (
    admins,
    export,
    group_choice,
    hotline,
    keyboards,
    membership,
    owner,
    report,
    rescue,
    rescue_press,
    settings,
    start,
    weekly,
)
from handlers.callback import Callback, Press, decode
from handlers.desk import desk_of
from handlers.group_choice import Purpose
from handlers.incoming import chat_of, presser, sms_of
from handlers.send import harmless, say_instead, toast

if TYPE_CHECKING:
    from bot.model import Sms
    from bot.reply.model import Reply
    from bot.service.types import Confirmation
    from handlers.desk import Context, Desk

_SAID = {
    Outcome.ALREADY: "pressed-already",
    Outcome.OTHER_TEXT: "pressed-other-text",
    Outcome.UNKNOWN: "pressed-unknown",
    Outcome.QUOTA: "pressed-quota",
}

_IN_GROUP = {
    Purpose.REPORT: report.tell,
    Purpose.EXPORT: export.give,
    Purpose.SUBSCRIBE: weekly.switch,
    Purpose.UNSUBSCRIBE: weekly.switch,
    Purpose.SETTINGS: settings.show,
}


async def press(update: telegram.Update, context: Context) -> None:
    """Do what was pressed and say so; a press that can no longer be served is answered politely."""
    query = update.callback_query
    assert query is not None
    callback, message = decode(query.data), query.message
    if callback is None or not isinstance(message, telegram.Message):
        await toast(query, desk_of(context).texts("pressed-old"))
        return
    await _Press(desk_of(context), query, message, callback, f"telegram:{update.update_id}:{query.id}").serve()


class _Press:
    """One press on its way."""

    def __init__(
        self,
        desk: Desk,
        query: telegram.CallbackQuery,
        message: telegram.Message,
        callback: Callback,
        source: str,
    ) -> None:
        self.desk, self.query, self.message, self.callback, self.source = (
            desk,
            query,
            message,
            callback,
            source,
        )
        self.me = message.get_bot().username
        self.who, self.where = presser(query.from_user), chat_of(message)

    async def serve(self) -> None:
        doing = {
            Press.CONFIRM: self.confirm,
            Press.DENY: self.deny,
            Press.VICTIM: self.victim,
            Press.MORE: self.more,
            Press.WRONG_NUMBER: self.complain,
            Press.RECHECK: self.recheck,
            Press.DONE: self.done,
            Press.FORGET: self.forget,
            Press.KEEP: self.keep,
            Press.KIND: self.kind,
            Press.RESCUE: self.case,
            Press.REVIEW: self.review,
            Press.GROUP: self.group,
            Press.SETTINGS: self.settings,
            Press.WHY: self.why,
        }
        await doing[self.callback.press]()

    @property
    def sms(self) -> Sms | None:
        """The SMS that the message with the buttons answers to; None if it is gone."""
        original = self.message.reply_to_message
        if original is None:
            return None
        sms = sms_of(original, self.me, self.callback.sender)
        return sms if sms.text else None

    async def confirm(self) -> None:
        """确认是诈骗: a report."""
        sms = self.sms
        if sms is None:
            await self.say("pressed-gone")
            return
        admin = await self.is_admin()
        result = await self.desk.service.confirm(
            self.callback.about, sms, self.who, self.where, admin=admin, source=self.source
        )
        recorded = "pressed-confirmed" if result.confirmed else "pressed-reported"
        await self.recorded(result, recorded)

    async def deny(self) -> None:
        """不是诈骗: a correction; it needs no text."""
        sms = self.sms
        admin = await self.is_admin()
        result = await self.desk.service.dispute(
            self.callback.about, sms, self.who, self.where, admin=admin, source=self.source
        )
        await self.recorded(result, "pressed-corrected")

    async def recorded(self, result: Confirmation, said: str) -> None:
        """Say how a vote ended, and show it in the buttons."""
        await self.say(_SAID.get(result.outcome, said))
        if result.outcome not in (Outcome.RECORDED, Outcome.ALREADY):
            return
        markup = keyboards.after_vote(
            self.message.reply_markup, self.callback.press, self.desk.texts, group=self.where.group
        )
        async with harmless():
            await self.message.edit_reply_markup(markup)

    async def more(self) -> None:
        """更多依据: all evidence in place of the main reasons."""
        sms = self.sms
        if sms is None:
            await self.say("pressed-gone")
            return
        if await self.desk.service.is_about(self.callback.about, sms) is False:
            await self.say("pressed-other-text")
            return
        verdict = await self.desk.service.judge(sms)
        reply = compose_verdict(sms, verdict, self.desk.texts, self.desk.knowledge, more=True)
        await toast(self.query)
        await self.put(reply, keyboards.without(self.message.reply_markup, Press.MORE))

    async def why(self) -> None:
        """为什么: the whole verdict in place of the one line, unless its writer has made another text of it since."""
        sms, check_id = self.sms, self.callback.about
        if sms is None:
            await self.say("pressed-gone")
            return
        same = await self.desk.service.is_about(check_id, sms)
        if not same:
            await self.say("pressed-unknown" if same is None else "pressed-other-text")
            return
        reply = compose_verdict(sms, await self.desk.service.judge(sms), self.desk.texts, self.desk.knowledge)
        await toast(self.query)
        await self.put(reply, keyboards.under(reply, self.desk.texts, check_id))

    async def recheck(self) -> None:
        """重新查一次: a new check of the message as it is now."""
        sms = self.sms
        if sms is None:
            await self.say("pressed-gone")
            return
        checked = await self.desk.service.check(sms, self.who, self.where, self.source)
        if isinstance(checked, Limited):
            await toast(self.query, self.desk.texts("limited-press", seconds=str(checked.retry_after)))
            return
        reply = compose_verdict(sms, checked.verdict, self.desk.texts, self.desk.knowledge)
        await toast(self.query)
        await self.put(reply, keyboards.under(reply, self.desk.texts, checked.check_id, sms.sender))

    async def complain(self) -> None:
        """号码不对."""
        outcome = await self.desk.service.complain(self.callback.about, self.who, self.where, self.source)
        await self.say(_SAID.get(outcome, "pressed-wrong-number"))

    async def victim(self) -> None:
        """我已经被骗: in a group nothing is said aloud, the private chat opens instead."""
        check_id = self.callback.about
        if not self.where.group:
            await toast(self.query)
            await rescue.tell(self.desk, self.message, self.who, check_id=check_id)
            return
        link = f"{rescue.LINK}_{check_id}" if check_id else rescue.LINK
        async with harmless():
            await self.query.answer(url=create_deep_linked_url(self.me, link))

    async def case(self) -> None:
        """A button on the page of a case."""
        await rescue_press.press(self.desk, self.query, self.message, self.callback.about)

    async def review(self) -> None:
        """A button of the owners' desk."""
        await owner.press(self.desk, self.query, self.message, self.callback.about)

    async def group(self) -> None:
        """One of the groups that the person runs."""
        chosen = await group_choice.pressed(self.desk, self.query, self.message, self.callback.about)
        if chosen is not None:
            await _IN_GROUP[chosen.purpose](self.desk, self.message, chosen)

    async def settings(self) -> None:
        """A button of /settings."""
        await settings.press(self.desk, self.query, self.message, self.callback.about)

    async def done(self) -> None:
        """A label that was pressed again."""
        await self.say("pressed-already")

    async def forget(self) -> None:
        """Delete everything of this person."""
        if self.message.chat.type == ChatType.PRIVATE:
            await toast(self.query)
            await start.forget_now(self.desk, self.message, self.query.from_user)

    async def keep(self) -> None:
        """Delete nothing after all."""
        await toast(self.query)
        await self.put(prompt(self.desk.texts, "pressed-forget-kept"))

    async def kind(self) -> None:
        """Show the hotlines of a kind of institution."""
        await toast(self.query)
        await hotline.tell_kind(self.desk, self.message, self.callback.about)

    async def is_admin(self) -> bool:
        if not self.where.group:
            return False
        bot, user = self.message.get_bot(), self.query.from_user.id
        try:
            return await admins.counts(self.desk, bot, self.where.id, user)
        except ChatMigrated as error:
            return await admins.counts(self.desk, bot, await membership.moved(self.desk, error, self.where.id), user)

    async def say(self, key: str) -> None:
        await toast(self.query, self.desk.texts(key))

    async def put(self, reply: Reply, markup: telegram.InlineKeyboardMarkup | None = None) -> None:
        await say_instead(self.message.get_bot(), (self.message.chat.id, self.message.message_id), reply, markup)
