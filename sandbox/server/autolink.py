"""What Telegram makes clickable by itself: links, addresses, numbers, @names, #tags, $tags, /commands.

The server marks some of these and each client marks more (Android's Linkify and iOS's data detectors cut a
domain out of Chinese words where the server takes them for part of the name), so this is the union: what
*any* of them may link. Text that yields nothing here is dead everywhere; the price is a few hits too many.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.server import utf16

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_LABEL_LIMIT = 63
_IPV4_LABELS, _IPV4_DIGITS, _IPV4_MOST = 4, 3, 255
_TLD_SHORTEST, _PUNYCODE_SHORTEST = 2, 6

OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji"})
"""Inside these nothing is found."""

Span = tuple[int, int]

# A word character as Telegram sees it is any letter or digit, Han included: 请@abc is no mention.
_MENTION = re.compile(r"(?<![\w])@([A-Za-z0-9_]{4,32}|gif|vid|pic)(?![\w])")
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")
_HASHTAG = re.compile(r"(?<![\w·\u200c])#([\w·\u200c]{1,256})(?![\w·\u200c]*#)")
_CASHTAG = re.compile(r"(?<![\w$])\$(?:1INCH|[A-Z]{1,8})(?![\w$])")
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_-][A-Za-z0-9_.+-]{0,80}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,28}[A-Za-z0-9])?\.)"
    r"{1,6}[A-Za-z]{2,8}(?![A-Za-z0-9_-])"
)
_SCHEME = re.compile(r"(?:https?|ftp)://", re.IGNORECASE)
_DEEP_LINK = re.compile(r"(?:tg|ton)://[A-Za-z0-9_-]{1,253}(?:[/?#][^\s<>«»\"]*)?", re.IGNORECASE)

_NOT_URL = r"\s<>«»\"\u2000-\u200b\u200e\u200f\u2016-\u206f\u3000"
_PATH = rf"(?::[0-9]{{1,5}})?(?:[/?#][^{_NOT_URL}]*)?"
# The server's view: any run of non-space characters above U+00C0 can be part of a name.
_WIDE_HOST = re.compile(
    rf"[A-Za-z0-9._~\-\u00c0-\u1fff\u200c\u200d\u2010-\u2015\u2070-\u2fff\u3001-\U0010ffff]+{_PATH}"
)
# The clients' view: ASCII labels, whatever Chinese stands around them.
_HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_ASCII_HOST = re.compile(
    rf"(?:(?<![\w@/.\-])|(?<=[{_HAN}]))(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{{0,62}})\.)+(?:[A-Za-z][A-Za-z0-9-]{{1,62}}){_PATH}"
)
# … and labels of letters under a TLD of letters, ended by anything that is no letter.
_IDN_HOST = re.compile(rf"(?<![\w@/.\-])(?:[\w-]{{1,63}}\.)+([^\W0-9_A-Za-z]{{2,63}})(?![\w.]){_PATH}")
_IPV4 = re.compile(
    rf"(?<![A-Za-z0-9_.@/\-])(?:[0-9]{{1,3}}\.){{3}}[0-9]{{1,3}}(?![.\-]*[A-Za-z0-9_])(?![0-9A-Za-z_.]){_PATH}"
)
_PATH_TAIL = ".:;,('?!`"

# Sixteen to nineteen digits in one piece or in fours. Telegram also wants a right check digit; a card number
# with a slip in it is no less personal.
_CARD = re.compile(r"(?<![0-9+.,-])(?:[0-9]{16,19}|[0-9]{4}(?:[ -][0-9]{4}){3}(?:[ -]?[0-9]{1,3})?)(?![0-9-])")
_NO_DIGIT_BEFORE, _NO_DIGIT_AFTER = r"(?<![0-9.+-])", r"(?![0-9])"
_PHONES = tuple(
    re.compile(f"{before}(?:{shape}){_NO_DIGIT_AFTER}")
    for before, shape in (
        # International, after anything but a Latin letter, a digit or another plus.
        (r"(?:(?<![\w+])|(?<=[^\W0-9A-Za-z_]))", r"\+[0-9](?:[ ()-]{0,2}[0-9]){6,14}"),
        # Mobile, 400 and 800 lines, landlines with their area code, and any run of ten to fifteen digits.
        (_NO_DIGIT_BEFORE, r"(?:(?:0086|86)[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}"),
        (_NO_DIGIT_BEFORE, r"[48]00[ -]?(?:[0-9]{3}[ -]?[0-9]{4}|[0-9]{4}[ -]?[0-9]{3})"),
        (_NO_DIGIT_BEFORE, r"\(?0[0-9]{2,3}[) -]{0,2}[0-9]{3,4}[ -]?[0-9]{4}"),
        (_NO_DIGIT_BEFORE, r"[0-9]{10,15}"),
    )
)


@cache
def top_level_domains() -> frozenset[str]:
    """Every delegated top-level domain, in ASCII and in its own script (a committed list, see its head)."""
    lines = Path(__file__).with_name("tlds.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _trim_path(found: str) -> str:
    host = re.match(r"(?:[a-z]+://)?[^/?#]*", found, re.IGNORECASE)
    start = host.end() if host else 0
    depth = {")": 0, "]": 0, "}": 0}
    closing = {"(": ")", "[": "]", "{": "}"}
    end = start
    for char in found[start:]:
        if char in closing:
            depth[closing[char]] += 1
        elif char in depth:
            depth[char] -= 1
            if depth[char] < 0:
                break
        end += 1
    while end > start and found[end - 1] in _PATH_TAIL:
        end -= 1
    return found[:end]


def _live_host(host: str, *, with_scheme: bool) -> bool:
    host = host.rsplit("@", 1)[-1].partition(":")[0].rstrip(".")
    labels = host.split(".")
    if len(labels) == 1 or any(not label or len(label) > _LABEL_LIMIT or label.endswith("-") for label in labels):
        return False
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)*", host):
        fits = all(len(label) <= _IPV4_DIGITS and int(label) <= _IPV4_MOST for label in labels)
        return fits and len(labels) == _IPV4_LABELS
    top = labels[-1].lower()
    if len(top) < _TLD_SHORTEST or "_" in top or "_" in labels[-2]:
        return False
    if top.startswith("xn--"):
        return len(top) >= _PUNYCODE_SHORTEST and top[4:].replace("-", "").isalnum()
    return "-" not in top and (with_scheme or top in top_level_domains())


def _with_scheme(text: str) -> Iterator[Span]:
    for match in _SCHEME.finditer(text):
        host = re.compile(rf"(?:[^{_NOT_URL}/@?#]*@)?").match(text, match.end())
        rest = _WIDE_HOST.match(text, host.end() if host else match.end())
        if rest is None:
            continue
        # Chinese punctuation ends a name for the clients; letters do not.
        whole = text[match.start() : rest.end()]
        head = re.split(r"[/?#]", whole[match.end() - match.start() :], maxsplit=1)[0]
        clean = re.match(r"[\w.~:@-]*", head)
        if clean is not None and clean.end() < len(head):
            whole = whole[: match.end() - match.start() + clean.end()]
        whole = _trim_path(whole).rstrip(".")
        if _live_host(re.split(r"[/?#]", whole.partition("://")[2], maxsplit=1)[0], with_scheme=True):
            yield match.start(), match.start() + len(whole)


def _hosts(*patterns: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    """Finds hosts that stand without a scheme."""

    def finder(text: str) -> Iterator[Span]:
        for match in (match for pattern in patterns for match in pattern.finditer(text)):
            before = text[match.start() - 1 : match.start()]
            if before and before in "/#@":
                continue
            whole = _trim_path(match.group()).rstrip(".")
            if _live_host(re.split(r"[/?#]", whole, maxsplit=1)[0], with_scheme=False):
                yield match.start(), match.start() + len(whole)

    return finder


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Iterable[Span]]:
    return lambda text: (match.span() for match in pattern.finditer(text))


def _hashtags(text: str) -> Iterator[Span]:
    return (m.span() for m in _HASHTAG.finditer(text) if any(char.isalpha() for char in m.group(1)))


def _phones(text: str) -> Iterator[Span]:
    return (match.span() for pattern in _PHONES for match in pattern.finditer(text))


# The first few own whatever they overlap (an e-mail address the domain inside it); among the others the earlier
# place wins, then the longer, then the order here.
_OWNERS = 4
_FINDERS: tuple[tuple[str, Callable[[str], Iterable[Span]]], ...] = (
    ("url", _with_scheme),
    ("url", _matches(_DEEP_LINK)),
    ("email", _matches(_EMAIL)),
    ("url", _hosts(_ASCII_HOST, _IPV4)),
    ("url", _hosts(_WIDE_HOST, _IDN_HOST)),
    ("mention", _matches(_MENTION)),
    ("bot_command", _matches(_COMMAND)),
    ("hashtag", _hashtags),
    ("cashtag", _matches(_CASHTAG)),
    ("bank_card", _matches(_CARD)),
    ("phone_number", _phones),
)


def find(text: str) -> list[tuple[str, int, int]]:
    """Kind, start and end (in code points) of all that is clickable, without overlaps, in order."""
    found: list[tuple[int, int, int, str]] = []
    for rank, (kind, finder) in enumerate(_FINDERS):
        found += [(int(rank >= _OWNERS), start, start - end, kind) for start, end in finder(text)]
    result: list[tuple[str, int, int]] = []
    for _, start, negative, kind in sorted(found, key=lambda hit: hit[:3]):
        end = start - negative
        if all(end <= other_start or start >= other_end for _, other_start, other_end in result):
            result.append((kind, start, end))
    return sorted(result, key=lambda hit: hit[1])


def entities(text: str, taken: Iterable[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """The same as Bot API entities (UTF-16), leaving out whatever touches an entity in ``taken``."""
    found = find(text)
    if not found:
        return []
    at = utf16.offsets(text)
    blocked = [(e["offset"], e["offset"] + e["length"]) for e in taken]
    return [
        {"type": kind, "offset": at[start], "length": at[end] - at[start]}
        for kind, start, end in found
        if all(at[end] <= left or at[start] >= right for left, right in blocked)
    ]
