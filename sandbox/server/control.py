"""The control API over HTTP, under ``/sandbox/``, for a page or another process.

Every call takes JSON (pictures and files: multipart) and gives JSON. What it refuses is a 400 with ``error``.

=========================  ===================================================================================
GET  people                everybody: users, groups and channels, with ids and members
POST users                 name, username?, language_code?
POST groups                title, members?, admins?, owner?, basic?, with_bot? (users by id)
POST channels              title, username?, linked_to?
POST messages              user, text, chat?, entities?, reply_to?, forward_from?, forward_name?,
                           as_anonymous_admin?, as_channel?; multipart with ``photo`` or ``document``
POST edit                  user, chat, message_id, text
POST delete                user, chat, message_id
POST press                 user, chat, message_id, button or data, timeout?
POST act                   who, what, with? (``kick_bot``, ``join``, ``block_bot`` … as in the Python API)
POST posts                 channel, text
GET  messages              chat: what its readers see; deleted ones are marked
GET  changes               since, timeout?: waits for a change and gives the new count
GET  calls                 method?: the calls of the Bot API so far
POST faults                the fields of ``Fault``; an empty object removes all faults
GET  idle                  timeout?, quiet?: waits until the bot has done everything
GET  files                 file_id: the bytes
=========================  ===================================================================================
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.server import wire
from sandbox.server.errors import ApiError
from sandbox.server.faults import Fault
from sandbox.server.params import Params

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from sandbox.server.model import Message
    from sandbox.server.people import User
    from sandbox.server.reading import Reader
    from sandbox.server.rooms import Channel, Group
    from sandbox.server.sandbox import Sandbox

    Handler = Callable[[Params], Awaitable[object]]

_USER_ACTS = frozenset({"start", "block_bot", "unblock_bot", "deactivate"})
_GROUP_ACTS = frozenset(
    {"add_bot", "kick_bot", "readd_bot", "promote_bot", "demote_bot", "mute_bot", "close", "migrate"}
)
_MEMBER_ACTS = frozenset({"join", "leave", "promote", "demote", "restrict"})


def seen(message: Message) -> dict[str, Any]:
    """A message as people see it: the Bot API's object and what only they see."""
    shown = wire.message(message)
    return shown | {
        "from_bot": message.from_bot,
        "deleted": message.deleted,
        "keyboard": message.keyboard,
        "links": [link._asdict() for link in message.links],
    }


