"""Telephone numbers and short-message ports, by China's numbering plan (docs/facts/numbering.md)."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.entities.scan import cued
from bot.model import NumberKind

_S = r"[ \-–]?"
_RUN = re.compile(
    rf"""(?:
    (?P<foreign>(?:\+|(?<![\da-z])00(?=[1-9]))\(?\d{{1,3}}\)?(?:{_S}\(?\d\)?){{6,13}})
  | (?P<mobile>(?:\(?86\)?{_S})?1[3-9]\d(?:(?:{_S}\d){{8}}|\.\d{{4}}\.\d{{4}}))
  | (?P<ragged>1\ ?[3-9](?:\ ?\d){{9}})
  | (?P<free>[48]00(?:{_S}\d){{7}})
  | (?P<masked>1[3-9][\dx*]{{8,10}}|1[3-9]\d{{1,5}}[x*]{{2,8}}\d{{0,4}}|[x*]{{7,12}}
        |0\d{{2,3}}{_S}(?:[x*]{{6,8}}|\d{{1,5}}[x*]{{2,6}}\d{{0,4}}|[x*]{{2,6}}\d{{2,6}})|[2-9](?:\d{{3}}{_S}[x*]{{4}}|[x*]{{3}}{_S}[x*\d]{{4}})|[48]00{_S}[x*\d]{{3,4}}{_S}[x*\d]{{3,4}}
        |09[\dx*]{{2}}-?[\dx*]{{3}}-?[x*]{{3}}|(?:\+|00)\d{{2,3}}{_S}\d?[x*\d]{{0,4}}[x*]{{2,6}}\d{{0,4}}|1\d?[x*]{{4,9}}\d{{0,4}})
  | (?P<port>106\d{{5,17}})
  | (?P<taiwan>09\d\d-?\d{{3}}-?\d{{3}}|0800-?\d{{3}}-?\d{{3}})
  | (?P<areashort>\(?0\d{{2,3}}\)?{_S}(?:96\d{{3,4}}|95\d{{3}}|123\d{{2}}|100\d{{2}}))
  | (?P<landline>\(?0(?:10|2\d|[3-9]\d{{2}})\)?{_S}[2-9]\d{{2,3}}{_S}\d{{4}}(?:[\-转]\d{{1,6}})?)
  | (?P<islands>\(?0[2-8]\d?\)?{_S}\d{{3,4}}-?\d{{4}})
  | (?P<premium>12590\d{{0,9}}|118\d{{2,6}}|168\d{{2,7}}|160\d{{3,6}})
  | (?P<service>95\d{{3,6}}|123\d{{2}}|12[0-2]\d{{2}}|12123\d{{4}}|11[468]\d{{2}}|100\d{{2}}|1010\d{{4}}|96\d{{3,4}})
  | (?P<short>96110|110|119|120|122|114|165|111|999)
  | (?P<local>[2-9]\d{{2,3}}{_S}\d{{4}})
    )(?![\d*]|\.\d)""",
    re.VERBOSE,
)
_DIGITS = re.compile(r"[+(0-9*x](?<![\d.*x].)[0-9*x ()\-–]{2,40}(?:转[0-9]{1,6})?")
_AGAIN = re.compile(r"(?<=[^\d*x])[+(0-9*x]")
_MVNO = ("170", "171", "162", "165", "167")
_MOBILE = 11
_EXTENSION = re.compile(r"(?<=\d{7})(?:-|转)\d{1,6}$")
_MASKED_MOBILE = re.compile(r"1[3-9][\dx*]{9}")
_ID_BEFORE = re.compile(
    r"(?:订单|单号|运单|快件|包裹|保单|票号|票|合同|编号|流水|序号|凭证|会员号|卡号|账号|代码|楼|航班|车次|邮件|退订回|回复|回|发送|发|身份证|货号|验票码|取件码|"
    r"提货码|密码|编码|合约|案号|工单|尾号|学号|房号|单)(?:号码|号|为|是|编号)?\s?[:#(（\[]?\s?$"
)
_UNIT_AFTER = re.compile(
    r"\s?(?:[元块年月日时点分秒%个人次张件条股笔期天万亿倍折米克号楼栋室平级层位套]|mb|gb|kb|m流|g流|积分|流量|公里)"
)
_DIAL = re.compile(r"拨打?$|按$|听$|打$|电话$|电:?$|call$")


class NumberHit(NamedTuple):
    """A number in folded text."""

    start: int
    end: int
    digits: str
    kind: NumberKind


def find_numbers(text: str, *, traditional: bool = False) -> list[NumberHit]:
    """Numbers in folded text in which links, amounts, dates and codes are blanked."""
    hits: list[NumberHit] = []
    for run in _DIGITS.finditer(text):
        at, stop = run.span()
        while at < stop - 1:
            match = _RUN.match(text, at)
            hit = _hit(match, text, traditional=traditional) if match else None
            if hit:
                hits.append(hit)
                at = hit.end
            elif following := _AGAIN.search(text, at + 1, stop):
                at = following.start()
            else:
                break
    return hits


def _hit(match: re.Match[str], text: str, *, traditional: bool) -> NumberHit | None:
    group = match.lastgroup or ""
    start, end = match.span()
    written = _EXTENSION.sub("", match[0]) if group == "landline" else match[0]
    digits = "".join(char for char in written if char.isdecimal() or char in "*x+")
    if group == "areashort":
        digits = re.sub(r"^0(?:10|2\d|[3-9]\d\d)", "", digits)
    kind = _kind(group, digits, text, start, end, traditional=traditional)
    if kind is None:
        return None
    if group == "mobile" and len(digits) > _MOBILE:
        digits = digits.removeprefix("86")
    elif group == "foreign":
        digits = re.sub(r"^(?:\+|00)86(?=1[3-9]\d{9}$|0?[1-9]\d{8,10}$)|^00(?=[1-9])", _internationally, digits)
    return NumberHit(start, end, digits, kind)


def _internationally(match: re.Match[str]) -> str:
    return "" if match[0].endswith("86") else "+"


def classify(number: str) -> NumberKind:
    """The kind of a number that stands alone, such as a sender.

    >>> classify("1069123456"), classify("95588"), classify("+85251234567")
    (<NumberKind.PORT_106: 'port_106'>, <NumberKind.SERVICE_95: 'service_95'>, <NumberKind.FOREIGN: 'foreign'>)
    """
    digits = "".join(char for char in number.lower() if char.isdecimal() or char in "+*x")
    if digits.startswith(("+86", "0086")):
        digits = digits[3:] if digits[0] == "+" else digits[4:]
    if digits.startswith(("+", "00")):
        return NumberKind.FOREIGN
    if "*" in digits or "x" in digits:
        return NumberKind.MASKED
    for pattern, kind in _ALONE:
        if pattern.fullmatch(digits):
            return NumberKind.MVNO if kind is NumberKind.MOBILE and digits.startswith(_MVNO) else kind
    return NumberKind.OTHER


_ALONE = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"1[3-9]\d{9}|09\d{8}", NumberKind.MOBILE),
        (r"106\d{3,17}", NumberKind.PORT_106),
        (r"[48]00\d{7}|0800\d{6}", NumberKind.SERVICE_400),
        (r"96110", NumberKind.PUBLIC),
        (r"95\d{3,10}", NumberKind.SERVICE_95),
        (r"96\d{3,6}", NumberKind.LOCAL_96),
        (r"12590\d{0,9}|118\d{2,6}|168\d{2,7}", NumberKind.PREMIUM),
        (r"1[0-2]\d{3,10}|11\d|12[02]|165|999", NumberKind.PUBLIC),
        (r"0\d{9,11}|[2-8]\d{6,7}", NumberKind.LANDLINE),
    )
)


def _kind(group: str, digits: str, text: str, start: int, end: int, *, traditional: bool) -> NumberKind | None:
    """The kind of what ``group`` of ``_RUN`` matched; None where the surroundings say that it is no number to call."""
    before = text[max(0, start - 8) : start]
    if before[-1:].isascii() and before[-1:].isalpha() and not _PREFIX.search(before):
        return None
    if _ID_BEFORE.search(before) and not cued(text, start, 6):
        return None
    if group == "masked" and _OWN_BEFORE.search(before):
        return None
    if group in _CLEAR:
        return classify(digits.removeprefix("86") if len(digits) > _MOBILE else digits)
    if group not in {"short", "masked", "foreign"} and _UNIT_AFTER.match(text, end):
        return None
    return _in_context(group, digits, text, start, end, traditional=traditional)


_OWN_BEFORE = re.compile(r"(?:您的|你的|门号|手机号码?|用户|机主|尊敬的)[为是:]?\s?$")
"""The reader's own number, starred out by a genuine sender."""
_CLEAR = {"mobile", "free", "port", "taiwan", "areashort"}
_PREFIX = re.compile(r"(?<![a-z])(?:tel|t|phone|mob|call|v|vx|wx)$")
_SHORT_AFTER = re.compile(r"报警|反诈|专线|热线|举报|电话|平台|民警")
_FIVE, _EIGHT = 5, 8


def _in_context(group: str, digits: str, text: str, start: int, end: int, *, traditional: bool) -> NumberKind | None:
    """As ``_kind``, for shapes that are a number only with something more."""
    near = cued(text, start, 10)
    dialled = bool(_DIAL.search(text, max(0, start - 8), start))
    holds = {
        "landline": True,
        "foreign": digits[0] == "+" or cued(text, start),
        "masked": ("*" in digits or "x" in digits) and (digits[0] in "01" or cued(text, start)),
        "premium": dialled or digits.startswith("12590"),
        "service": len(digits) <= _FIVE or near or dialled,
        "short": near or dialled or bool(_SHORT_AFTER.match(text, end)),
    }
    if not holds.get(group, near):
        return None
    if group == "local" and traditional and len(digits) == _EIGHT and digits[0] in "456789":
        return NumberKind.MOBILE
    return _FIXED.get(group) or classify(digits)


_FIXED = {
    "landline": NumberKind.LANDLINE,
    "islands": NumberKind.LANDLINE,
    "local": NumberKind.LANDLINE,
    "masked": NumberKind.MASKED,
    "premium": NumberKind.PREMIUM,
    "short": NumberKind.PUBLIC,
}
