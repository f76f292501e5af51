"""answerCallbackQuery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.server.errors import bad_request
from sandbox.server.methods import method

if TYPE_CHECKING:
    from sandbox.server.params import Params
    from sandbox.server.state import State

_TEXT_LIMIT = 200


@method("answerCallbackQuery")
async def answer_callback_query(state: State, params: Params) -> bool:
    """Stop the button's spinner, with or without words."""
    text = params.text("text")
    if len(text) > _TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": text, "show_alert": params.flag("show_alert"), "url": params.maybe("url")}
    state.answer_query(params.text("callback_query_id"), answer)
    return True
