"""Chat accounts that the SMS asks to add: WeChat, QQ, Telegram, LINE, WhatsApp and others."""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from bot.entities.scan import apart, blank

_VERB = (
    r"(?:添加|加入|加一下|加上|加下|(?<![参增追附外])加|添|进入|进群|进"
    r"|联系|咨询|详询|请询|询|搜索|搜|私聊|私信|联络|洽)"
)
_OURS = r"(?:我们?的?|本人|客服的?|老师的?|专员的?|经理的?|助理的?|小姐姐?的?|官方|好友|下方|以下|此|这个|信贷专员)?"
_ID = r"(?:\s?id|号码|号|账号|同号|同步|群号|群|好友)?"
_SEP = r"[\s:;,是为搜=>→_\-]{0,3}"
_HANDLE = r"[a-z][a-z0-9_\-]{4,19}"
_NETWORKS = (
    ("wechat", "微信", r"微信", rf"(?:{_HANDLE}|1[3-9]\d{{9}}|\d{{6,11}}|[a-z0-9_\-]{{6,20}})"),
    ("qq", "q", r"(?<![a-z0-9])qq|(?<=加)q(?=[\d群:_ ])|(?<![a-z0-9])q(?=[:_]?\s?\d{6})", r"[1-9]\d{4,11}"),
    (
        "line",
        "line|赖",
        r"(?<![a-z])line(?![a-z])|(?<=加)(?:我的?)?赖|(?<![\u3400-\u9fff])赖(?=[:id@])|赖(?=id)",
        r"@?[a-z0-9][a-z0-9._\-]{2,19}",
    ),
    (
        "telegram",
        "tele|tg|电报|飞机",
        r"(?<![a-z])(?:telegram|tele|tg)(?![a-z])|电报|纸飞机|飞机(?=号|群|:|@)",
        r"@?[a-z][a-z0-9_]{3,31}",
    ),
    ("whatsapp", "what|ws", r"(?<![a-z])(?:whats ?app|whatapp|wsapp|ws)(?![a-z])", r"\+?\d[\d \-]{6,15}\d"),
    (
        "other",
        "蝙蝠|钉钉|skype|signal|viber|kakao|messenger|potato|土豆|事密达|思语|默往",
        r"蝙蝠|钉钉|(?<![a-z])(?:skype|signal|viber|kakao(?:talk)?|messenger|potato)(?![a-z])|土豆(?=聊|:|号)|事密达|思语|默往",
        r"[a-z0-9][a-z0-9_.\-]{4,24}",
    ),
)
"""Name; words without which it is not looked for; its name in text; an account's shape."""
_PATTERNS = tuple(
    (
        name,
        tuple(gate.split("|")),
        re.compile(
            rf"(?P<verb>{_VERB}\s?{_OURS}\s?)?(?P<name>{word})(?P<id>{_ID})(?P<sep>{_SEP})"
            rf"(?P<handle>{handle}(?![a-z0-9]|\.[a-z0-9]))?"
        ),
    )
    for name, gate, word, handle in _NETWORKS
)
_OFFICIAL_AFTER = re.compile(
    r"支付|公众|小程序|服务号|订阅号|钱包|红包|零钱|客户端|扫一扫|扫码|银行|电影票|安全|团队|验证码|转账|收款|提现|绑定|登录|账单|商户|缴费|服务|城市服务|卡包|朋友圈|视频号|"
    r"首推|预约|挂号|读书|邮箱|音乐|浏览器|会员|空间|pay|认证|购物|官方账号|贴图|点数|points|taxi|bank|礼物|today"
)
_OFFICIAL_BEFORE = re.compile(
    r"(?:企业|关注|官方|打开|登录|更换|你的|您的|进入|通过|使用|用|下载|开通|首推|绑定|财付通|在|支持|或|及|和)\s?$"
)
_WARNED = re.compile(
    r"(?:切勿|请勿|勿|不要|别|不加|小心|谨防|慎防|当心|拒绝|避免)[^,。;!?\n]{0,8}$"
    r"|(?:诈骗|骗徒|骗子|陌生人|不明人士|要求|诱导|诱骗)[^,。;!?\n]{0,6}$"
)
_RISKY = re.compile(r"[^,。;!?\n]{0,8}(?:风险|诈骗|骗局|受骗|有诈|陷阱|小心)")
"""A network named in a warning is no contact: 加LINE投资风险高, 切勿加微信."""
_MASKED = re.compile(
    r"\s?:?\s?[a-z0-9]{0,4}\*{2,}[a-z0-9*]{0,12}|\s?:\s?(?=$|[,。;)])|\s?:?\s?x{2,}(?![a-z0-9])|\s?:?\s?\d\*{2,}\d*"
)
"""An account that its teller starred out or cut away."""
_JOINED = {"wechat", "qq"}
"""Networks whose account may follow the name without a sign: 微信abc12345."""
_MOST = 64
"""Matches looked at for each pattern: honest SMS have a few."""
_BRANDS = {"pay", "bank", "taxi", "today", "points", "shopping", "music", "travel", "pass", "insurance"}
_AT = re.compile(r"(?<![a-z0-9._@/])@([a-z][a-z0-9_.\-]{3,31})(?![a-z0-9@]|\.[a-z])")
_LONE_ID = re.compile(r"(?:咨询|联系|加我|私讯|加|洽询|请洽)\s?id\s?:?\s?(@?[a-z0-9][a-z0-9._\-]{3,19})?")
_CONTACT_RAI = re.compile(
    r"赖我(?=领|加|索|拿|了解|咨询|免费|可以|获|报)|加(?:我的?|入)?赖|(?<![信依抵耍无])赖(?=\s?(?::|id))"
)
_WITHOUT_NAME = (("赖", _CONTACT_RAI, "line"), ("id", _LONE_ID, "line"), ("@", _AT, "other"))
_WEB = {
    "t.me": "telegram",
    "telegram.me": "telegram",
    "line.me": "line",
    "lin.ee": "line",
    "wa.me": "whatsapp",
}


