"""What scammers, forwarders and fingers do to an SMS: each function returns the changed text, or None where it
does not apply. All are deterministic."""

from __future__ import annotations

import re
from functools import cache
from zlib import crc32

import opencc

LINK = re.compile(
    r"https?://[!-~]+|(?<![A-Za-z0-9@.])(?:[A-Za-z0-9*-]+\.)+[A-Za-z]{2,10}(?![A-Za-z0-9@])(?:/[A-Za-z0-9/?=&_.%-]*)?"
)
NUMBER = re.compile(r"(?<![\dA-Za-z*./-])(?:\d[ -]?){6,}\d(?![\d*A-Za-z])")
HAN = "\u3400-\u9fff"
SIGNATURE = re.compile(r"[【\[][^】\]\n]{2,20}[】\]]")
CONTACT = re.compile(
    rf"{LINK.pattern}|{NUMBER.pattern}|(?:微信|QQ|V|qq|vx|VX|LINE|TG|Telegram|WhatsApp)\W{{0,2}}[A-Za-z0-9_]{{4,}}"
)
NAMED_CONTACT = re.compile(
    "链接|連結|连结|网址|網址|扫码|掃碼|扫描|掃描|二维码|附件|回复|回覆|入口|点击|點擊|點選|領取|领取"
)

# Written by hand and not from data/lexicon/sounds.tsv, as a scammer would: whatever comes to mind.
SOUNDS = {
    "微信": "薇信", "贷款": "贷欵", "验证码": "验正码", "银行": "银珩", "密码": "蜜码", "额度": "额渡",
    "征信": "怔信", "股票": "股嫖", "涨停": "涨亭", "佣金": "拥金", "刷单": "刷丹", "兼职": "兼枳",
    "发票": "发漂", "客服": "咳服", "理赔": "理陪", "社保": "社葆", "医保": "医堡", "积分": "积芬",
    "领取": "翎取", "提现": "缇现", "彩票": "彩漂", "转账": "转帐", "棋牌": "棋排", "账户": "帐户",
    "冻结": "冻洁", "逾期": "愈期", "退款": "退欵", "链接": "涟接", "投资": "投滋", "充值": "充植",
    "开户": "开沪", "返利": "返莉", "红包": "荭包", "中奖": "中桨", "快递": "快帝", "包裹": "苞裹",
    "信用卡": "信用咔", "利息": "利熄", "法院": "珐院", "公安": "公桉", "注销": "注箫", "认证": "认症",
    "会员": "浍员", "补贴": "补帖", "罚款": "罚欵", "收益": "收溢", "扣款": "扣欵",
}  # fmt: skip


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def _pick(text: str, number: int) -> int:
    """The same choice for the same text in every run."""
    return crc32(text.encode()) % number


def _outside_links(text: str, change: object) -> str:
    assert callable(change)
    parts, at = [], 0
    for match in LINK.finditer(text):
        parts += [change(text[at : match.start()]), match[0]]
        at = match.end()
    return "".join([*parts, change(text[at:])])


def traditional(text: str) -> str | None:
    return _outside_links(text, _converter().convert)


def full_width(text: str) -> str | None:
    return text.translate({code: code + 0xFEE0 for code in [*range(48, 58), *range(65, 91), *range(97, 123)]})


def filler(text: str) -> str | None:
    """A sign after every second or third character of each run of at least four Han characters."""
    sign, step = ".*_ "[_pick(text, 4)], 2 + _pick(text[::-1], 2)

    def broken(match: re.Match[str]) -> str:
        run = match[0]
        return sign.join(run[at : at + step] for at in range(0, len(run), step))

    return re.sub(rf"[{HAN}]{{4,}}", broken, text)


def zero_width(text: str) -> str | None:
    """Between all Han characters and inside numbers."""
    sign = "\u200b\u200d\u2060\ufeff"[_pick(text, 4)]
    return _outside_links(text, lambda part: re.sub(rf"(?<=[{HAN}0-9])(?=[{HAN}0-9])", sign, part))


def emoji_digits(text: str) -> str | None:
    changed = _outside_links(
        text, lambda part: NUMBER.sub(lambda m: re.sub(r"\d", lambda d: d[0] + "\ufe0f\u20e3", m[0]), part)
    )
    return changed if changed != text else None


def homophones(text: str) -> str | None:
    changed = re.sub("|".join(sorted(SOUNDS, key=len, reverse=True)), lambda match: SOUNDS[match[0]], text)
    return changed if changed != text else None


def split_link(text: str) -> str | None:
    """A blank after the first dot of a host, and one before the last."""

    def split(match: re.Match[str]) -> str:
        whole = re.fullmatch(r"(https?://)?([^/?#]+)(.*)", match[0], re.DOTALL)
        assert whole
        scheme, host, rest = whole.groups()
        first, *inner, last = host.split(".")
        spaced = f"{first}. {'.'.join([*inner, ''])[:-1]} .{last}" if inner else f"{first} .{last}"
        return (scheme or "") + spaced + rest

    changed = LINK.sub(split, text)
    return changed if changed != text else None


def moved_signature(text: str) -> str | None:
    front = SIGNATURE.match(text)
    if front:
        return text[front.end() :].lstrip() + front[0]
    back = re.search(rf"{SIGNATURE.pattern}$", text)
    return back[0] + text[: back.start()] if back else None


def wrapped(text: str) -> str | None:
    if _pick(text, 2):
        return f"10690012345678\n{text}\nSIM1_江南移动_13800001111\nSubId：1\n2026-01-15 10:21:33"
    return f"[SIM1Receive SMS]\nFrom: 10690012345678\nContent: {text}"


def cut_tail(text: str) -> str | None:
    """The last 15 % dropped, unless the only way to answer (or the word for it) stood there."""
    at = round(len(text) * 0.85)
    contacts = list(CONTACT.finditer(text)) or list(NAMED_CONTACT.finditer(text))
    return text[:at] if not contacts or contacts[0].end() <= at else None


def opening(text: str) -> str | None:
    front = SIGNATURE.match(text)
    at = front.end() if front else 0
    return text[:at] + "您好，打扰了，" + text[at:]


def line_breaks(text: str) -> str | None:
    """After every ten to thirteen characters, where both neighbours are Han."""
    out, since = [], 0
    limit = 10 + _pick(text, 4)
    for at, char in enumerate(text):
        out.append(char)
        since += 1
        if since >= limit and re.fullmatch(rf"[{HAN}]{{2}}", text[at : at + 2]):
            out.append("\n")
            since = 0
    changed = "".join(out)
    return changed if changed != text else None


DISGUISES = {
    change.__name__: change
    for change in (
        traditional, full_width, filler, zero_width, emoji_digits, homophones,
        split_link, moved_signature, wrapped, cut_tail, opening, line_breaks,
    )
}  # fmt: skip
HARMLESS = {
    change.__name__: change for change in (traditional, full_width, wrapped, moved_signature, line_breaks, opening)
}
