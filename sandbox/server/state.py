"""Everything that the server knows: accounts, chats, files, queued updates, open callback queries."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from sandbox.server import images, wire
from sandbox.server.errors import ApiError, bad_request, forbidden
from sandbox.server.faults import Faults
from sandbox.server.model import Account, Chat, Member, Message, StoredFile
from sandbox.server.signals import Signal
from sandbox.server.updates import UpdateQueue

CALLBACK_LIFETIME = 900
_FIRST_UPDATE = 100_001
_THUMBNAILS = (("s", 90), ("m", 320), ("x", 800), ("y", 1280))


@dataclass
class Query:
    """A callback query that waits for its answer."""

    id: str
    born: float
    answer: asyncio.Future[dict[str, Any]]


@dataclass
class Call:
    """One call of the Bot API, as it came and as it went."""

    method: str
    params: dict[str, Any]
    at: float
    """``time.monotonic()`` of its arrival."""
    status: int = 0
    """The HTTP status of the answer; 0 while there is none, or where the connection was cut."""
    result: Any = None
    description: str | None = None


@dataclass
class Webhook:
    """Where updates are pushed to."""

    url: str = ""
    secret: str | None = None
    max_connections: int = 40
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass
class State:
    """The world as the server sees it; one bot lives in it."""

    token: str
    bot: Account
    privacy: bool = True
    signal: Signal = field(default_factory=Signal)
    faults: Faults = field(default_factory=Faults)
    accounts: dict[int, Account] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    webhook: Webhook = field(default_factory=Webhook)
    commands: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    clock_ahead: float = 0.0
    logged_out: bool = False

    def __post_init__(self) -> None:
        self.updates = UpdateQueue(self.signal, _FIRST_UPDATE)
        self._private_ids = itertools.count(1)
        self._group_ids: dict[int, itertools.count[int]] = {}
        self.accounts[self.bot.id] = self.bot

    # --- time and numbers -------------------------------------------------------------------------

    def now(self) -> float:
        """Seconds since 1970, on the sandbox's clock."""
        return time.time() + self.clock_ahead

    def next_message_id(self, chat: Chat) -> int:
        """Supergroups and channels count for themselves; all other chats share one count."""
        if chat.type in {"supergroup", "channel"}:
            return next(self._group_ids.setdefault(chat.id, itertools.count(1)))
        return next(self._private_ids)

    # --- chats ------------------------------------------------------------------------------------

    def private_chat(self, account: Account) -> Chat:
        """The private chat of the bot with a person."""
        return self.chats.setdefault(account.id, Chat(account.id, "private", peer=account))

    def find_chat(self, chat_id: str) -> Chat:
        """The chat that a call names, by id or @username.

        Raises:
            ApiError: There is none, or it has become a supergroup.
        """
        if not chat_id:
            raise bad_request("chat_id is empty")
        if chat_id.startswith("@"):
            named = (c for c in self.chats.values() if c.username and c.username.lower() == chat_id[1:].lower())
            chat = next(named, None)
        else:
            chat = self.chats.get(int(chat_id)) if chat_id.removeprefix("-").isdigit() else None
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        return chat

    def chat_to_write(self, chat_id: str, what: str = "text messages") -> Chat:
        """The chat that a call wants to write ``what`` to.

        Raises:
            ApiError: There is none, or the bot may not write there.
        """
        chat = self.find_chat(chat_id)
        if chat.peer is not None:
            if chat.peer.is_bot:
                raise forbidden("bots can't send messages to bots")
            if chat.peer.deactivated:
                raise forbidden("user is deactivated")
            if chat.blocked:
                raise forbidden("bot was blocked by the user")
            if not chat.started:
                raise forbidden("bot can't initiate conversation with a user")
            return chat
        mine = chat.members.get(self.bot.id)
        name = f"{chat.type} chat"
        if mine is not None and mine.status == "kicked":
            raise forbidden(f"bot was kicked from the {name}")
        if mine is None or not mine.present:
            raise forbidden(f"bot is not a member of the {name}")
        if mine.muted or (chat.closed and not mine.admin):
            raise bad_request(f"not enough rights to send {what} to the chat")
        return chat

    # --- messages ---------------------------------------------------------------------------------

    def add(self, message: Message) -> Message:
        """Put a message into its chat."""
        message.chat.messages[message.id] = message
        self.signal.notify()
        return message

    def visible_to_bot(self, message: Message) -> bool:
        """True where Telegram hands the message to the bot: privacy mode hides most of a group's talk."""
        chat = message.chat
        if message.from_bot or chat.peer is not None:
            return not message.from_bot and not chat.blocked
        mine = chat.members.get(self.bot.id)
        if mine is None or not mine.present or _by_a_bot(message):
            return False
        everything = mine.admin or mine.reads_all or chat.type == "channel"
        return everything or message.service is not None or self._addressed(message)

    def _addressed(self, message: Message) -> bool:
        chat = message.chat
        replied = chat.messages.get(message.reply_to or 0)
        if replied is not None and replied.from_bot and not replied.deleted:
            return True
        handle = f"@{self.bot.username}".lower()
        mentions = [word.lower() for word in message.parts("mention")]
        if handle in mentions or any(
            (e.get("user") or {}).get("id") == self.bot.id for e in message.entities if e["type"] == "text_mention"
        ):
            return True
        commands = [word.lower() for word in message.parts("bot_command")]
        return any("@" not in word or word.endswith(handle) for word in commands)

    def tell_bot(self, kind: str, message: Message) -> None:
        """Queue a message update where the bot may see it."""
        if self.visible_to_bot(message):
            name = "channel_post" if message.chat.type == "channel" else "message"
            name = f"edited_{name}" if kind == "edit" else name
            self.push(name, wire.message(message))

    def push(self, kind: str, payload: dict[str, Any]) -> None:
        """Queue an update of any kind."""
        self.updates.push(kind, payload)

    # --- members ----------------------------------------------------------------------------------

    def change_member(self, chat: Chat, account: Account, by: Account, **changes: object) -> Member:
        """Change somebody's place in a chat and tell the bot as Telegram would."""
        member = chat.members.get(account.id) or Member(account, "left")
        old = wire.member(member)
        if account is self.bot and not member.present:
            # Privacy mode is looked at when the bot comes in; a later change counts only once it is added anew.
            member.reads_all = not self.privacy
        for name, value in changes.items():
            setattr(member, name, value)
        chat.members[account.id] = member
        payload = {
            "chat": wire.chat(chat),
            "from": wire.user(by),
            "date": int(self.now()),
            "old_chat_member": old,
            "new_chat_member": wire.member(member),
        }
        mine = chat.members.get(self.bot.id)
        if account.id == self.bot.id:
            self.push("my_chat_member", payload)
        elif mine is not None and mine.admin:
            self.push("chat_member", payload)
        self.signal.notify()
        return member

    # --- files ------------------------------------------------------------------------------------

    def store(self, data: bytes, folder: str, name: str | None, mime_type: str | None = None) -> StoredFile:
        """Keep a file under a fresh id."""
        number = len(self.files)
        suffix = f".{name.rsplit('.', 1)[-1]}" if name and "." in name else ""
        stored = StoredFile(
            file_id=f"AgACAgUAAxk{secrets.token_urlsafe(24)}",
            unique_id=f"AQAD{secrets.token_urlsafe(8)}",
            path=f"{folder}/file_{number}{suffix}",
            data=data,
            name=name,
            mime_type=mime_type,
        )
        self.files[stored.file_id] = stored
        return stored

    def store_photo(self, data: bytes) -> list[StoredFile]:
        """Keep a picture with the sizes that Telegram would list; all hold the same bytes."""
        width, height = images.size(data) or (800, 600)
        longest = max(width, height, 1)
        sizes = []
        bounds = [bound for _, bound in _THUMBNAILS if bound < longest] + [min(longest, _THUMBNAILS[-1][1])]
        for bound in bounds:
            stored = self.store(data, "photos", "photo.jpg", "image/jpeg")
            stored.width = max(1, round(width * bound / longest))
            stored.height = max(1, round(height * bound / longest))
            sizes.append(stored)
        return sizes

    # --- callback queries -------------------------------------------------------------------------

    def open_query(self) -> Query:
        """A fresh callback query."""
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        query = Query(str(secrets.randbits(62)), self.now(), future)
        self.queries[query.id] = query
        return query

    def answer_query(self, query_id: str, answer: dict[str, Any]) -> None:
        """Answer a callback query.

        Raises:
            ApiError: It is unknown, answered already or too old.
        """
        query = self.queries.pop(query_id, None)
        if query is None or self.now() - query.born > CALLBACK_LIFETIME:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if not query.answer.done():
            query.answer.set_result(answer)
        self.signal.notify()


def _by_a_bot(message: Message) -> bool:
    """True for what another bot wrote, which no bot ever sees; admins and channels who hide behind one are seen."""
    return message.sender is not None and message.sender.is_bot and message.sender_chat is None
