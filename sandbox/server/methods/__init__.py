"""The methods of the Bot API, one module per family."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.server.params import Params
from sandbox.server.state import State

Method = Callable[[State, Params], Awaitable[Any]]

_registry: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Register a function as the Bot API method ``name``."""

    def register(function: Method) -> Method:
        _registry[name.lower()] = function
        return function

    return register


def find(name: str) -> Method | None:
    """The method of this name; Telegram ignores case."""
    # The families register themselves when they are first asked for.
    from sandbox.server.methods import account, callbacks, chats, editing, files, polling, sending  # noqa: F401, PLC0415

    return _registry.get(name.lower())
