"""Puts the masks together."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from bot.model import LinkKind, NumberKind
from bot.redact.digits import mask_digits, mask_phone
from bot.redact.people import Mask, find_people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.model import ChatAccount, Entities, Link, PhoneNumber, Span

_SCHEME = re.compile(r"\s*h[tx]{2}p(s?)\s?:", re.IGNORECASE)
_ALONE = r"(?<![A-Za-z0-9_.@-])"
_PATH = r"(?:[^\s\u3400-\u9fff，。；、】）]|(?<==)[\u3400-\u9fff]{1,6})*"
_URL = re.compile(
    rf"(?:(?P<scheme>h[tx]{{2}}ps?)\s?:\s?[/\\]{{2}}\s?|{_ALONE}(?=www\.))(?:[^\s@/]{{1,40}}@)?"
    rf"(?P<host>[\w.*-]{{1,253}})(?P<path>{_PATH})"
    rf"|{_ALONE}(?P<bare>(?:[a-z0-9-]{{1,63}}\.){{1,6}}[a-z]{{2,24}})(?P<tail>(?::\d+)?(?:[/?#]{_PATH})?)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}[@＠][A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_HANDLE = re.compile(r"(?<![A-Za-z0-9_.])[@＠][A-Za-z][A-Za-z0-9_]{2,}")
_ACCOUNT = re.compile(
    r"(?:微信|威信|薇信|VX|WX|WeChat|QQ|Telegram|TG|LINE|WhatsApp|电报|飞机|薇|徽)"
    r"[号號群]?(?:ID)?[:：\s是为]{0,3}(?P<handle>[A-Za-z][\w.-]{3,30})",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:验证码|驗證碼|校验码|校驗碼|动态码|動態碼|动态密码|认证码|认证碼|激活码|取件码|取件碼|提货码|提貨碼|登录码|密码|密碼"
    r"|口令|(?<![A-Za-z])code|(?<![A-Za-z])OTP)(?:[是为為:：\s]|is|【|\[|「){0,4}"
    r"(?P<code>(?=[A-Za-z-]*\d)[A-Za-z0-9-]{3,12}(?: \d{2,4}){0,3})",
    re.IGNORECASE,
)
_SIX = re.compile(r"\d{6,}")
_SIX_IN_HOST = re.compile(r"\d(?:[.-]?\d){5,}")
_LIVE = re.compile(r"http(?=s?:[/\\])", re.IGNORECASE)
"""A scheme that stands where no host was seen, as in a.http://b."""
_UNFIT = re.compile("[\x00\ud800-\udfff]")
"""What some database refuses to store."""
_MAX = 2000
"""Characters kept of a report; an SMS of ten parts has 670."""


def redact(
    text: str,
    entities: Entities,
    *,
    body: Span | None = None,
    official: Callable[[str], bool] = lambda _digits: False,
) -> str:
    """The text as a report may keep it.

    Args:
        text: As given; the spans of ``entities`` count in it.
        entities: What was found in it. What they missed is found again by shape.
        body: The SMS within the text; the rest (a forwarder's lines, the owner's question) is dropped.
        official: Whether a number is an institution's own, which stays.
    """
    start, end = body or (0, len(text))
    by_shape = (mask.moved(start) for mask in _by_shape(text[start:end]))
    found = chain(_from_entities(text, entities, official), by_shape)
    pieces: list[str] = []
    at = start
    for mask in _joined(found, start, end):
        pieces += (mask_digits(text[at : mask.start], official), mask.shown)
        at = mask.end
    pieces.append(mask_digits(text[at:end], official))
    kept = _LIVE.sub("hxxp", _UNFIT.sub("\ufffd", "".join(pieces)))
    return _SIX.sub(lambda run: run[0] if official(run[0]) else "[数字]", kept)[:_MAX]


def _joined(masks: Iterable[Mask], start: int, end: int) -> Iterator[Mask]:
    """Masks in order, those that overlap as one that shows what the longest of them shows."""
    inside = sorted(mask for mask in masks if start <= mask.start < mask.end <= end)
    while inside:
        group = [inside.pop(0)]
        reach = group[0].end
        while inside and inside[0].start < reach:
            group.append(inside.pop(0))
            reach = max(reach, group[-1].end)
        longest = max(group, key=lambda mask: mask.end - mask.start)
        yield Mask(group[0].start, reach, longest.shown)


def _from_entities(text: str, entities: Entities, official: Callable[[str], bool]) -> Iterator[Mask]:
    for link in entities.links:
        if link.span is not None:
            yield Mask(*link.span, _link(text, link))
    for number in entities.numbers:
        if not official(number.digits):
            yield Mask(*number.span, _number(number))
    for account in entities.accounts:
        yield from _account(text, account)
    for facts, shown in ((entities.card_numbers, "[卡号]"), (entities.codes, "[验证码]")):
        for fact in facts:
            yield Mask(*fact.span, shown)


def _by_shape(text: str) -> Iterator[Mask]:
    for found in _MAIL.finditer(text):
        yield Mask(*found.span(), "[邮箱]")
    for found in _URL.finditer(text):
        scheme = f"hxxp{found['scheme'][4:].lower()}://" if found["scheme"] else ""
        path = found["path"] or found["tail"]
        yield Mask(*found.span(), _defanged(found["host"] or found["bare"], scheme, path=bool(path)))
    for found in chain(_ACCOUNT.finditer(text), _HANDLE.finditer(text)):
        yield Mask(*found.span("handle" if found.lastgroup else 0), "[账号]")
    for found in _CODE.finditer(text):
        yield Mask(*found.span("code"), "[验证码]")
    yield from find_people(text)


def _link(text: str, link: Link) -> str:
    """The link as it may be kept; ``text`` is what was given."""
    written = text[link.span.start : link.span.end] if link.span else ""
    scheme = _SCHEME.match(written)
    if link.kind is LinkKind.IP:
        return "[IP]"
    rest = link.url.partition("://")[2] or link.url
    return _defanged(link.host, f"hxxp{scheme[1]}://" if scheme else "", path="/" in rest or "?" in rest)


def _defanged(host: str, scheme: str, *, path: bool) -> str:
    """Host without anything to tap; a number within it goes too."""
    shown = _SIX_IN_HOST.sub("[数字]", host.strip(".")).replace(".", "[.]")
    return f"{scheme}{shown}{'/…' if path else ''}"


def _number(number: PhoneNumber) -> str:
    if number.kind is NumberKind.MASKED:
        return "[号码]"
    return mask_phone(number.digits.lstrip("+"))


def _account(text: str, account: ChatAccount) -> Iterator[Mask]:
    """Only the handle where it is seen as it is; else all that belongs to the account."""
    if not account.handle:
        return
    written = text[account.span.start : account.span.end]
    at = written.lower().rfind(account.handle.lower())
    if at < 0:
        yield Mask(*account.span, "[账号]")
    else:
        start = account.span.start + at
        yield Mask(start, start + len(account.handle), "[账号]")
