"""The bot's own account: getMe, commands, name and descriptions, logOut, close."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from sandbox.server import wire
from sandbox.server.errors import bad_request
from sandbox.server.methods import method

if TYPE_CHECKING:
    from sandbox.server.params import Params
    from sandbox.server.state import State

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_COMMANDS_LIMIT = 100
_DESCRIPTION_LIMIT = 256
_LIMITS = {"name": 64, "description": 512, "short_description": 120}


@method("getMe")
async def get_me(state: State, _params: Params) -> dict[str, Any]:
    """The bot's User with what only itself may see."""
    return wire.user(state.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": not state.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _scope(params: Params) -> tuple[str, str]:
    scope = params.json("scope") or {"type": "default"}
    if not isinstance(scope, dict) or "type" not in scope:
        raise bad_request("can't parse BotCommandScope: Can't find field \"type\"")
    return json.dumps(scope, sort_keys=True), params.text("language_code")


@method("setMyCommands")
async def set_my_commands(state: State, params: Params) -> bool:
    """Replace the list of commands of a scope and language."""
    commands = params.array("commands")
    if commands is None:
        raise bad_request("can't parse list of bot commands: Array expected")
    if len(commands) > _COMMANDS_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 0 < len(str(command.get("description", ""))) <= _DESCRIPTION_LIMIT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    state.commands[_scope(params)] = commands
    return True


@method("getMyCommands")
async def get_my_commands(state: State, params: Params) -> list[dict[str, Any]]:
    """The commands of exactly this scope and language."""
    return state.commands.get(_scope(params), [])


@method("deleteMyCommands")
async def delete_my_commands(state: State, params: Params) -> bool:
    """Forget the commands of a scope and language."""
    state.commands.pop(_scope(params), None)
    return True


def _setter(name: str, field: str) -> None:
    @method(f"setMy{name}")
    async def set_text(state: State, params: Params) -> bool:
        text = params.text(field)
        if len(text) > _LIMITS[field]:
            raise bad_request(f"bot {field.replace('_', ' ')} is too long")
        state.profile[field, params.text("language_code")] = text
        return True

    @method(f"getMy{name}")
    async def get_text(state: State, params: Params) -> dict[str, str]:
        fallback = state.profile.get((field, ""), state.bot.first_name if field == "name" else "")
        return {field: state.profile.get((field, params.text("language_code")), fallback)}


_setter("Name", "name")
_setter("Description", "description")
_setter("ShortDescription", "short_description")


@method("logOut")
async def log_out(state: State, _params: Params) -> bool:
    """Leave this server; every later call is refused."""
    state.logged_out = True
    return True


@method("close")
async def close(_state: State, _params: Params) -> bool:
    """Close the bot instance before it moves to another server."""
    return True
