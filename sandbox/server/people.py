"""The people of the sandbox and what they do."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.server import special, utf16, wire
from sandbox.server import text as markup
from sandbox.server.model import Account, Message
from sandbox.server.reading import WAIT, Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.server.rooms import Channel, Group
    from sandbox.server.state import State


@dataclass(frozen=True)
class CallbackAnswer:
    """What a person sees after pressing an inline button."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None
    copied: str | None = None
    """What a copy button put on the clipboard; the bot hears nothing of it."""


class User(Reader):
    """A person. Reading a ``User`` reads the private chat with the bot."""

    def __init__(self, state: State, account: Account) -> None:
        super().__init__(state, state.private_chat(account))
        self.account = account

    @property
    def name(self) -> str:
        """The first name."""
        return self.account.first_name

    def __repr__(self) -> str:
        return f"<User {self.id} {self.name}>"

    # --- the private chat -------------------------------------------------------------------------

    async def start(self, payload: str = "") -> Message:
        """Open the private chat: press START."""
        return await self.send(f"/start {payload}".strip())

    async def ask(self, text: str, chat: Group | None = None, timeout: float = WAIT, **how: Any) -> Message:  # noqa: ANN401, ASYNC109
        """Send ``text`` and give the bot's next message in that chat (``how`` as in ``send``)."""
        reader: Reader = chat or self
        reader.skip()
        await self.send(text, chat, **how)
        return await reader.next(timeout)

    async def block_bot(self) -> None:
        """Block the bot."""
        self.chat.blocked = True
        self._tell_membership("member", "kicked")

    async def unblock_bot(self) -> None:
        """Unblock the bot."""
        self.chat.blocked = False
        self._tell_membership("kicked", "member")

    async def deactivate(self) -> None:
        """Delete the account."""
        self.account.deactivated = True

    def _tell_membership(self, old: str, new: str) -> None:
        bot = wire.user(self._state.bot)

        def place(status: str) -> dict[str, Any]:
            return {"status": status, "user": bot} | ({"until_date": 0} if status == "kicked" else {})

        self._state.push(
            "my_chat_member",
            {
                "chat": wire.chat(self.chat),
                "from": wire.user(self.account),
                "date": int(self._state.now()),
                "old_chat_member": place(old),
                "new_chat_member": place(new),
            },
        )

    # --- messages ---------------------------------------------------------------------------------

    def _draft(
        self,
        chat: Group | None,
        *,
        reply_to: Message | None = None,
        forward_from: User | Group | Channel | None = None,
        forward_name: str | None = None,
        as_anonymous_admin: bool = False,
        as_channel: Channel | None = None,
        album: str | None = None,
    ) -> Message:
        room = chat.chat if chat is not None else self.chat
        if chat is None:
            if self.chat.blocked:
                self.chat.blocked = False
                self._tell_membership("kicked", "member")
            self.chat.started = True
        elif self.id not in room.members or not room.members[self.id].present:
            raise PermissionError(f"{self.name} is not in {room.title}")
        elif room.members[self.id].muted or (room.closed and not room.members[self.id].admin):
            raise PermissionError(f"{self.name} may not write in {room.title}")
        draft = Message(room, 0, int(self._state.now()), sender=self.account)
        if as_anonymous_admin:
            if not room.members[self.id].admin:
                raise PermissionError(f"{self.name} is no admin of {room.title}")
            draft.sender, draft.sender_chat = wire.GROUP_ANONYMOUS_BOT, room
        elif as_channel is not None:
            draft.sender, draft.sender_chat = wire.CHANNEL_BOT, as_channel.chat
        draft.reply_to = reply_to.id if reply_to is not None else None
        draft.origin = self._origin(forward_from, forward_name)
        draft.album = album
        return draft

    def _origin(self, source: User | Group | Channel | None, name: str | None) -> dict[str, Any] | None:
        # Telegram gives the time of the original; a minute ago is as good as any.
        date = int(self._state.now()) - 60
        if name is not None:
            return {"type": "hidden_user", "date": date, "sender_user_name": name}
        if source is None:
            return None
        if isinstance(source, User):
            return {"type": "user", "date": date, "sender_user": wire.user(source.account)}
        if source.chat.type == "channel":
            return {"type": "channel", "date": date, "chat": wire.chat(source.chat), "message_id": 1}
        return {"type": "chat", "date": date, "sender_chat": wire.chat(source.chat)}

    def _post(self, draft: Message) -> Message:
        draft.id = self._state.next_message_id(draft.chat)
        self._state.add(draft)
        self._state.tell_bot("new", draft)
        return draft

    async def send(
        self,
        text: str,
        chat: Group | None = None,
        *,
        entities: Sequence[dict[str, Any]] = (),
        **how: Any,  # noqa: ANN401 - handed on to a typed function
    ) -> Message:
        """Write a message, in the private chat or in ``chat``.

        Args:
            text: What is written; Telegram's own entities (commands, links …) are found.
            chat: The group; None for the private chat.
            entities: Further ones, such as a ``text_link``.
            how: ``reply_to`` (a message), ``forward_from`` (a user, group or channel), ``forward_name``
                (a sender who hides the account), ``as_anonymous_admin``, ``as_channel``; for pictures and
                files also ``album`` (an id that they share).

        Raises:
            ValueError: The text is longer than Telegram's apps send in one message.
        """
        if utf16.length(text) > markup.TEXT_LIMIT:
            raise ValueError("Telegram's apps would split this text")
        draft = self._draft(chat, **how)
        draft.body, draft.entities = text, markup.with_links(text, [dict(e) for e in entities])
        return self._post(draft)

    async def send_photo(
        self,
        data: bytes,
        chat: Group | None = None,
        *,
        caption: str = "",
        entities: Sequence[dict[str, Any]] = (),
        **how: Any,  # noqa: ANN401
    ) -> Message:
        """Send a picture (any bytes: people's phones are not checked)."""
        draft = self._draft(chat, **how)
        draft.photo = self._state.store_photo(data)
        draft.body, draft.entities = caption, markup.with_links(caption, [dict(e) for e in entities])
        return self._post(draft)

    async def send_document(
        self,
        data: bytes,
        name: str,
        chat: Group | None = None,
        *,
        caption: str = "",
        entities: Sequence[dict[str, Any]] = (),
        mime_type: str | None = None,
        **how: Any,  # noqa: ANN401
    ) -> Message:
        """Send a file."""
        draft = self._draft(chat, **how)
        draft.document = self._state.store(data, "documents", name, mime_type)
        draft.body, draft.entities = caption, markup.with_links(caption, [dict(e) for e in entities])
        return self._post(draft)

    async def send_special(
        self,
        kind: str,
        chat: Group | None = None,
        **fields: Any,  # noqa: ANN401 - the Bot API's own fields
    ) -> Message:
        """Send a ``contact``, ``location``, ``sticker``, ``voice`` …, as in ``phone_number="+86…"``."""
        draft = self._draft(chat)
        draft.special = special.content(kind, fields)
        return self._post(draft)

    async def edit(self, message: Message, text: str, *, entities: Sequence[dict[str, Any]] = ()) -> Message:
        """Edit one's own message."""
        message.revisions.append(message.body)
        message.body, message.entities = text, markup.with_links(text, [dict(e) for e in entities])
        message.edit_date = int(self._state.now())
        self._state.signal.notify()
        self._state.tell_bot("edit", message)
        return message

    async def delete(self, message: Message) -> None:
        """Delete a message; Telegram tells the bot nothing."""
        message.deleted = True
        self._state.signal.notify()

    async def press(
        self,
        message: Message,
        button: str = "",
        *,
        data: str | None = None,
        timeout: float = WAIT,  # noqa: ASYNC109
    ) -> CallbackAnswer:
        """Press an inline button and wait for the bot's answer.

        Args:
            message: The message under which the button stands.
            button: The button's label or its callback data.
            data: Send this callback data whatever buttons there are, as an old or hostile client can.
            timeout: Seconds to wait for answerCallbackQuery.

        Raises:
            LookupError: There is no such button.
            TimeoutError: The bot did not answer the query.
        """
        if data is None:
            found = message.button(button)
            if found is None:
                raise LookupError(f"no button {button!r} among {[b.text for b in message.buttons]}")
            if found.data is None:
                return CallbackAnswer(url=found.url, copied=found.copy_text)
            data = found.data
        query = self._state.open_query()
        self._state.push(
            "callback_query",
            {
                "id": query.id,
                "from": wire.user(self.account),
                "message": wire.message(message),
                "chat_instance": str(hash((self._state.bot.id, message.chat.id)) & (2**60 - 1)),
                "data": data,
            },
        )
        try:
            async with asyncio.timeout(timeout):
                answer = await asyncio.shield(query.answer)
        except TimeoutError:
            raise TimeoutError(f"the bot did not answer the press on {data!r}") from None
        return CallbackAnswer(answer["text"], answer["show_alert"], answer["url"])
