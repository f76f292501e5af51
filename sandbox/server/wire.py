"""Bot API objects out of the server's own."""

from __future__ import annotations

from typing import Any

from sandbox.server.model import Account, Chat, Member, Message, StoredFile

GROUP_ANONYMOUS_BOT = Account(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
CHANNEL_BOT = Account(136817688, "Channel", username="Channel_Bot", is_bot=True)
TELEGRAM = Account(777000, "Telegram")
_PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics",
    "can_edit_tag", "can_react_to_messages",
)  # fmt: skip


def _present(**fields: object) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def user(account: Account) -> dict[str, Any]:
    """A User."""
    return _present(
        id=account.id,
        is_bot=account.is_bot,
        first_name=account.first_name,
        last_name=account.last_name,
        username=account.username,
        language_code=account.language_code,
    )


def chat(value: Chat) -> dict[str, Any]:
    """A Chat."""
    if value.peer is not None:
        peer = value.peer
        return _present(
            id=value.id,
            type=value.type,
            first_name=peer.first_name,
            last_name=peer.last_name,
            username=peer.username,
        )
    shown = _present(id=value.id, type=value.type, title=value.title, username=value.username)
    if value.type == "group":
        shown["all_members_are_administrators"] = False
    return shown


def full_chat(value: Chat) -> dict[str, Any]:
    """A ChatFullInfo."""
    return chat(value) | _present(
        accent_color_id=0,
        max_reaction_count=11,
        accepted_gift_types=dict.fromkeys(
            (
                "unlimited_gifts",
                "limited_gifts",
                "unique_gifts",
                "premium_subscription",
                "gifts_from_channels",
            ),
            True,
        ),
        permissions={"can_send_messages": not value.closed} if value.is_group else None,
        linked_chat_id=value.linked_chat_id,
        active_usernames=[value.username] if value.username else None,
    )


def member(value: Member) -> dict[str, Any]:
    """A ChatMember."""
    shown: dict[str, Any] = {"status": value.status, "user": user(value.account)}
    if value.status == "creator":
        shown["is_anonymous"] = value.anonymous
    elif value.status == "administrator":
        rights = (
            "can_manage_chat", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
            "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
            "can_delete_stories", "can_pin_messages", "can_manage_topics",
        )  # fmt: skip
        shown |= dict.fromkeys(rights, False) | {
            "can_be_edited": False,
            "can_manage_chat": True,
            "can_delete_messages": value.can_delete,
            "is_anonymous": value.anonymous,
        }
    elif value.status == "restricted":
        shown |= dict.fromkeys(_PERMISSIONS, not value.muted) | {"is_member": True, "until_date": 0}
    elif value.status == "kicked":
        shown["until_date"] = 0
    return shown


def _photo(sizes: list[StoredFile]) -> list[dict[str, Any]]:
    return [
        {
            "file_id": size.file_id,
            "file_unique_id": size.unique_id,
            "file_size": len(size.data),
            "width": size.width,
            "height": size.height,
        }
        for size in sizes
    ]


def file(value: StoredFile) -> dict[str, Any]:
    """A File."""
    return {
        "file_id": value.file_id,
        "file_unique_id": value.unique_id,
        "file_size": len(value.data),
        "file_path": value.path,
    }


def _document(value: StoredFile) -> dict[str, Any]:
    return _present(
        file_id=value.file_id,
        file_unique_id=value.unique_id,
        file_size=len(value.data),
        file_name=value.name,
        mime_type=value.mime_type,
    )


def message(value: Message, *, with_reply: bool = True) -> dict[str, Any]:
    """A Message; a deleted one as InaccessibleMessage."""
    if value.deleted:
        return {"message_id": value.id, "chat": chat(value.chat), "date": 0}
    shown = _present(
        message_id=value.id,
        **{"from": user(value.sender) if value.sender else None},
        sender_chat=chat(value.sender_chat) if value.sender_chat else None,
        chat=chat(value.chat),
        date=value.date,
        edit_date=value.edit_date,
        forward_origin=value.origin,
        is_automatic_forward=value.automatic_forward or None,
        media_group_id=value.album,
    )
    shown |= (value.service or {}) | (value.special or {})
    if value.photo is not None:
        shown["photo"] = _photo(value.photo)
    if value.document is not None:
        shown["document"] = _document(value.document)
    if value.body:
        shown["caption" if value.has_media else "text"] = value.body
        if value.entities:
            shown["caption_entities" if value.has_media else "entities"] = value.entities
    if value.inline_keyboard:
        shown["reply_markup"] = {"inline_keyboard": value.inline_keyboard}
    replied = value.chat.messages.get(value.reply_to) if value.reply_to and with_reply else None
    if replied is not None and not replied.deleted:
        shown["reply_to_message"] = message(replied, with_reply=False)
    return shown
