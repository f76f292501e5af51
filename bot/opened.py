"""An SMS opened: out of its wrapper, folded, with what is in it. Done once for the verdict and for the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.entities import extract
from bot.fold import Folded, fold
from bot.unwrap import Unwrapped, unwrap

if TYPE_CHECKING:
    from bot.model import Entities, Sms


class Opened(NamedTuple):
    """What all that is known of an SMS begins with; ``folded`` is its body only."""

    sms: Sms
    unwrapped: Unwrapped
    folded: Folded
    entities: Entities


def open_sms(sms: Sms) -> Opened:
    """Open an SMS."""
    unwrapped = unwrap(sms.text)
    folded = fold(unwrapped.text, unwrapped.base)
    return Opened(sms, unwrapped, folded, extract(folded, sms.links))
