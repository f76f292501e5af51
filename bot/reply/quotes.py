"""Words of the SMS as a reply may show them: cut short, harmless, and without any one-time code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.neutralise import neutralise
from bot.redact.digits import ODD_DIGITS
from bot.reply.model import Quote

if TYPE_CHECKING:
    from bot.model import Sms, Span, Verdict

QUOTE_LENGTH = 24
_ELLIPSIS = "…"
_MASK = "*"
_CODE_WORDS = re.compile(
    r"验[\s\W]{0,2}证[\s\W]{0,2}码|驗證碼|校验码|校驗碼|动态码|动态密码|動態密碼|随机码|授权码|确认码|激活码"
    r"|一次性密码|登录码|短信码|verification|passcode|one.?time|\bOTP\b|\bPIN\b|\bcode\b",
    re.IGNORECASE,
)
# A word with a digit in it may be the code, whatever it is written with.
_SIGN = rf"[\dA-Za-z_\-{ODD_DIGITS}]"
_CODE_LIKE = re.compile(
    rf"(?<!{_SIGN}){_SIGN}*[\d{ODD_DIGITS}]{_SIGN}*|[零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖]{{4,}}"
)


def clipped(text: str, limit: int) -> str:
    """The first ``limit`` characters as one harmless line that cannot end the brackets it is quoted in."""
    words = " ".join(text.split())
    if len(words) > limit:
        words = words[: limit - 1].rstrip() + _ELLIPSIS
    return neutralise(words).strip().replace("「", "『").replace("」", "』")


class Quoter:
    """Quotes from one SMS."""

    def __init__(self, sms: Sms, verdict: Verdict) -> None:
        self._text = sms.text
        self._masked = verdict.one_time_code or _CODE_WORDS.search(sms.text) is not None

    def span(self, span: Span, limit: int = QUOTE_LENGTH) -> Quote | None:
        """Quote the first characters of ``text[start:end]``; None where nothing visible stands there."""
        # The code is masked before the cut, or half of it could stay.
        shown = clipped(self._without_codes(self._text[span.start : span.end]), limit)
        return Quote(shown) if shown else None

    def words(self, text: str) -> str:
        """A rule's own sentence that may name words of the SMS: harmless, but not cut."""
        if self._masked:
            text = _CODE_LIKE.sub(lambda found: _MASK * len(found[0]) if found[0] in self._text else found[0], text)
        return " ".join(neutralise(text).split())

    def _without_codes(self, words: str) -> str:
        return _CODE_LIKE.sub(lambda found: _MASK * len(found[0]), words) if self._masked else words
