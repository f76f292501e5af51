"""What to do after a scam: the steps of ``data/rescue.toml`` as a reply."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from bot.errors import DataError
from bot.paths import DATA
from bot.reply.fill import headed, lines
from bot.reply.model import HotlineNumber, Line, Reply
from bot.reply.numbers import ALIPAY, HONG_KONG, MALAYSIA, POLICE, SINGAPORE, TAIWAN, WECHAT_PAY

if TYPE_CHECKING:
    from pathlib import Path

    from bot.texts import Texts

_NUMBERS = {
    "police": POLICE,
    "wechat": WECHAT_PAY,
    "alipay": ALIPAY,
    "taiwan": TAIWAN,
    "hongkong": HONG_KONG,
    "singapore": SINGAPORE,
    "malaysia": MALAYSIA,
}
_COPY = (POLICE,)


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to do or to know. ``source`` says where the facts come from."""

    key: str
    numbers: tuple[str, ...]
    source: str
    always: bool = False


class Guide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: steps in order, then notes."""

    collected: str
    step: tuple[Step, ...]
    note: tuple[Step, ...]


def load_guide(file: Path = DATA / "rescue.toml") -> Guide:
    """Read the guide.

    Raises:
        DataError: A step is malformed or has no source.
    """
    try:
        guide = msgspec.toml.decode(file.read_bytes(), type=Guide)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise DataError(f"data/{file.name}: {error}") from error
    for step in (*guide.step, *guide.note):
        if not step.source.strip():
            raise DataError(f"data/{file.name}: {step.key} has no source; add one or take the step out")
    return guide


def compose_rescue(texts: Texts) -> Reply:
    """Return the core order for money already sent; the first line is the first call."""
    guide = _guide()
    said: list[Line] = list(headed(texts, "rescue-title", **_runs()))
    for at, step in enumerate(guide.step, start=1):
        said += lines(texts, step.key, n=str(at), **_runs())
    for note in guide.note:
        said += (headed if note.always else lines)(texts, note.key, **_runs())
    return Reply(tuple(said), copy=_COPY)


def _runs() -> dict[str, HotlineNumber]:
    return {name: HotlineNumber(number) for name, number in _NUMBERS.items()}


@cache
def _guide() -> Guide:
    return load_guide()