class AccountHit(NamedTuple):
    """A chat account in folded text."""

    start: int
    end: int
    network: str
    handle: str


def find_accounts(text: str) -> list[AccountHit]:
    """Accounts given as a contact. A network that is merely named, as in 微信支付, is none."""
    found = [
        hit
        for network, gate, pattern in _PATTERNS
        if any(word in text for word in gate)
        for match in islice(pattern.finditer(text), _MOST)
        if (hit := _hit(text, network, match))
    ]
    hits = apart(found) if found else found
    rest = blank(text, [hit[:2] for hit in hits])
    for gate, pattern, network in _WITHOUT_NAME:
        if gate in rest:
            hits += [
                AccountHit(*match.span(), network, (match[1] or "") if pattern.groups else "")
                for match in islice(pattern.finditer(rest), _MOST)
            ]
    return apart(hits)


def _hit(text: str, network: str, match: re.Match[str]) -> AccountHit | None:
    handle = (match["handle"] or "").strip()
    start, end = match.span()
    masked = _MASKED.match(text, match.end("id"))
    if masked or set(handle) == {"x"}:
        return AccountHit(start, max(end, masked.end() if masked else end), network, "")
    if handle:
        joined = network in _JOINED or match["sep"] or match["id"] or handle[0] in "@+"
        return AccountHit(start, end, network, handle.removeprefix("@")) if joined and handle not in _BRANDS else None
    named = _OFFICIAL_BEFORE.search(text, max(0, start - 4), start)
    verb = (match["verb"] or "").strip()
    after = match.end("name")
    if _OFFICIAL_AFTER.match(text, after, after + 6) or (named and verb not in {"加", "添加"}):
        return None
    if _WARNED.search(text, max(0, start - 14), start) or _RISKY.match(text, match.end()):
        return None
    asked = (match["id"] or network == "line") and match["sep"].strip().startswith(":")
    return AccountHit(start, match.end("id"), network, "") if verb or asked else None


def from_host(host: str, url: str) -> tuple[str, str] | None:
    """The account behind a link to a chat service: ``t.me/name``."""
    network = _WEB.get(host)
    if network is None:
        return None
    path = url.split(host, 1)[-1].strip("/").split("?")[0]
    return network, path.rsplit("/", 1)[-1].lstrip("+@~")
