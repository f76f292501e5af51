"""The sandbox as tests and the terminal chat hold it: a Bot API server and the people who talk to the bot."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from typing import TYPE_CHECKING, Any, Self

from sandbox.server import app, control, webhook
from sandbox.server.faults import Fault, Kind
from sandbox.server.listener import Listener
from sandbox.server.model import Account, Chat, Member, Message
from sandbox.server.people import User
from sandbox.server.rooms import Channel, Group
from sandbox.server.state import Call, State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from sandbox.server.reading import Reader

BOT_ID = 7_000_000_001
_FIRST_USER = 5_000_000_001
_FIRST_GROUP = 4_000_000_001
_FIRST_SUPERGROUP = 2_000_000_001


class Sandbox:
    """A Bot API server on a free loopback port, in this event loop.

    Example::

        async with Sandbox() as sandbox:
            builder = ApplicationBuilder().token(sandbox.token).base_url(sandbox.base_url + "/bot")
            ...
            person = sandbox.user("小王")
            reply = await person.ask("您已逾期…", forward_name="10690000")
            answer = await person.press(reply, "确认是诈骗")
    """

    def __init__(self, *, privacy: bool = True, username: str = "zhendema_bot", port: int = 0, token: str = "") -> None:
        # Shaped like Telegram's: the bot's id and 35 characters.
        self.token = token or f"{BOT_ID}:AAsandbox_{secrets.token_hex(13)[:25]}"
        bot = Account(int(self.token.partition(":")[0]), "真的吗", username=username, is_bot=True)
        self.state = State(self.token, bot, privacy)
        self._ids = itertools.count(1)
        self._port = port
        self.people: dict[int, User] = {}
        self.groups: list[Group] = []
        self.channels: list[Channel] = []
        self._listener = Listener(app.build(self.state, control.routes(self)))
        self._pusher: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._port = await self._listener.start(self._port)
        self._pusher = asyncio.create_task(webhook.deliver(self.state))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pusher is not None:
            self._pusher.cancel()
            await asyncio.gather(self._pusher, return_exceptions=True)
        self.state.updates.close()
        await self._listener.stop()

    @property
    def base_url(self) -> str:
        """Without a trailing slash; python-telegram-bot wants ``base_url + "/bot"`` and ``+ "/file/bot"``."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """The same: what ``ZHENDEMA_API_URL`` takes."""
        return self.base_url

    # --- people and rooms -------------------------------------------------------------------------

    def user(self, name: str, *, username: str | None = None, language_code: str | None = "zh-hans") -> User:
        """A new person, who has not opened the private chat yet (``start`` or any message does)."""
        return self._account(name, username=username, language_code=language_code)

    def other_bot(self, name: str, *, username: str | None = None) -> User:
        """Another bot, such as one through which an app forwards SMS; bots never see what it writes in a group."""
        return self._account(name, username=username, is_bot=True)

    def _account(self, name: str, **fields: Any) -> User:  # noqa: ANN401
        account = Account(_FIRST_USER + next(self._ids), name, **fields)
        self.state.accounts[account.id] = account
        self.people[account.id] = User(self.state, account)
        return self.people[account.id]

    def group(
        self,
        title: str,
        *,
        members: Iterable[User] = (),
        admins: Iterable[User] = (),
        owner: User | None = None,
        basic: bool = False,
        with_bot: bool = True,
    ) -> Group:
        """A new supergroup (or a basic group). Without ``owner`` a stranger owns it."""
        number = next(self._ids)
        chat_id = -(_FIRST_GROUP + number) if basic else int(f"-100{_FIRST_SUPERGROUP + number}")
        chat = Chat(chat_id, "group" if basic else "supergroup", title=title)
        self.state.chats[chat.id] = chat
        holder = owner.account if owner is not None else self.user("群主").account
        chat.members[holder.id] = Member(holder, "creator")
        for person in members:
            chat.members[person.id] = Member(person.account)
        for person in admins:
            chat.members[person.id] = Member(person.account, "administrator")
        group = Group(self.state, chat, holder)
        if with_bot:
            group.welcome_bot(holder)
        self.groups.append(group)
        return group

    def channel(self, title: str, *, username: str | None = None, linked_to: Group | None = None) -> Channel:
        """A new channel; its posts are copied into the group it is linked to. The bot is not in it."""
        chat = Chat(int(f"-100{_FIRST_SUPERGROUP + next(self._ids)}"), "channel", title, username)
        self.state.chats[chat.id] = chat
        if linked_to is not None:
            chat.linked_chat_id = linked_to.id
            linked_to.chat.linked_chat_id = chat.id
        self.channels.append(Channel(self.state, chat, linked_to))
        return self.channels[-1]

    # --- reading ----------------------------------------------------------------------------------

    def messages(self, chat: Reader) -> list[Message]:
        """All messages of a chat that are still there."""
        return chat.messages

    @property
    def calls(self) -> list[Call]:
        """Every call of the Bot API so far, in order."""
        return self.state.calls

    def calls_of(self, *methods: str) -> list[Call]:
        """The calls of these methods."""
        wanted = {method.lower() for method in methods}
        return [call for call in self.state.calls if call.method.lower() in wanted]

    async def ready(self, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Until the bot polls, or has set a webhook.

        Raises:
            TimeoutError: It does not.
        """
        state = self.state
        if not await state.signal.until(lambda: state.updates.polls or state.webhook.url, timeout):
            raise TimeoutError("the bot does not ask for updates")

    async def idle(self, timeout: float = 10, quiet: float = 0.05) -> None:  # noqa: ASYNC109
        """Until every update is delivered and confirmed and the bot has been ``quiet`` for that long.

        A bot confirms what it has queued, not what it has done; hence the quiet time.

        Raises:
            TimeoutError: It is still busy.
        """
        deadline = time.monotonic() + timeout
        state = self.state
        while time.monotonic() < deadline:
            await state.signal.until(lambda: not state.updates.pending, deadline - time.monotonic())
            busy = sum(call.method.lower() != "getupdates" for call in state.calls)
            await asyncio.sleep(quiet)
            after = sum(call.method.lower() != "getupdates" for call in state.calls)
            if not state.updates.pending and busy == after:
                return
        raise TimeoutError(f"{len(state.updates.pending)} updates wait")

    # --- bad days ---------------------------------------------------------------------------------

    def fail(
        self,
        method: str = "*",
        *,
        status: int = 500,
        times: int | None = 1,
        retry_after: int = 1,
        chat: Reader | None = None,
        every: int = 1,
    ) -> Fault:
        """Refuse calls: 429 with ``retry_after``, 5xx … ``times=None``: all; ``every=3``: each third."""
        chat_id = chat.id if chat is not None else None
        fault = Fault(method, times=times, status=status, retry_after=retry_after, chat_id=chat_id, every=every)
        return self.state.faults.add(fault)

    def delay(self, method: str, seconds: float, *, times: int | None = 1, every: int = 1) -> Fault:
        """Answer late, so that the bot runs into its own time limit."""
        return self._fault(method, "delay", times, every, seconds=seconds)

    def drop(self, method: str, *, times: int | None = 1, after_effect: bool = False, every: int = 1) -> Fault:
        """Cut the connection, before the call takes effect or (``after_effect``) before its answer."""
        fault = self._fault(method, "drop", times, every)
        fault.after_effect = after_effect
        return fault

    def _fault(self, method: str, kind: Kind, times: int | None, every: int, seconds: float = 0) -> Fault:
        return self.state.faults.add(Fault(method, kind, times, seconds=seconds, every=every))

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock on: dates of later messages, expiry of callback queries."""
        self.state.clock_ahead += seconds

    @property
    def privacy(self) -> bool:
        """Privacy mode, as set with BotFather; groups that the bot is in already keep what held when it came."""
        return self.state.privacy

    @privacy.setter
    def privacy(self, on: bool) -> None:
        self.state.privacy = on
