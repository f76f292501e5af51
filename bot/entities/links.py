"""Web addresses: with and without scheme, broken up, masked, behind short links."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from publicsuffixlist import PublicSuffixList

from bot.entities.scan import blank
from bot.glyphs import TABLE
from bot.lexicon import load, words
from bot.model import LinkKind

_TAIL = r"(?::\d{2,5})?(?:[/?#][a-z0-9\-._~:/?#@$&'*+=%]*)?"
_DOT = r"\s?[.。·•]\s?|\s?点\s?(?=[a-z0-9])"
_LABELS = rf"[a-z0-9*_\-]{{1,63}}(?:(?:{_DOT})[a-z0-9*_\-]{{1,63}}){{1,8}}"
_SCHEME = re.compile(
    rf"(?P<scheme>h[tx]{{2}}ps?\s?:\s?/\s?/\s?)(?P<full>(?:{_LABELS}|[a-z0-9*_\-]{{3,63}})(?:{_TAIL}))"
)
_START = re.compile(r"[a-z0-9*](?<![a-z0-9@.*_\-%].)[a-z0-9*_\-]{0,62}(?=\s?[.。点·•/])")
_ODD = "|".join(sorted(words(load("tlds"), "odd", of="tlds"), key=len, reverse=True))
_LINK = re.compile(
    rf"""
    (?P<www>(?:www|wap|3g)(?:{_DOT})(?:{_LABELS})(?:{_TAIL}))
  | (?P<ip>\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![\d.])(?:{_TAIL}))
  | (?P<bare>(?:[a-z0-9*_\-]{{1,63}}\.){{1,8}}[a-z0-9\-]{{2,24}}(?![a-z0-9\-@])(?:{_TAIL}))
  | (?P<spelt>(?:[a-z0-9\-]{{2,63}}(?:\s?点\s?|。|\s?[.·•]\s?)){{1,3}}
        (?:com|cn|net|org|cc|top|xyz|vip|info|com(?:\s?点\s?|。|\s?\.\s?)cn)(?![a-z0-9\-@])(?:{_TAIL}))
  | (?P<apart>(?:[a-z0-9*\-]{{1,63}}\s?\.\s?){{0,2}}[a-z0-9*\-]{{2,63}}\s\.(?:{_ODD})(?![a-z0-9\-@.])(?:{_TAIL}))
  | (?P<masked>[a-z0-9.\-]{{0,20}}\*{{2,}}/[a-z0-9\-_/?=&]{{2,}})
    """,
    re.VERBOSE,
)
_REMOVED = re.compile(
    r"h[tx]{2}ps?\s?:\s?/\s?/(?=\s|$|[^a-z0-9*\s])"
    r"|[(\[【<「]\s?(?:网址|链接|连结|短链接?|网页链接|link|url)\s?(?:略|已?隐藏|省略|已?删除|已?屏蔽)?\s?[)\]】>」]"
    r"|(?:网址|链接|连结|短链)(?:略|已?隐藏|已?省略|已?删除|已?屏蔽)"
)
"""A link that whoever passed the SMS on took out: http:// with nothing behind it, 网址略, [链接]."""
_EMAIL = re.compile(r"[a-z0-9._%+\-]{1,64}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63})+")
_IP = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_SPACED_DOT = re.compile(_DOT)
_MASK = re.compile(r"\*|^x{2,}\.|\.x{2,}\.|^x{2,}$")


_GLUED = re.compile(r"\.(?:com|cn|net|org|cc|top|vip|xyz|tw|hk)(td|t|n|q)$")
_LEAVE = re.compile(r"\s?(?:退|拒|回复?退|$)")
"""jd.comTD退订: the sign for leaving the list stands right behind the address."""


class LinkHit(NamedTuple):
    """A link in folded text."""

    start: int
    end: int
    url: str
    host: str
    domain: str | None
    kind: LinkKind


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False, accept_encoded_idn=True)


@cache
def _hosts(key: str) -> frozenset[str]:
    return frozenset(words(load("hosts"), key, of="hosts"))


@lru_cache(maxsize=4096)
def _known_tld(tld: str) -> bool:
    return _suffixes().publicsuffix(tld) is not None


@lru_cache(maxsize=4096)
def registrable(host: str) -> str | None:
    """The part of ``host`` that somebody registered, by the public suffix list; None where there is none."""
    found = _suffixes().privatesuffix(host)
    return str(found) if found else None


