"""``python -m sandbox``: the bot to try out, on this machine, without a token."""

from __future__ import annotations

import argparse
import asyncio
import json
import shlex
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.bot_process import COMMAND, BotProcess
from sandbox.chat import Chat
from sandbox.play import play
from sandbox.server import Sandbox
from sandbox.terminal import above_prompt, keyboard, plain
from sandbox.texts import say
from sandbox.watch import Watcher
from sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

START_LIMIT = 60.0


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--bot", help="command that runs the bot (default: the bot of this project)")
    parser.add_argument("--play", action="store_true", help="play the conversation even on a terminal")
    parser.add_argument("--serve", action="store_true", help="only the server; prints its address and token")
    parser.add_argument("--token", default="", help="token that the server takes (default: a fresh one)")
    parser.add_argument("--port", type=int, default=0, help="port of the Bot API server (default: a free one)")
    parser.add_argument("--keep", type=Path, help="folder for the database (default: a temporary one)")
    return parser.parse_args(given)


async def _played(world: World) -> bool:
    watcher = Watcher(world, plain, colour=sys.stdout.isatty())
    watching = asyncio.create_task(watcher.run())
    try:
        return await play(world, plain)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _chatted(world: World) -> bool:
    with keyboard() as lines:
        await Chat(world, lines, above_prompt, colour=sys.stdout.isatty()).run()
    return True


async def _unless_ended(bot: BotProcess, work: Coroutine[None, None, bool]) -> bool:
    """Do the work; False, with the bot's last words, if the bot ends before."""
    ending, working = asyncio.create_task(bot.ended()), asyncio.create_task(work)
    await asyncio.wait({ending, working}, return_when=asyncio.FIRST_COMPLETED)
    if working.done():
        ending.cancel()
        return await working
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    plain(say("frame", "crashed", code=await ending))
    plain("\n".join(bot.output))
    return False


async def _ready(sandbox: Sandbox, bot: BotProcess) -> bool:
    try:
        await sandbox.ready(START_LIMIT)
    except TimeoutError:
        plain(say("frame", "silent", seconds=int(START_LIMIT)))
        plain("\n".join(bot.output))
        return False
    return True


async def serve(arguments: argparse.Namespace) -> int:
    """Only the server, for bots and pages in processes of their own (``/sandbox/`` is the control API)."""
    async with Sandbox(port=arguments.port, token=arguments.token) as sandbox:
        plain(json.dumps({"api_url": sandbox.api_url, "token": sandbox.token}))
        await asyncio.get_running_loop().create_future()
    return 0


async def run(arguments: argparse.Namespace, folder: Path) -> int:
    """Start everything, talk, stop everything; the exit status."""
    command = shlex.split(arguments.bot) if arguments.bot else COMMAND
    interactive = sys.stdin.isatty() and not arguments.play
    async with Sandbox(port=arguments.port, token=arguments.token) as sandbox:
        world = World(sandbox)
        plain(say("frame", "starting"))
        async with BotProcess(sandbox, folder, command) as bot:
            if not await _unless_ended(bot, _ready(sandbox, bot)):
                return 1
            work = _chatted(world) if interactive else _played(world)
            return 0 if await _unless_ended(bot, work) else 1


def main(given: Sequence[str] | None = None) -> int:
    """Entry point; the exit status."""
    arguments = _arguments(given)
    try:
        if arguments.serve:
            return asyncio.run(serve(arguments))
        if arguments.keep is not None:
            arguments.keep.mkdir(parents=True, exist_ok=True)
            return asyncio.run(run(arguments, arguments.keep.resolve()))
        with tempfile.TemporaryDirectory(prefix="zhendema-try-") as folder:
            return asyncio.run(run(arguments, Path(folder)))
    except KeyboardInterrupt:
        plain(say("frame", "bye"))
        return 0


if __name__ == "__main__":
    sys.exit(main())
