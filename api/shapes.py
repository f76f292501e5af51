"""What the HTTP API takes and gives, as types; the OpenAPI document is made from them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from bot.contract import Answer  # noqa: TC001 - msgspec reads the types

LONGEST_TEXT = 4096
MOST_ITEMS = 100

Text = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, description="The SMS, a forwarder's wrapper and all")]
Sender = Annotated[str, Meta(max_length=64, description="The number or name that the phone showed")]
User = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        description="Your own name for whoever asks. With it the check is recorded under a keyed hash, without the"
        " text; without it nothing is",
    ),
]
RowId = Annotated[str, Meta(max_length=128, description="Comes back as it is")]


class Check(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One SMS to judge."""

    text: Text
    sender: Sender | None = None
    id: RowId | None = None
    user: User | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of many SMS to judge; nothing of it is recorded."""

    text: Text
    sender: Sender | None = None
    id: RowId | None = None


class Batch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Many SMS to judge."""

    items: Annotated[list[Item], Meta(min_length=1, max_length=MOST_ITEMS)]


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """The verdicts, in the order of the items."""

    items: list[Answer]


class Forget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to forget."""

    user: User


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken out of the record."""

    checks: int


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Whether texts are judged now."""

    status: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a request (RFC 9457)."""

    title: str
    status: int
    detail: str
    field: Annotated[str | None, Meta(description="The field in question, such as items[3].text")] = None
    type: str = "about:blank"
