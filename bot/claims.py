"""Whom an SMS claims to be: the institutions that it names, and which of them is the one speaking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.institutions import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.institutions import Directory, Mention
    from bot.model import Span

_START = 8
"""A name that begins within so many characters of the text speaks for itself (中信银行:您的…)."""
_SELF = ("我是", "这里是", "我们是", "您好,", "你好,", "我司", "(", "[", "【", "「", "<", "《", "来自")

_OPENING = frozenset("【[(<《「您好你,: 尊敬的亲爱")
"""What may stand before the name of a sender at the start of a text."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The institutions named in one SMS.

    Attributes:
        claimant: The mention that speaks, if any.
        others: Mentions that are only talked about (a bank card named by WeChat Pay).
    """

    claimant: Mention | None
    others: tuple[Mention, ...]
    signed: bool
    """True where the claimant stands in a signature."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The claimant's institutions; several for an ambiguous name, none for one without a row."""
        return self.claimant.institutions if self.claimant else ()

    @property
    def all(self) -> tuple[Mention, ...]:
        """The claimant and the others."""
        return (self.claimant, *self.others) if self.claimant else self.others


def find_claims(
    text: str,
    boundaries: Collection[int],
    signatures: Sequence[Span],
    directory: Directory,
    *,
    traditional: bool,
) -> Claims:
    """Names in ``text`` and who of them speaks.

    Args:
        text: Folded text.
        boundaries: Word boundaries in it.
        signatures: Spans of the signatures in it.
        directory: The institutions.
        traditional: True where the original was in Traditional characters.
    """
    mentions = [m for m in directory.mentions(text, boundaries, traditional=traditional) if m.scope is not Scope.SEARCH]
    signed = [m for m in mentions if any(s.start <= m.start and m.end <= s.end for s in signatures)]
    speaking = [m for m in mentions if m in signed or m.scope is Scope.ANYWHERE or _speaks(text, m)]
    if signed:
        # The longest name in a signature: 【中信银行信用卡中心】.
        claimant = max(signed, key=lambda m: m.end - m.start)
    else:
        selves = [m for m in speaking if _speaks(text, m)]
        claimant = (selves or speaking or [None])[0]  # type: ignore[list-item]
    others = tuple(m for m in speaking if m is not claimant)
    return Claims(claimant, others, bool(signed))


def _speaks(text: str, mention: Mention) -> bool:
    """Whether the name stands where a sender names itself: at the start, at the very end, after "我是"."""
    before = text[max(0, mention.start - 6) : mention.start]
    if mention.start <= _START and set(text[: mention.start]) <= _OPENING:
        return True
    if before.endswith(_SELF):
        return True
    return not text[mention.end :].strip("】])>》」。.!, \n")
