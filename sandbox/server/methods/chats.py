"""What a bot can learn about a chat, and leaving it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.server import wire
from sandbox.server.errors import bad_request, forbidden
from sandbox.server.methods import method
from sandbox.server.model import Chat, Member

if TYPE_CHECKING:
    from sandbox.server.params import Params
    from sandbox.server.state import State


def _readable(state: State, params: Params) -> Chat:
    chat = state.find_chat(params.text("chat_id"))
    if chat.peer is None:
        mine = chat.members.get(state.bot.id)
        if mine is not None and mine.status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if mine is None or not mine.present:
            raise forbidden(f"bot is not a member of the {chat.type} chat")
    elif not chat.started:
        raise bad_request("chat not found")
    return chat


@method("getChat")
async def get_chat(state: State, params: Params) -> dict[str, Any]:
    """All about a chat."""
    return wire.full_chat(_readable(state, params))


@method("getChatMember")
async def get_chat_member(state: State, params: Params) -> dict[str, Any]:
    """Somebody's place in a chat."""
    chat = _readable(state, params)
    account = state.accounts.get(params.integer("user_id"))
    if account is None:
        raise bad_request("invalid user_id specified" if not params.text("user_id") else "user not found")
    if chat.peer is not None:
        return wire.member(Member(account))
    member = chat.members.get(account.id)
    if member is None:
        return wire.member(Member(account, "left"))
    return wire.member(member)


@method("getChatAdministrators")
async def get_chat_administrators(state: State, params: Params) -> list[dict[str, Any]]:
    """The creator and the administrators, other bots left out."""
    chat = _readable(state, params)
    if chat.peer is not None:
        raise bad_request("there are no administrators in the private chat")
    admins = [m for m in chat.members.values() if m.admin and (not m.account.is_bot or m.account is state.bot)]
    return [wire.member(member) for member in admins]


@method("getChatMemberCount")
async def get_chat_member_count(state: State, params: Params) -> int:
    """How many are in a chat."""
    chat = _readable(state, params)
    return 2 if chat.peer is not None else sum(member.present for member in chat.members.values())


@method("leaveChat")
async def leave_chat(state: State, params: Params) -> bool:
    """Leave a group."""
    chat = _readable(state, params)
    if chat.peer is not None:
        raise bad_request("chat member status can't be changed in private chats")
    state.change_member(chat, state.bot, state.bot, status="left")
    return True
