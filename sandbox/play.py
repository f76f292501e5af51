"""A short real conversation, played through the running bot."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from sandbox.texts import load, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.server import Message
    from sandbox.world import Role, World

PATIENCE = 15.0
QUIET = 0.2


class StepError(Exception):
    """The bot did not answer a step as it should."""


async def _press(role: Role, label: str) -> str:
    with_it = [message for message in role.room.from_bot if message.button(label) is not None]
    if not with_it:
        raise StepError(label)
    try:
        answer = await role.person.press(with_it[-1], label, timeout=PATIENCE)
    except TimeoutError:
        raise StepError(label) from None
    return say("chat", "alert" if answer.show_alert else "toast", text=answer.text) if answer.text else ""


async def _write(role: Role, step: dict[str, Any]) -> Message:
    person, group = role.person, role.group
    if "forward" in step:
        return await person.send(step["forward"], group, forward_name=say("roles", "hidden_sender"))
    if "reply" in step:
        theirs = [message for message in role.room.messages if not message.from_bot]
        return await person.send(step["reply"], group, reply_to=theirs[-1])
    return await person.send(step["send"], group)


async def _expect(role: Role, step: dict[str, Any], known: set[int]) -> None:
    """Any of the bot's new messages may be the one: it may greet or say "please wait" first."""
    wanted = step.get("expect", [])

    def fits(message: Message) -> bool:
        return message.id not in known and all(word in message.text for word in wanted)

    try:
        await role.room.wait_for(fits, PATIENCE)
    except TimeoutError:
        raise StepError("、".join(wanted)) from None


async def _do(world: World, step: dict[str, Any], write: Callable[[str], None]) -> None:
    role = world.roles[step["role"]]
    known = {message.id for message in role.room.from_bot}
    if "press" in step:
        write(say("chat", "presses", name=role.person.name, label=step["press"]))
        if notice := await _press(role, step["press"]):
            write(notice)
        await _expect(role, step, set())
        return
    await _write(role, step)
    if not step.get("silent"):
        await _expect(role, step, known)


async def play(world: World, write: Callable[[str], None]) -> bool:
    """Play it; True when every expected reply came."""
    steps: list[dict[str, Any]] = load()["play"]
    for number, step in enumerate(steps, 1):
        try:
            await _do(world, step, write)
        except StepError as error:
            write(say("frame", "failed", step=number))
            write(say("frame", "missing", wanted=error))
            return False
        # Edits and second messages that belong to the step.
        with contextlib.suppress(TimeoutError):
            await world.sandbox.idle(timeout=PATIENCE, quiet=QUIET)
    write(say("frame", "played", count=len(steps)))
    return True
