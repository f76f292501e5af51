"""Groups and channels and what happens to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.server import text as markup
from sandbox.server import wire
from sandbox.server.model import Account, Chat, Member, Message
from sandbox.server.reading import Reader

if TYPE_CHECKING:
    from sandbox.server.people import User
    from sandbox.server.state import State


class Group(Reader):
    """A group or supergroup."""

    def __init__(self, state: State, chat: Chat, owner: Account) -> None:
        super().__init__(state, chat)
        self.owner = owner

    def __repr__(self) -> str:
        return f"<Group {self.id} {self.chat.title}>"

    def _service(self, by: Account, **fields: Any) -> Message:  # noqa: ANN401
        message = Message(self.chat, self._state.next_message_id(self.chat), int(self._state.now()), sender=by)
        message.service = fields
        self._state.add(message)
        self._state.tell_bot("service", message)
        return message

    def _set(self, account: Account, by: Account, status: str, **more: object) -> Member:
        return self._state.change_member(self.chat, account, by, status=status, **more)

    async def join(self, user: User) -> None:
        """Somebody joins."""
        self._set(user.account, user.account, "member")
        self._service(user.account, new_chat_members=[wire.user(user.account)])

    async def leave(self, user: User) -> None:
        """Somebody leaves."""
        self._set(user.account, user.account, "left")
        self._service(user.account, left_chat_member=wire.user(user.account))

    async def promote(self, user: User, *, anonymous: bool = False) -> None:
        """Make somebody an administrator."""
        self._set(user.account, self.owner, "administrator", anonymous=anonymous)

    async def demote(self, user: User) -> None:
        """Make an administrator a member again."""
        self._set(user.account, self.owner, "member", anonymous=False)

    async def restrict(self, user: User, *, muted: bool = True) -> None:
        """Take a member's right to write, or give it back."""
        self._set(user.account, self.owner, "restricted" if muted else "member", muted=muted)

    async def close(self, *, closed: bool = True) -> None:
        """Let only admins write, or everybody again; Telegram tells a bot nothing of it."""
        self.chat.closed = closed
        self._state.signal.notify()

    async def add_bot(self, by: User | None = None) -> None:
        """The bot is added; it hears of it twice, as on Telegram."""
        self.welcome_bot(by.account if by is not None else self.owner)

    def welcome_bot(self, by: Account) -> None:
        """The same without waiting, for a new group."""
        self._set(self._state.bot, by, "member")
        self._service(by, new_chat_members=[wire.user(self._state.bot)])

    async def kick_bot(self, by: User | None = None) -> None:
        """The bot is removed and banned."""
        self._set(self._state.bot, by.account if by is not None else self.owner, "kicked")

    async def readd_bot(self, by: User | None = None) -> None:
        """Remove the bot and add it anew, which is what a change of its privacy mode takes to count here."""
        await self.kick_bot(by)
        await self.add_bot(by)

    async def promote_bot(self, *, can_delete: bool = True) -> None:
        """Make the bot an administrator: it then sees every message."""
        self._set(self._state.bot, self.owner, "administrator", can_delete=can_delete, muted=False)

    async def demote_bot(self) -> None:
        """Make the bot an ordinary member again."""
        self._set(self._state.bot, self.owner, "member")

    async def mute_bot(self, *, muted: bool = True) -> None:
        """Take the bot's right to write, or give it back."""
        self._set(self._state.bot, self.owner, "restricted" if muted else "member", muted=muted)

    async def migrate(self) -> int:
        """Turn a group into a supergroup; its new id. This object then stands for the supergroup.

        As on Telegram the bot hears that it came into the new one and not that it left the old one.
        """
        old = self.chat
        if old.type != "group":
            raise ValueError("only a basic group can become a supergroup")
        new = Chat(int(f"-100{-old.id}"), "supergroup", title=old.title, members=dict(old.members))
        self._state.chats[new.id] = new
        mine = new.members.pop(self._state.bot.id, None)
        if mine is not None:
            came = self._state.change_member(new, self._state.bot, self.owner, status=mine.status)
            came.reads_all, came.can_delete = mine.reads_all, mine.can_delete
        self._service(self.owner, migrate_to_chat_id=new.id)
        old.migrated_to = new.id
        self.chat = new
        self._service(self.owner, migrate_from_chat_id=old.id)
        return new.id


class Channel(Reader):
    """A channel, which may be linked to a group."""

    def __init__(self, state: State, chat: Chat, linked: Group | None) -> None:
        super().__init__(state, chat)
        self.linked = linked

    async def post(self, text: str) -> Message:
        """Post; the copy in the linked group (or the post itself, where none is linked)."""
        entities = markup.with_links(text, [])
        post = Message(self.chat, self._state.next_message_id(self.chat), int(self._state.now()))
        post.sender_chat, post.body, post.entities = self.chat, text, entities
        self._state.add(post)
        self._state.tell_bot("new", post)
        if self.linked is None:
            return post
        room = self.linked.chat
        copy = Message(room, self._state.next_message_id(room), post.date, sender=wire.TELEGRAM)
        copy.sender_chat, copy.body, copy.entities = self.chat, text, entities
        copy.automatic_forward = True
        copy.origin = {
            "type": "channel",
            "date": post.date,
            "chat": wire.chat(self.chat),
            "message_id": post.id,
        }
        self._state.add(copy)
        self._state.tell_bot("new", copy)
        return copy
