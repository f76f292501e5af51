"""Groups: privacy mode, membership, anonymous admins, channels, migration; forwards."""

import json

import pytest
from sandbox_driving import Api
from telegram import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberMember,
    ChatMemberRestricted,
    Update,
)

from sandbox.server import Sandbox

pytest_plugins = ["sandbox_fixtures"]


async def _heard(api: Api) -> list[str]:
    return [update["message"]["text"] for update in await api.updates()]


async def test_privacy_mode(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小李")
    group = sandbox.group("群", members=[person])
    await api.updates()
    own = await api("sendMessage", chat_id=group.id, text="我是机器人")
    mine = group.chat.messages[own["message_id"]]
    talk = await person.send("闲聊", group)
    await person.send("回闲聊", group, reply_to=talk)
    await person.send("/other@someone_bot", group)
    assert await _heard(api) == []
    await person.send("/check", group)
    await person.send("/check@Zhendema_Bot 甲", group)
    await person.send("@zhendema_bot 看看", group)
    await person.send("回机器人", group, reply_to=mine)
    assert await _heard(api) == ["/check", "/check@Zhendema_Bot 甲", "@zhendema_bot 看看", "回机器人"]
    await person.send("/check", group, reply_to=talk)
    (update,) = await api.updates()
    assert update["message"]["reply_to_message"]["text"] == "闲聊"
    await person.edit(talk, "改过的闲聊")
    assert await api.updates() == []
    await group.promote_bot()
    await person.send("管理员都看得见", group)
    assert "管理员都看得见" in [u.get("message", {}).get("text") for u in await api.updates()]


async def test_privacy_off(sandbox: Sandbox, api: Api) -> None:
    sandbox.privacy = False
    person = sandbox.user("小李")
    group = sandbox.group("群", members=[person])
    await api.updates()
    await person.send("闲聊", group)
    assert await _heard(api) == ["闲聊"]
    assert (await api("getMe"))["can_read_all_group_messages"] is True


async def test_privacy_mode_counts_as_it_was_when_the_bot_came(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小李")
    group = sandbox.group("群", members=[person])
    sandbox.privacy = False
    assert (await api("getMe"))["can_read_all_group_messages"] is True
    await api.updates()
    await person.send("听不见", group)
    assert await api.updates() == []
    await group.readd_bot()
    await api.updates()
    await person.send("听得见", group)
    assert await _heard(api) == ["听得见"]
    sandbox.privacy = True
    assert (await api("getMe"))["can_read_all_group_messages"] is False


async def test_no_bot_sees_what_another_bot_writes(sandbox: Sandbox, api: Api) -> None:
    sandbox.privacy = False
    forwarder, person = sandbox.other_bot("短信转发", username="sms_forwarder_bot"), sandbox.user("小李")
    group = sandbox.group("群", members=[forwarder, person])
    await group.promote_bot()
    await api.updates()
    await forwarder.send("/check 一条短信", group)
    assert await api.updates() == []
    await person.send("人写的", group)
    assert await _heard(api) == ["人写的"]


async def test_rights_to_write(sandbox: Sandbox, api: Api) -> None:
    admin, member = sandbox.user("老张"), sandbox.user("小李")
    group = sandbox.group("群", members=[member], admins=[admin])
    await api.updates()

    async def refusals() -> list[str]:
        text = await api("sendMessage", chat_id=group.id, text="甲")
        photo = await api("sendPhoto", chat_id=group.id, photo="x")
        return [answer for answer in (text, photo) if isinstance(answer, str) and "not enough rights" in answer]

    both = [f"400 Bad Request: not enough rights to send {what} to the chat" for what in ("text messages", "photos")]
    assert await refusals() == []
    await group.mute_bot()
    assert await refusals() == both
    told = (await api.updates())[-1]["my_chat_member"]["new_chat_member"]
    assert (told["status"], told["is_member"], told["can_send_messages"]) == ("restricted", True, False)
    await group.mute_bot(muted=False)
    await api.updates()
    await group.close()
    assert await refusals() == both
    assert await api.updates() == []
    with pytest.raises(PermissionError):
        await member.send("写不了", group)
    await admin.send("/check", group)
    await group.promote_bot()
    assert await refusals() == []
    await group.close(closed=False)
    await group.restrict(member)
    with pytest.raises(PermissionError):
        await member.send("写不了", group)
    found = await api("getChatMember", chat_id=group.id, user_id=member.id)
    assert (found["status"], found["can_send_messages"]) == ("restricted", False)
    await group.restrict(member, muted=False)
    await member.send("/check", group)
    await group.demote_bot()
    assert (await api.updates())[-1]["my_chat_member"]["old_chat_member"]["status"] == "administrator"


async def test_every_place_in_a_group_is_one_that_the_library_reads(sandbox: Sandbox, api: Api) -> None:
    group = sandbox.group("群")
    await group.promote_bot()
    await group.mute_bot()
    await group.kick_bot()
    await group.add_bot()
    await api("leaveChat", chat_id=group.id)
    found = [Update.de_json(update) for update in await api.updates()]
    moves = [update.my_chat_member for update in found if update.my_chat_member]
    assert [type(move.new_chat_member) for move in moves] == [
        ChatMemberMember,
        ChatMemberAdministrator,
        ChatMemberRestricted,
        ChatMemberBanned,
        ChatMemberMember,
        ChatMemberLeft,
    ]
    assert all(Update.de_json(json.loads(update.to_json())).to_json() == update.to_json() for update in found)


async def test_membership(sandbox: Sandbox, api: Api) -> None:
    admin, member, later = (sandbox.user(name) for name in ("老张", "小李", "小赵"))
    group = sandbox.group("群", members=[member], admins=[admin])
    added, welcome = await api.updates()
    assert added["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert welcome["message"]["new_chat_members"][0]["username"] == "zhendema_bot"

    async def status(user_id: int) -> str:
        found: str = (await api("getChatMember", chat_id=group.id, user_id=user_id))["status"]
        return found

    assert [await status(who.id) for who in (admin, member, later)] == ["administrator", "member", "left"]
    assert await status(group.owner.id) == "creator"
    admins = await api("getChatAdministrators", chat_id=group.id)
    assert [found["user"]["first_name"] for found in admins] == ["群主", "老张"]
    await group.join(later)
    await group.promote(later, anonymous=True)
    assert (await api("getChatMember", chat_id=group.id, user_id=later.id))["is_anonymous"] is True
    await group.demote(later)
    await group.leave(later)
    assert await status(later.id) == "left"
    assert await api("getChatMemberCount", chat_id=group.id) == 4
    assert await api("getChatMember", chat_id=group.id, user_id=5) == "400 Bad Request: user not found"
    assert (await api("getChat", chat_id=group.id))["title"] == "群"
    with pytest.raises(PermissionError):
        await later.send("我不在", group)
    await api.updates()
    assert await api("leaveChat", chat_id=group.id) is True
    (left,) = await api.updates()
    assert left["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert await api("getChat", chat_id=group.id) == "403 Forbidden: bot is not a member of the supergroup chat"


async def test_kicked_bot_hears_nothing(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小李")
    group = sandbox.group("群", members=[person])
    await group.kick_bot()
    kicked = (await api.updates())[-1]
    assert kicked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await person.send("/check", group)
    assert await api.updates() == []
    assert await api("getChat", chat_id=group.id) == "403 Forbidden: bot was kicked from the supergroup chat"
    assert await api("getChatAdministrators", chat_id=person.id) == "400 Bad Request: chat not found"


async def test_private_chat_has_no_administrators(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    await person.start()
    refusal = await api("getChatAdministrators", chat_id=person.id)
    assert refusal == "400 Bad Request: there are no administrators in the private chat"
    assert (await api("getChat", chat_id=person.id))["type"] == "private"
    assert (await api("leaveChat", chat_id=person.id)).startswith("400")


async def test_blocking_is_told(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    await person.start()
    await person.block_bot()
    await person.unblock_bot()
    states = [u["my_chat_member"]["new_chat_member"]["status"] for u in await api.updates() if "my_chat_member" in u]
    assert states == ["kicked", "member"]


async def test_anonymous_admin_and_channels(sandbox: Sandbox, api: Api) -> None:
    admin, member = sandbox.user("老张"), sandbox.user("小李")
    group = sandbox.group("群", members=[member], admins=[admin])
    channel = sandbox.channel("频道", username="news", linked_to=group)
    await api.updates()
    await admin.send("/report", group, as_anonymous_admin=True)
    await member.send("/report", group, as_channel=channel)
    await channel.post("/report 来自频道")
    anonymous, as_channel, automatic = [update["message"] for update in await api.updates()]
    assert anonymous["from"]["id"] == 1087968824
    assert anonymous["from"]["username"] == "GroupAnonymousBot"
    assert anonymous["sender_chat"]["id"] == group.id
    assert as_channel["from"]["id"] == 136817688
    assert as_channel["sender_chat"]["id"] == channel.id
    assert automatic["from"]["id"] == 777000
    assert automatic["is_automatic_forward"] is True
    assert automatic["sender_chat"]["id"] == channel.id
    assert automatic["forward_origin"]["type"] == "channel"
    with pytest.raises(PermissionError):
        await member.send("/report", group, as_anonymous_admin=True)
    assert (await api("getChat", chat_id=group.id))["linked_chat_id"] == channel.id


async def test_forwards(sandbox: Sandbox, api: Api) -> None:
    person, friend = sandbox.user("小王"), sandbox.user("朋友", username="friend")
    group = sandbox.group("群", with_bot=False)
    channel = sandbox.channel("频道")
    await person.send("甲", forward_from=friend)
    await person.send("乙", forward_name="匿名")
    await person.send("丙", forward_from=group)
    await person.send("丁", forward_from=channel)
    origins = [update["message"]["forward_origin"] for update in await api.updates()]
    assert [origin["type"] for origin in origins] == ["user", "hidden_user", "chat", "channel"]
    assert origins[0]["sender_user"]["username"] == "friend"
    assert origins[1]["sender_user_name"] == "匿名"
    assert origins[2]["sender_chat"]["id"] == group.id
    assert origins[3]["chat"]["id"] == channel.id
    assert all(isinstance(origin["date"], int) for origin in origins)


async def test_migration(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小李")
    group = sandbox.group("群", members=[person], basic=True)
    old = group.id
    await api.updates()
    new = await group.migrate()
    came, *messages = await api.updates()
    assert came["my_chat_member"]["chat"]["id"] == new
    assert came["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert came["my_chat_member"]["new_chat_member"]["status"] == "member"
    to, origin = [update["message"] for update in messages]
    assert (to["chat"]["id"], to["migrate_to_chat_id"]) == (old, new)
    assert (origin["chat"]["id"], origin["migrate_from_chat_id"]) == (new, old)
    answer = (await api.client.post(api.url("sendMessage"), json={"chat_id": old, "text": "甲"})).json()
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": new}
    assert (await api("sendMessage", chat_id=new, text="甲"))["chat"]["type"] == "supergroup"
    await person.send("/check", group)
    assert await _heard(api) == ["/check"]
    with pytest.raises(ValueError, match="basic"):
        await group.migrate()
