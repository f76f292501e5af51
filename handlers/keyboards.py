"""Buttons: under a reply, and the keyboard that stands for the commands."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bot.reply.model import Action
from handlers.callback import Callback, Press, decode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.institutions import Kind
    from bot.reply.model import Reply
    from bot.texts import Texts

KEYS = (("key-check", "key-rescue"), ("key-hotline", "key-help"), ("key-privacy", "key-forget"))
_ROWS = (
    (Action.CONFIRM, Action.DENY),
    (Action.VICTIM, Action.MORE),
    (Action.WRONG_NUMBER,),
    (Action.RECHECK,),
)
_VOTES = (Press.CONFIRM, Press.DENY, Press.DONE)
_PRESSES = {
    Action.CONFIRM: Press.CONFIRM,
    Action.DENY: Press.DENY,
    Action.VICTIM: Press.VICTIM,
    Action.MORE: Press.MORE,
    Action.WRONG_NUMBER: Press.WRONG_NUMBER,
    Action.RECHECK: Press.RECHECK,
}


def reply_keyboard(texts: Texts) -> ReplyKeyboardMarkup:
    """Return the keyboard below the input field."""
    rows = [[KeyboardButton(texts(key)) for key in row] for row in KEYS]
    return ReplyKeyboardMarkup(rows, resize_keyboard=True, is_persistent=True)


def labels(texts: Texts) -> dict[str, str]:
    """Return the reply keyboard's labels and their keys."""
    return {texts(key): key for row in KEYS for key in row}


def under(reply: Reply, texts: Texts, check_id: str = "", sender: str | None = None) -> InlineKeyboardMarkup | None:
    """Return the buttons of a reply: numbers to copy first, then what can be done."""
    return _markup(
        [
            *copy_rows(reply.copy, texts),
            *_action_rows(reply.actions, texts, check_id, sender),
            *([_button(choice.label, Callback(Press.RESCUE, choice.data)) for choice in row] for row in reply.choices),
        ]
    )


def after_vote(
    markup: InlineKeyboardMarkup | None, vote: Press, texts: Texts, *, group: bool
) -> InlineKeyboardMarkup | None:
    """Return a verdict's buttons after somebody confirmed or denied.

    In a private chat what was recorded stands in place of the vote, and the other vote stays for who pressed the
    wrong one; in a group others may still vote.
    """
    rows: list[list[InlineKeyboardButton]] = []
    for row in markup.inline_keyboard if markup else ():
        votes = [found for button in row if (found := decode(_data(button))) and found.press in _VOTES]
        rows.append(_voted(votes[0], vote, texts, group=group) if votes else list(row))
    return _markup(rows)


def _voted(about: Callback, vote: Press, texts: Texts, *, group: bool) -> list[InlineKeyboardButton]:
    confirm = _button(texts("button-confirm"), replace(about, press=Press.CONFIRM))
    deny = _button(texts("button-deny"), replace(about, press=Press.DENY))
    done = replace(about, press=Press.DONE)
    if vote is Press.DENY:
        return [confirm, deny if group else _button(texts("button-recorded-genuine"), done)]
    if group:
        return [_button(texts("button-confirm-too"), replace(about, press=Press.CONFIRM)), deny]
    return [_button(texts("button-recorded-scam"), done), deny]


def without(markup: InlineKeyboardMarkup | None, press: Press) -> InlineKeyboardMarkup | None:
    """Return a keyboard without the button of one kind."""
    rows = [
        [button for button in row if (found := decode(_data(button))) is None or found.press is not press]
        for row in (markup.inline_keyboard if markup else ())
    ]
    return _markup([row for row in rows if row])


def forget_buttons(texts: Texts) -> InlineKeyboardMarkup:
    """Return the question whether to delete everything, as buttons."""
    yes = _button(texts("button-forget-yes"), Callback(Press.FORGET))
    no = _button(texts("button-forget-no"), Callback(Press.KEEP))
    return InlineKeyboardMarkup([[yes], [no]])


def why_button(texts: Texts, check_id: str) -> InlineKeyboardMarkup:
    """Return the one button below what was pointed out unasked."""
    return InlineKeyboardMarkup([[_button(texts("button-why"), Callback(Press.WHY, check_id))]])


def kind_buttons(kinds: Iterable[Kind]) -> InlineKeyboardMarkup:
    """Return the kinds of institutions, two in a row."""
    buttons = [_button(kind.label, Callback(Press.KIND, kind.id)) for kind in kinds]
    return InlineKeyboardMarkup([buttons[at : at + 2] for at in range(0, len(buttons), 2)])


def copy_rows(numbers: Iterable[str], texts: Texts) -> list[list[InlineKeyboardButton]]:
    """Return buttons that copy a number, two in a row."""
    buttons = [_copy_button(texts("button-copy", number=number), number) for number in numbers]
    return [buttons[at : at + 2] for at in range(0, len(buttons), 2)]


def _action_rows(
    actions: tuple[Action, ...], texts: Texts, check_id: str, sender: str | None
) -> list[list[InlineKeyboardButton]]:
    rows = (
        [
            _button(texts(f"button-{action.value}"), Callback(_PRESSES[action], check_id, sender))
            for action in row
            if action in actions
        ]
        for row in _ROWS
    )
    return [row for row in rows if row]


class _Button(InlineKeyboardButton):
    """A button of ours: as JSON without the library's search through all that buttons in general can have."""

    __slots__ = ()

    def to_dict(self, recursive: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002, ARG002  the library's
        if self.copy_text is not None:
            return {"text": self.text, "copy_text": {"text": self.copy_text.text}}
        return {"text": self.text, "callback_data": self.callback_data}


class _Markup(InlineKeyboardMarkup):
    """Rows of any buttons, as JSON in one step."""

    __slots__ = ()

    def to_dict(self, recursive: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002
        return {"inline_keyboard": [[button.to_dict(recursive) for button in row] for row in self.inline_keyboard]}


def _button(label: str, callback: Callback) -> InlineKeyboardButton:
    return _Button(label, callback_data=callback.encode())


@lru_cache(maxsize=512)
def _copy_button(label: str, number: str) -> InlineKeyboardButton:
    # Of few numbers, and the dearest to make.
    return _Button(label, copy_text=CopyTextButton(number))


def _data(button: InlineKeyboardButton) -> str | None:
    return button.callback_data if isinstance(button.callback_data, str) else None


def _markup(rows: list[list[InlineKeyboardButton]]) -> InlineKeyboardMarkup | None:
    return _Markup(rows) if rows else None
