"""Undoes signs and short forms that stand for a contact's network, and digits written as something else."""

from __future__ import annotations

import re
from functools import cache

from bot.disguise import Edit, H
from bot.glyphs import TABLE
from bot.lexicon import load, section, words

_ACCOUNT = r"[a-z0-9][a-z0-9_\-]{4,24}(?![a-z0-9_\-]|\.[a-z])"


@cache
def _names() -> dict[str, str]:
    """What may be written for a network beside a contact, and the network's name."""
    table = load("variants")
    names = {
        "vx": "微信",
        "wx": "微信",
        "wechat": "微信",
        "weixin": "微信",
        "vxin": "微信",
        "wxin": "微信",
        "v": "微信",
    }
    names |= {"w": "微信", "w信": "微信", "q": "qq", "qq": "qq"}
    for part in ("guarded", "guarded_signs"):
        for name, spellings in section(table, part, of="variants").items():
            for written in words({name: spellings}, name, of="variants"):
                names["".join(map(TABLE.__getitem__, written))] = name
    names |= {"v信": "微信", "w信": "微信"}
    names |= {sign + "x": "微信" for sign in _SIGNS.split("|")}
    return names


def _group(part: str) -> str:
    table = section(load("variants"), part, of="variants")
    return "|".join(word for name in table for word in words(table, name, of="variants"))


_SIGNS = _group("guarded_signs")
_WORDS = _group("guarded")
_FIRST = "".join(sorted(set(_SIGNS + "".join(word[0] for word in _WORDS.split("|"))) - {"|"}))
_CONTACT = re.compile(
    rf"""
    (?=[vwq+十加添{_FIRST}])(?:
    (?<![a-z0-9./@_\-])(?P<letters>v\s?x|w\s?x|[vw]\s?信|wechat|weixin|vxin|wxin)
        (?=\s*[:号]|\s*[{H}]|\s|$|[,;!)】。]|\d{{5}}|_)
  | (?P<signx>(?:{_SIGNS})x)(?=\s?:|\s?{_ACCOUNT})
  | (?:(?P<plus>[+十])|加|添)\s?我?(?P<short>v(?!x|信|❤|i[ps]|id)|w(?!x|e|h|s)|q(?!q)|{_SIGNS})
        (?=\s?[:号]?\s?{_ACCOUNT}|\s?:)
  | (?<=加)(?P<heart>❤|v)(?=\s*[{H}]|$|[,;!。])
  | (?<![a-z0-9./@_\-{H}])(?P<one>v|{_SIGNS})\s?:\s?(?={_ACCOUNT})
  | (?:(?<=加)|(?<=添加)|(?<=咨询)|(?<=联系)|(?<=我的))(?P<word>{_WORDS})(?!.[{H}])
  | (?P<before>{_WORDS})(?=号?码?\s?:?\s?(?:[a-z][a-z0-9_\-]{{5,19}}|\d{{5,12}})(?![a-z0-9_\-]|\.[a-z]))
  | (?<![a-z0-9./@_\-])(?P<q>q\s?q|q)(?=群|号)
    )""",
    re.VERBOSE,
)
_CONTACT_GATE = re.compile(rf"[vwq{''.join(sorted(set(_SIGNS + _WORDS) - {'|'}))}]")


def find_contacts(text: str) -> list[Edit]:
    """Signs and short forms that stand for 微信 or QQ beside a contact."""
    gate = _CONTACT_GATE.search(text)
    if gate is None:
        return []
    edits = []
    names = _names()
    for match in _CONTACT.finditer(text, max(0, gate.start() - 3)):
        group = match.lastgroup or ""
        start, end = match.span(group)
        written = "".join(match[group].split())
        name = names[written]
        if match["plus"]:
            edits.append(Edit(*match.span("plus"), "加", ""))
        if match[group] != name:
            honest = group == "q" or written in {"wechat", "weixin", "q"}
            edits.append(Edit(start, end, name, "" if honest else "symbol_letter"))
    return edits


_DIGITS = str.maketrans(
    "〇零oli|幺一壹二贰两三叁四肆五伍六陆七柒八捌九玖",
    "00011111122233445566778899",
)
_RUN = re.compile(
    r"[0-9〇零oli|幺一壹二贰两三叁四肆五伍六陆七柒八捌九玖](?<![a-z0-9./@_\-].)"
    r"[0-9〇零oli|幺一壹二贰两三叁四肆五伍六陆七柒八捌九玖]{4,}(?![a-z0-9./@_])"
)
_WRITTEN_PHONE = re.compile(r"1[3-9]\d{9}|100\d{2}|1[12]\d{3}|95\d{3,6}|[48]00\d{7}|0\d{9,11}|[1-9]\d{6,11}")
_LETTERED_PHONE = re.compile(r"1[3-9]\d{9}|100(?:10|86|99)|95\d{3}|[48]00\d{7}|0\d{9,11}|106\d{5,17}")


def find_digits(text: str) -> list[Edit]:
    """Chinese numerals and look-alike letters within a phone number: 一三八…, l38OO…, l0086."""
    edits = []
    for match in _RUN.finditer(text):
        run = match[0]
        if run.isdecimal() and run.isascii():
            continue
        plain = run.translate(_DIGITS)
        lettered = any(char in "oli|" for char in run)
        shape = _LETTERED_PHONE if lettered else _WRITTEN_PHONE
        if shape.fullmatch(plain) and any(char not in "oli|" for char in run):
            edits.append(Edit(match.start(), match.end(), plain, "lookalike"))
    return edits
