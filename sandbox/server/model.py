"""People, chats, messages and files as the server keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sandbox.server import autolink, utf16

ADMIN_STATUSES = frozenset({"creator", "administrator"})
PRESENT_STATUSES = ADMIN_STATUSES | {"member", "restricted"}


@dataclass(eq=False)
class Account:
    """A person or a bot."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    deactivated: bool = False


@dataclass(eq=False)
class Member:
    """Somebody's place in a chat."""

    account: Account
    status: str = "member"
    anonymous: bool = False
    can_delete: bool = True
    muted: bool = False
    reads_all: bool = False
    """The bot only: it came when privacy mode was off, which is what counts until it is added anew."""

    @property
    def present(self) -> bool:
        """True for those who can read the chat."""
        return self.status in PRESENT_STATUSES

    @property
    def admin(self) -> bool:
        """True for the creator and the administrators."""
        return self.status in ADMIN_STATUSES


@dataclass(eq=False)
class Chat:
    """A private chat, a group or a channel."""

    id: int
    type: str
    title: str | None = None
    username: str | None = None
    peer: Account | None = None
    """The other side of a private chat."""
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    started: bool = False
    """Private chats: the person has opened it, so that the bot may write."""
    blocked: bool = False
    """Private chats: the person has blocked the bot."""
    linked_chat_id: int | None = None
    closed: bool = False
    """Groups: only admins may write."""
    migrated_to: int | None = None

    @property
    def is_group(self) -> bool:
        """True where several people write."""
        return self.type in {"group", "supergroup"}


@dataclass(eq=False)
class StoredFile:
    """A file that somebody sent."""

    file_id: str
    unique_id: str
    path: str
    data: bytes
    name: str | None = None
    mime_type: str | None = None
    width: int = 0
    height: int = 0


class Button(NamedTuple):
    """An inline button as the person sees it."""

    text: str
    data: str | None = None
    url: str | None = None
    copy_text: str | None = None


class Link(NamedTuple):
    """A part of a message that a client makes clickable.

    Attributes:
        kind: The entity type: url, text_link, phone_number, mention, bank_card …
        text: The words that are clickable.
        url: Where a ``text_link`` leads; None for the others.
    """

    kind: str
    text: str
    url: str | None = None


@dataclass(eq=False)
class Message:
    """One message of a chat, with everything that either side can see of it."""

    chat: Chat
    id: int
    date: int
    sender: Account | None = None
    sender_chat: Chat | None = None
    body: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    photo: list[StoredFile] | None = None
    document: StoredFile | None = None
    origin: dict[str, Any] | None = None
    automatic_forward: bool = False
    reply_to: int | None = None
    edit_date: int | None = None
    inline_keyboard: list[list[dict[str, Any]]] | None = None
    keyboard: dict[str, Any] | None = None
    """A reply keyboard, its removal or a forced reply: seen by people, never echoed to the bot."""
    service: dict[str, Any] | None = None
    """The fields of a service message (members joined, migration)."""
    special: dict[str, Any] | None = None
    """Contact, sticker, voice …: the field of the Bot API that holds it."""
    album: str | None = None
    deleted: bool = False
    from_bot: bool = False
    revisions: list[str] = field(default_factory=list)
    """Earlier texts, oldest first."""

    @property
    def has_media(self) -> bool:
        """True for photos and documents, whose text is a caption."""
        return self.photo is not None or self.document is not None

    @property
    def text(self) -> str:
        """Text or caption; empty where there is none."""
        return self.body

    @property
    def buttons(self) -> list[Button]:
        """The inline buttons, row after row."""
        return [
            Button(
                raw["text"],
                raw.get("callback_data"),
                raw.get("url"),
                (raw.get("copy_text") or {}).get("text"),
            )
            for row in self.inline_keyboard or []
            for raw in row
        ]

    @property
    def reply_buttons(self) -> list[str]:
        """The labels of a reply keyboard."""
        rows = (self.keyboard or {}).get("keyboard", [])
        return [raw if isinstance(raw, str) else raw["text"] for row in rows for raw in row]

    def button(self, wanted: str) -> Button | None:
        """The first inline button with this label or this callback data."""
        return next((button for button in self.buttons if wanted in {button.text, button.data}), None)

    def parts(self, kind: str) -> list[str]:
        """The words under each entity of this type, as in ``parts("code")``."""
        return [utf16.cut(self.body, e["offset"], e["length"]) for e in self.entities if e["type"] == kind]

    @property
    def links(self) -> list[Link]:
        """All that a client would make clickable: explicit links and what it finds itself outside code."""
        found = [
            (e["offset"], Link(e["type"], utf16.cut(self.body, e["offset"], e["length"]), e.get("url")))
            for e in self.entities
            if e["type"] in {"text_link", "text_mention"}
        ]
        taken = [e for e in self.entities if e["type"] in autolink.OPAQUE]
        found += [
            (e["offset"], Link(e["type"], utf16.cut(self.body, e["offset"], e["length"])))
            for e in autolink.entities(self.body, taken)
        ]
        return [link for _, link in sorted(found, key=lambda pair: pair[0])]

    def __repr__(self) -> str:
        return f"<Message {self.chat.id}/{self.id} {self.body[:40]!r}>"
