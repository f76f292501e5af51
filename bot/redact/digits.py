"""Numbers in any writing: 138 0013 8000, １３８…, 一三八…, ①③⑧…, l38OO…, SF1234567890."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMERALS = dict(
    zip("〇零一二三四五六七八九幺两兩壹贰貳叁參肆伍陆陸柒捌玖", "00123456789122122334566789", strict=True),
)
ODD_DIGITS = "".join(  # digits that \d does not know: ①, ², ⒈ …
    char
    for char in map(chr, range(0x80, 0x1F110))
    if unicodedata.digit(char, None) is not None and not char.isdecimal()
)
_DIGIT = rf"[\d{ODD_DIGITS}{''.join(_NUMERALS)}]"
_BETWEEN = r"(?:[^\w*:/\[\]【】%¥￥]|_){0,3}"
"""What may stand between the digits of one number: spaces, dashes, dots, emoji."""
_ALNUM = r"(?:(?![\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff])[^\W_])"
_TOKEN = re.compile(
    rf"(?<![^\W_\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff])(?P<digits>{_DIGIT}(?:{_BETWEEN}{_DIGIT}){{3,}}"
    rf"(?:{_BETWEEN}[Xx])?)(?!{_ALNUM})"
    rf"|(?P<mixed>{_ALNUM}(?:[-_]?{_ALNUM}){{5,}})"
    rf"|(?P<more>{_DIGIT}(?:{_BETWEEN}{_DIGIT}){{3,}})",
)
_MOBILE = re.compile(r"(?:86|0086)?(1[3-9]\d{9})")
_CITIZEN = re.compile(r"\d{17}[\dx]")
_CARD = re.compile(r"\d{15,19}")
_LANDLINE = re.compile(r"0\d{9,11}|[48]00\d{7}")
_LONG, _HEAD, _TAIL, _STARS = 7, 3, 4, 4


def mask_number(number: str) -> str:
    """A call-back number that its group may see: the start, the end, and at least four stars.

    >>> mask_number("13800001234"), mask_number("4001234567"), mask_number("+85251234567")
    ('138****1234', '400****567', '+852****4567')
    """
    sign = "+" if number.startswith("+") else ""
    digits = number.removeprefix("+")
    if len(digits) < _LONG:
        return sign + digits[:2] + "*" * max(0, len(digits) - 2)
    tail = min(_TAIL, len(digits) - _HEAD - _STARS)
    return sign + digits[:_HEAD] + "*" * (len(digits) - _HEAD - tail) + digits[len(digits) - tail :]


def mask_phone(digits: str) -> str:
    """A phone number as a report keeps it: less than a group sees, enough to tell two numbers apart."""
    if len(digits) < len("13800001234") - 2:
        return "[号码]"
    return digits[:_HEAD] + "*" * (len(digits) - _HEAD - 2) + digits[-2:]


def mask_digits(text: str, official: Callable[[str], bool]) -> str:
    """The text with every number of four or more digits and every mixed token masked."""
    return _TOKEN.sub(lambda found: _mask(found, official), text)


def plain_digits(text: str) -> str:
    """The digits of a number in any writing, and a final X."""
    return "".join(
        _NUMERALS.get(char) or (str(value) if (value := unicodedata.digit(char, None)) is not None else "")
        for char in text
    ) + ("x" if text[-1:] in "Xx" and text else "")


def _mask(found: re.Match[str], official: Callable[[str], bool]) -> str:
    if found["mixed"] is not None:
        return "[编号]" if any(char.isnumeric() for char in found[0]) else found[0]
    digits = plain_digits(found[0])
    if official(digits):
        return found[0]
    if _CITIZEN.fullmatch(digits):
        return "[证件号]"
    mobile = _MOBILE.fullmatch(digits)
    if mobile:
        return mask_phone(mobile[1])
    if _LANDLINE.fullmatch(digits):
        return mask_phone(digits)
    return "[卡号]" if _CARD.fullmatch(digits) else "[数字]"
