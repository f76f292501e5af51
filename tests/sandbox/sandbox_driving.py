"""A plain client for the sandbox and a small bot of the real library (fixtures: sandbox_fixtures)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from sandbox.server import Sandbox

AnyApplication = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE


class Api:
    """Calls the Bot API without any library between."""

    def __init__(self, sandbox: Sandbox, client: httpx.AsyncClient) -> None:
        self.sandbox = sandbox
        self.client = client

    def url(self, method: str) -> str:
        return f"{self.sandbox.base_url}/bot{self.sandbox.token}/{method}"

    async def __call__(self, method: str, **params: Any) -> Any:
        """The result, or the refusal as ``"400 Bad Request: …"``."""
        body = (await self.client.post(self.url(method), json=params)).json()
        if body["ok"]:
            return body["result"]
        return f"{body['error_code']} {body['description']}"

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        """All updates that wait, confirmed."""
        found: list[dict[str, Any]] = await self("getUpdates", **params)
        if found:
            await self("getUpdates", offset=found[-1]["update_id"] + 1)
        return found


async def _start(update: Update, _context: Context) -> None:
    assert update.message is not None
    await update.message.reply_text("您好", reply_markup=ReplyKeyboardMarkup([["查短信", "帮助"]]))


async def _echo(update: Update, _context: Context) -> None:
    message = update.effective_message
    assert message is not None
    buttons = [
        InlineKeyboardButton("确认", callback_data="yes"),
        InlineKeyboardButton("复制", copy_text=CopyTextButton("95558")),
        InlineKeyboardButton("打开", url="https://example.com/"),
    ]
    text = message.text or message.caption or "-"
    await message.reply_html(f"<b>收到</b> {len(text)}", do_quote=True, reply_markup=InlineKeyboardMarkup([buttons]))


async def _pressed(update: Update, _context: Context) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("记下了", show_alert=True)
    original = getattr(query.message, "reply_to_message", None)
    await query.edit_message_text(f"已确认:{original.text if original else '原文不在了'}")


async def _downloaded(update: Update, _context: Context) -> None:
    message = update.effective_message
    assert message is not None
    attachment = message.photo[-1] if message.photo else message.document
    assert attachment is not None
    data = await (await attachment.get_file()).download_as_bytearray()
    await message.reply_document(bytes(data), filename="echo.bin", caption=f"{len(data)} 字节")


async def _moved(update: Update, context: Context) -> None:
    assert update.my_chat_member is not None
    seen = context.bot_data.setdefault("moves", [])
    seen.append(update.my_chat_member.new_chat_member.status)


def make_application(sandbox: Sandbox) -> AnyApplication:
    """The real Application of the real library, pointed at the sandbox."""
    application: AnyApplication = (
        ApplicationBuilder()
        .token(sandbox.token)
        .base_url(sandbox.base_url + "/bot")
        .base_file_url(sandbox.base_url + "/file/bot")
        .concurrent_updates(4)
        .build()
    )
    application.add_handler(CommandHandler("start", _start))
    application.add_handler(CallbackQueryHandler(_pressed))
    application.add_handler(ChatMemberHandler(_moved))
    application.add_handler(MessageHandler(filters.PHOTO | filters.Document.ALL, _downloaded))
    application.add_handler(MessageHandler(filters.TEXT & ~filters.UpdateType.EDITED, _echo))
    return application


@contextlib.asynccontextmanager
async def polling(application: AnyApplication) -> AsyncIterator[AnyApplication]:
    """Run it by long poll."""
    assert application.updater is not None
    async with application:
        await application.start()
        await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        try:
            yield application
        finally:
            await application.updater.stop()
            await application.stop()
            # httpx closes its sockets in the next turn of the loop.
            await asyncio.sleep(0)
