"""The sender's name in brackets at the beginning or the end: 【中信银行】, [招商银行]."""

from __future__ import annotations

import re

from bot.entities.scan import Hit

_NAME = r"[^【】\[\]〖〗\n\x00]{2,24}"
_ONE = rf"[【\[〖]\s?({_NAME}?)\s?[】\]〗]"
_START = re.compile(rf"\s*{_ONE}")
_AFTER_OPENING = re.compile(rf"[^【\[〖\n\x00]{{2,24}}[!?。~\n]\s?{_ONE}(?=[^\s,.。])")
_ANY = re.compile(_ONE)
_UNSUBSCRIBE = re.compile(r"(?<=[】\]〗])\s?(?:如需|退订|回复?|拒收|td)[^【】\[\]〖〗]{0,14}$")
_LONGEST = 20
_SPEAKS = re.compile(r"[\u3400-\u9fffa-z]")
_ROUND = re.compile(r"\s*\(([\u3400-\u9fff]{2,8}(?:通知|提醒|客服|公司|银行|中心|电信|移动|联通|大哥大))\)")


def find_signatures(text: str) -> list[Hit]:
    """All bracketed names that stand at the very beginning or the very end, in order."""
    hits: list[Hit] = []
    at = 0
    while match := _START.match(text, at):
        hits += _hit(match)
        at = match.end()
    if not hits and (round_one := _ROUND.match(text)):
        hits += _hit(round_one)
        at = round_one.end()
    tail = []
    leave = _UNSUBSCRIBE.search(text, at)
    end = leave.start() if leave else len(text.rstrip(" \n.。!"))
    for match in reversed(list(_ANY.finditer(text, at))):
        if text[match.end() : end].strip(" \n。.!,"):
            break
        tail += _hit(match)
        end = match.start()
    if not hits and not tail and (inner := _AFTER_OPENING.match(text)):
        return _hit(inner)
    return hits + tail[::-1]


def _hit(match: re.Match[str]) -> list[Hit]:
    name = match[1].strip()
    if len(name) > _LONGEST or not _SPEAKS.search(name):
        return []
    start = max(match.string.rfind(sign, match.start(), match.start(1)) for sign in "【[〖(")
    return [Hit(start, match.end(), name)]