def classify(host: str) -> tuple[LinkKind, str | None]:
    """What kind of host this is, and its registrable domain."""
    if _MASK.search(host) or "*" in host:
        return LinkKind.MASKED, None
    if _IP.fullmatch(host):
        return LinkKind.IP, None
    domain = registrable(host)
    for known, kind in (("shorteners", LinkKind.SHORTENER), ("shared", LinkKind.SHARED_HOST)):
        if _covered(host, _hosts(known)):
            return kind, domain
    return LinkKind.DOMAIN, domain


def _covered(host: str, known: frozenset[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[at:]) in known for at in range(len(labels) - 1))


def find_links(text: str) -> tuple[list[LinkHit], list[tuple[int, int]]]:
    """The links in folded text, and the places of e-mail addresses, which are none."""
    mails = [match.span() for match in _EMAIL.finditer(text)] if "@" in text else []
    hits = [hit for match in _SCHEME.finditer(text) if (hit := _hit(text, match))] if "/" in text else []
    taken = {hit.start for hit in hits}
    hits += [
        LinkHit(*match.span(), match[0].strip(), "", None, LinkKind.MASKED)
        for match in _REMOVED.finditer(text)
        if match.start() not in taken
    ]
    rest = blank(text, sorted([*mails, *((hit.start, hit.end) for hit in hits)]))
    at = 0
    while start := _START.search(rest, at):
        at = start.end()
        match = _LINK.match(rest, start.start())
        hit = _hit(rest, match) if match else None
        if hit:
            hits.append(hit)
            at = max(at, hit.end)
    return sorted(hits), mails


def _hit(text: str, match: re.Match[str]) -> LinkHit | None:
    start, end = match.span()
    group = match.lastgroup or ""
    written = match[group]
    trimmed = written.rstrip(".,;:!?'*-_~")
    end -= len(written) - len(trimmed)
    if group == "bare" and (glued := _GLUED.search(trimmed)) and _LEAVE.match(text, end):
        trimmed = trimmed[: glued.start(1)]
        end -= len(glued[1])
    host, rest = _split(trimmed)
    if group == "masked":
        return LinkHit(start, end, trimmed, "", None, LinkKind.MASKED)
    strong = group in {"full", "www"}
    if not _plausible(host, rest, text, start, strong=strong or group in {"spelt", "apart"}):
        if not (strong and group == "full" and host):
            return None
        return LinkHit(
            start,
            end,
            _url(match, host, rest),
            host,
            None,
            LinkKind.MASKED if "*" in host else LinkKind.DOMAIN,
        )
    kind, domain = classify(host)
    return LinkHit(start, end, _url(match, host, rest), host, domain, kind)


def _url(match: re.Match[str], host: str, rest: str) -> str:
    if match.lastgroup != "full":
        return host + rest
    return ("https://" if "s" in match["scheme"] else "http://") + host + rest


def _split(written: str) -> tuple[str, str]:
    """Host with real dots, and port and path."""
    at = re.search(r"[/?#:]", written)
    host, rest = (written[: at.start()], written[at.start() :]) if at else (written, "")
    return _SPACED_DOT.sub(".", host).strip(".-"), rest


def _plausible(host: str, rest: str, text: str, start: int, *, strong: bool) -> bool:
    """False for decimals, versions, file names, abbreviations."""
    labels = host.split(".")
    if _IP.fullmatch(host):
        return strong or len(rest) > 1 or not text[max(0, start - 2) : start].strip().endswith(("v", "本"))
    tld = labels[-1]
    if labels == [tld] or not tld.strip("-0123456789*") or not _known_tld(tld):
        return False
    if strong or rest.startswith("/"):
        return True
    return tld in _hosts("bare_tlds") and labels[-2] not in _hosts("not_hosts")


def fold_link(url: str) -> str:
    """An address that the text hides, folded like the others."""
    return "".join(map(TABLE.__getitem__, url)).strip()


def hidden(url: str) -> LinkHit | None:
    """A hit without a place for an address that stands behind a button or a word."""
    plain = fold_link(url)
    body = re.sub(r"^[a-z][a-z0-9+.\-]*://", "", plain)
    host, _ = _split(body.rsplit("@", 1)[-1] if "@" in body.split("/", 1)[0] else body)
    if not host:
        return None
    kind, domain = classify(host)
    return LinkHit(0, 0, plain, host, domain, kind)