def _is_local(address: str) -> bool:
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Control:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    # --- finding ----------------------------------------------------------------------------------

    def _user(self, number: object) -> User:
        return self._sandbox.people[int(str(number))]

    def _group(self, number: object) -> Group:
        return {group.id: group for group in self._sandbox.groups}[int(str(number))]

    def _channel(self, number: object) -> Channel:
        return {channel.id: channel for channel in self._sandbox.channels}[int(str(number))]

    def _source(self, number: int) -> User | Group | Channel | None:
        rooms: list[User | Group | Channel] = [*self._sandbox.people.values()]
        rooms += [*self._sandbox.groups, *self._sandbox.channels]
        return next((room for room in rooms if room.id == number), None)

    def _room(self, params: Params) -> Reader:
        found = self._source(params.integer("chat"))
        if found is None:
            raise KeyError("chat")
        return found

    def _message(self, params: Params) -> Message:
        return self._room(params).chat.messages[params.integer("message_id")]

    # --- making -----------------------------------------------------------------------------------

    async def users(self, params: Params) -> object:
        language = params.text("language_code", "zh-hans") or None
        made = self._sandbox.user(params.text("name"), username=params.maybe("username"), language_code=language)
        return {"id": made.id}

    async def groups(self, params: Params) -> object:
        owner = params.integer("owner")
        made = self._sandbox.group(
            params.text("title"),
            members=[self._user(number) for number in params.array("members") or []],
            admins=[self._user(number) for number in params.array("admins") or []],
            owner=self._user(owner) if owner else None,
            basic=params.flag("basic"),
            with_bot=params.flag("with_bot", default=True),
        )
        return {"id": made.id}

    async def channels(self, params: Params) -> object:
        linked = params.integer("linked_to")
        made = self._sandbox.channel(
            params.text("title"),
            username=params.maybe("username"),
            linked_to=self._group(linked) if linked else None,
        )
        return {"id": made.id}

    # --- doing ------------------------------------------------------------------------------------

    async def messages(self, params: Params) -> object:
        user, number = self._user(params.text("user")), params.integer("chat")
        group = self._group(number) if number and number != user.id else None
        room: Reader = group or user
        replied, channel = params.integer("reply_to"), params.integer("as_channel")
        how: dict[str, Any] = {
            "reply_to": room.chat.messages[replied] if replied else None,
            "forward_from": self._source(params.integer("forward_from")),
            "forward_name": params.maybe("forward_name"),
            "as_anonymous_admin": params.flag("as_anonymous_admin"),
            "as_channel": self._channel(channel) if channel else None,
        }
        text = params.text("text")
        if "photo" in params.files:
            return seen(await user.send_photo(params.files["photo"].data, group, caption=text, **how))
        if "document" in params.files:
            file = params.files["document"]
            return seen(
                await user.send_document(file.data, file.name, group, caption=text, mime_type=file.mime_type, **how)
            )
        return seen(await user.send(text, group, entities=params.array("entities") or [], **how))

    async def posts(self, params: Params) -> object:
        return seen(await self._channel(params.text("channel")).post(params.text("text")))

    async def edit(self, params: Params) -> object:
        message = self._message(params)
        return seen(await self._user(params.text("user")).edit(message, params.text("text")))

    async def delete(self, params: Params) -> object:
        await self._user(params.text("user")).delete(self._message(params))
        return {}

    async def press(self, params: Params) -> object:
        message, timeout = self._message(params), float(params.text("timeout") or 5)
        answer = await self._user(params.text("user")).press(
            message, params.text("button"), data=params.maybe("data"), timeout=timeout
        )
        return vars(answer)

    async def act(self, params: Params) -> object:
        what, who = params.text("what"), params.integer("who")
        if what in _USER_ACTS:
            await getattr(self._user(who), what)()
        elif what in _GROUP_ACTS:
            await getattr(self._group(who), what)()
        elif what in _MEMBER_ACTS:
            await getattr(self._group(who), what)(self._user(params.text("with")))
        else:
            raise LookupError(f"nobody can {what!r}")
        return {}

    async def faults(self, params: Params) -> object:
        if not params.values:
            self._sandbox.state.faults.clear()
        else:
            self._sandbox.state.faults.add(Fault(**params.values))
        return {}

    # --- reading ----------------------------------------------------------------------------------

    async def people(self, _params: Params) -> object:
        rooms = [*self._sandbox.groups, *self._sandbox.channels]
        return {
            "bot": wire.user(self._sandbox.state.bot),
            "users": [wire.user(user.account) for user in self._sandbox.people.values()],
            "chats": [
                wire.chat(room.chat) | {"members": [wire.member(m) for m in room.chat.members.values()]}
                for room in rooms
            ],
        }

    async def read(self, params: Params) -> object:
        return [seen(message) for message in self._room(params).chat.messages.values()]

    async def changes(self, params: Params) -> object:
        signal, since = self._sandbox.state.signal, params.integer("since")
        await signal.until(lambda: signal.count > since, float(params.text("timeout") or 25))
        return {"count": signal.count}

    async def calls(self, params: Params) -> object:
        wanted = params.text("method")
        calls = self._sandbox.calls_of(wanted) if wanted else self._sandbox.calls
        return [vars(call) for call in calls]

    async def idle(self, params: Params) -> object:
        timeout, quiet = float(params.text("timeout") or 10), float(params.text("quiet") or 0.05)
        await self._sandbox.idle(timeout, quiet)
        return {}

    async def files(self, params: Params) -> Response:
        stored = self._sandbox.state.files[params.text("file_id")]
        return Response(stored.data, media_type=stored.mime_type)


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        # A web page elsewhere must not be able to talk to the sandbox through somebody's browser.
        origin = request.headers.get("origin")
        if not _is_local(request.headers.get("host", "")) or (origin and not _is_local(origin)):
            return JSONResponse({"error": "only from this machine"}, 403)
        try:
            result = await handler(await Params.of(request))
        except (ApiError, LookupError, TypeError, ValueError, PermissionError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        except TimeoutError as error:
            return JSONResponse({"error": str(error)}, 504)
        return result if isinstance(result, Response) else JSONResponse(result)

    return answer


def routes(sandbox: Sandbox) -> list[BaseRoute]:
    """The routes of the control API."""
    control = _Control(sandbox)
    posts = {
        "users": control.users, "groups": control.groups, "channels": control.channels,
        "messages": control.messages, "posts": control.posts, "edit": control.edit, "delete": control.delete,
        "press": control.press, "act": control.act, "faults": control.faults,
    }  # fmt: skip
    gets = {
        "people": control.people, "messages": control.read, "changes": control.changes,
        "calls": control.calls, "idle": control.idle, "files": control.files,
    }  # fmt: skip
    return [
        *(Route(f"/sandbox/{name}", _endpoint(handler), methods=["POST"]) for name, handler in posts.items()),
        *(Route(f"/sandbox/{name}", _endpoint(handler), methods=["GET"]) for name, handler in gets.items()),
    ]
