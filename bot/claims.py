"""Whom an SMS claims to be: the institutions that it names, and which of them is the one speaking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.institutions import Place

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.institutions import Directory, Mention

_STRENGTH = {place: rank for rank, place in enumerate(Place)}
"""Strongest first: a signature speaks louder than a name in passing."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The institutions named in one SMS.

    Attributes:
        claimant: The mention that speaks, if any; else the first that is merely named.
        others: Mentions that are only talked about (a bank card named by WeChat Pay).
    """

    claimant: Mention | None
    others: tuple[Mention, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The claimant's institutions; several for an ambiguous name, none for one without a row."""
        return self.claimant.institutions if self.claimant else ()

    @property
    def speaks(self) -> bool:
        """True where the claimant names itself as the sender; False where it is merely mentioned."""
        return self.claimant is not None and self.claimant.place is not Place.TEXT

    @property
    def signed(self) -> bool:
        """True where the claimant stands in a signature."""
        return self.claimant is not None and self.claimant.place is Place.SIGNATURE

    @property
    def all(self) -> tuple[Mention, ...]:
        """The claimant and the others."""
        return (self.claimant, *self.others) if self.claimant else self.others


def find_claims(
    text: str, boundaries: Collection[int], directory: Directory, *, traditional: bool, region: str | None = None
) -> Claims:
    """Names in ``text`` and who of them speaks.

    Args:
        text: Folded text.
        boundaries: Word boundaries in it.
        directory: The institutions.
        traditional: True where the original was in Traditional characters.
        region: Where the words place it, if they do; settles whom a shared name means.
    """
    mentions = directory.mentions(text, boundaries, traditional=traditional, region=region)
    if not mentions:
        return Claims(None, ())
    # Among equals the longer name says more (中信银行信用卡中心 before 中信), then the earlier one.
    claimant = min(mentions, key=lambda m: (_STRENGTH[m.place], m.start - m.end, m.start))
    return Claims(claimant, tuple(m for m in mentions if m is not claimant))
