"""/start, /help, /privacy and /forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.prompts import prompt
from handlers import export, keyboards, rescue
from handlers.desk import desk_of
from handlers.incoming import presser
from handlers.send import say, say_instead

if TYPE_CHECKING:
    import telegram

    from handlers.desk import Context, Desk


async def start(update: telegram.Update, context: Context) -> None:
    """Say what the bot does, or open what a deep link names."""
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    link, _, rest = " ".join(context.args or ()).partition("_")
    if link == rescue.LINK:
        assert message.from_user is not None
        await rescue.tell(desk, message, presser(message.from_user), check_id=rest or None)
        return
    if link == export.LINK:
        await export.linked(desk, message, rest)
        return
    await say(message, prompt(desk.texts, "start"), keyboards.reply_keyboard(desk.texts))


async def help_(update: telegram.Update, context: Context) -> None:
    """Say how it is used."""
    await _tell(update, context, "help", keyboard=True)


async def privacy(update: telegram.Update, context: Context) -> None:
    """Say what is kept."""
    await _tell(update, context, "privacy")


async def ask_for_sms(update: telegram.Update, context: Context) -> None:
    """Say how an SMS gets here."""
    await _tell(update, context, "prompt-check")


async def unknown(update: telegram.Update, context: Context) -> None:
    """Answer a command that does not exist."""
    await _tell(update, context, "unknown-command")


async def forget(update: telegram.Update, context: Context) -> None:
    """Ask before everything of the person is deleted."""
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    await say(message, prompt(desk.texts, "forget-ask"), keyboards.forget_buttons(desk.texts))


async def forget_now(desk: Desk, message: telegram.Message, user: telegram.User) -> None:
    """Delete everything of the person and say what it was, in place of the question."""
    gone = await desk.service.forget(presser(user))
    desk.memory.answered.pop((message.chat.id, user.id))
    if not gone.anything:
        reply = prompt(desk.texts, "forget-nothing")
    else:
        reply = prompt(
            desk.texts,
            "forget-done",
            checks=str(gone.checks),
            reports=str(gone.reports),
            corrections=str(gone.corrections),
        )
    chat = prompt(desk.texts, "forget-chat")
    await say_instead(
        message.get_bot(), (message.chat.id, message.message_id), type(reply)((*reply.lines, *chat.lines))
    )


async def _tell(update: telegram.Update, context: Context, key: str, *, keyboard: bool = False) -> None:
    message = update.effective_message
    assert message is not None
    texts = desk_of(context).texts
    await say(message, prompt(texts, key), keyboards.reply_keyboard(texts) if keyboard else None)
