"""A bot just able enough to have the played conversation, run as a process by the tests of the chat."""

import os
import sys
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

Context = ContextTypes.DEFAULT_TYPE
BUTTONS = InlineKeyboardMarkup(
    [[InlineKeyboardButton(label, callback_data="yes") for label in ("确认是诈骗", "⏰ 1 小时内", "招商银行")]]
)


async def start(update: Update, _context: Context) -> None:
    assert update.message is not None
    await update.message.reply_html("<b>我不会主动找您</b>,不收钱,不要验证码。")


async def verdict(update: Update, _context: Context) -> None:
    if update.message is None:
        return
    if update.message.text == "崩溃":
        sys.stderr.write("Traceback: 故意的\n")
        os._exit(3)
    await update.message.reply_html(
        "很可能是诈骗。先打您的银行挂失。官方电话 <code>95558</code>", reply_markup=BUTTONS, do_quote=True
    )


async def pressed(update: Update, _context: Context) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("已记下", show_alert=True)
    await update.callback_query.edit_message_text("已记下,谢谢。95558 哪家 95555 照着念", reply_markup=BUTTONS)


async def report(update: Update, _context: Context) -> None:
    assert update.message is not None
    await update.message.reply_text("近七天:确认诈骗 1")


def main() -> None:
    if "--broken" in sys.argv:
        sys.stderr.write("settings are wrong\n")
        sys.exit(2)
    url = os.environ["ZHENDEMA_API_URL"]
    application: Any = ApplicationBuilder().token(os.environ["ZHENDEMA_TOKEN"]).base_url(f"{url}/bot").build()
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CommandHandler("report", report if "--silent" not in sys.argv else pressed))
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(filters.TEXT, verdict))
    application.run_polling()


main()
