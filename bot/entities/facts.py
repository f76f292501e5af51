"""Amounts, one-time codes, card tails and numbers, dates and times."""

from __future__ import annotations

import re

from bot.entities.scan import Hit, apart, blank

_SUM = r"[0-9,]{0,15}(?:\.[0-9]{1,4})?"
_UNIT = (
    r"(?:元(?![旦素宵])|块钱|块(?![\u3400-\u9fff])|圆|rmb|人民币|港币|港元|美元|美金|新?台币|日元(?!旦)|欧元|英镑|"
    r"usdt?|泰达币)"
)
_MONEY = (
    re.compile(
        rf"(?:[¥$]|rmb|cny|hk\$|nt\$|usd|hkd|twd|ntd|人民币|港币|新?台币|美元)\s?:?-?[0-9]{_SUM}(?:\s?[万亿千百]|w)?(?:元|块)?"
    ),
    re.compile(
        rf"[0-9](?<![0-9.].){_SUM}\s?(?:(?:[万亿千百十]{{1,2}}|w|k)?\s?[多余]?{_UNIT}|[万亿](?![0-9里公平件部台份人次户辆家名张]))"
    ),
    re.compile(
        r"[一二三四五六七八九十百千万两几](?<![第周].)[一二三四五六七八九十百千万两几]{0,7}[多余]?万?(?:元(?![旦素宵])|块钱)"
    ),
)
_CODE_WORD = (
    r"(?:验证码|校验码|动态码|动态密码|动态口令|确认码|识别码|激活码|随机码|随机密码|授权码|短信码|短信密码|一次性密码|"
    r"登录码|注册码|安全码|交易码|检验码|认证密码|otp|passcode|verification code|security code|auth code|code|pin)"
)
_CODE = re.compile(
    rf"{_CODE_WORD}[^\d\x00]{{0,12}}(?<![\d.*])(\d{{4,8}})(?![\d:*元]|\.\d|\s?[元年月])"
    rf"|(?<![\d.*])(\d{{4,8}})\s?(?:\(|,|是|为|作为|\[|【)?[^\d\x00。]{{0,10}}{_CODE_WORD}"
    rf"|(?<![\d.*])(\d{{3}}[ -]\d{{3}})(?= ?(?:is|为您|是您)[^\d]{{0,12}}{_CODE_WORD})"
)
_CODE_GATE = re.compile(_CODE_WORD)
_TAILS = (
    re.compile(
        r"(?:尾号|尾数|末[四4五5三3][码位]|后[四4三3][码位]|卡尾|ending(?: in)?)"
        r"(?:为|是|数)?\s?[:(*x]{0,5}\s?(\d{3,5})(?!\d)"
    ),
    re.compile(
        r"(?:账户|账号|存折|信用卡|借记卡|储蓄卡|一卡通|支付卡|理财卡|金卡|卡号)\s?:?[(*x]{0,6}(?:[\u3400-\u9fff]{2,6}行)?(\d{4})"
        r"(?=[)于的,。消在发支转入收存完:\n]|\d{1,2}[月日]|$)"
    ),
    re.compile(r"[0-9](?<!\d.)\d{3,5}[*x]{3,12}(\d{4})(?!\d)"),
)
_CARD = re.compile(r"[3-69](?<![\da-z].)\d{3}(?:[ \-]?\d{4}){3}(?:[ \-]?\d{1,3})?(?![\d*])")
_ORDER = re.compile(r"(?:订单|单号|运单|流水|编号|合同|票号|快件|身份证)号?码?\s?[:(]?\s?$")
_ACCOUNT = re.compile(r"(?:卡 ?号|账 ?号|账户|户名|收款人)[^\d\x00]{0,14}(\d(?:[ \-]?\d){11,20})(?![\d*])")
_DATE = re.compile(
    r"(?:19|20)\d{2}(?<!\d....)\s?(?:年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号]?)?)?|[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)日?)"
    r"|[0-9](?<![\d.(].)\d?(?:\s?月\s?\d{1,2}\s?[日号]?|月|日|[时点](?:\d{1,2}分?)?|:\d{2}(?::\d{2})?(?!\d)|/\d{1,2}(?![\d/%折])"
    r"|年\d{1,2}月\d{1,2}日)"
    r"|(?:0[1-9]|1[0-2])(?<![\d\-.]..)-(?:0[1-9]|[12]\d|3[01])(?![\d\-])|1\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?!\d)"
)


def find_amounts(text: str) -> list[Hit]:
    """Sums of money, with the currency sign or word."""
    return apart([Hit(*match.span(), match[0]) for pattern in _MONEY for match in pattern.finditer(text)])


def find_codes(text: str) -> list[Hit]:
    """One-time codes: four to eight digits beside a word for such a code."""
    if not _CODE_GATE.search(text):
        return []
    return [Hit(*match.span(match.lastindex or 0), match[match.lastindex or 0]) for match in _CODE.finditer(text)]


def find_card_tails(text: str) -> list[Hit]:
    """The last digits of a card or account."""
    hits = [Hit(*match.span(1), match[1]) for pattern in _TAILS for match in pattern.finditer(text)]
    return apart(hits)


def find_cards(text: str) -> list[Hit]:
    """Whole card and account numbers: 16 to 19 digits that pass Luhn's check, or any after 卡号, 账号."""
    named = [Hit(*match.span(1), _digits(match[1])) for match in _ACCOUNT.finditer(text)]
    rest = blank(text, [hit[:2] for hit in named])
    checked = [
        Hit(*match.span(), digits)
        for match in _CARD.finditer(rest)
        if luhn(digits := _digits(match[0])) and not _ORDER.search(rest, max(0, match.start() - 8), match.start())
    ]
    return sorted(named + checked)


def find_dates(text: str) -> list[Hit]:
    """Dates and times of day."""
    return [Hit(*match.span(), match[0]) for match in _DATE.finditer(text)]


def luhn(digits: str) -> bool:
    """The check digit of payment cards (ISO/IEC 7812-1, annex B).

    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the two digits of the double added up
    return total % 10 == 0


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())
