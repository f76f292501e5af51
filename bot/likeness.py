"""What near copies of a text share: bands of a MinHash over its words, each bound to the contacts that it gives.

A scam is sent again with another name, a clause more or a word changed. Its words are cut into pairs of
neighbours (a Han character, a Latin word and any number are one word each); 32 hash functions each keep the
least hash over all pairs, so that two texts agree in about as many of the 32 as their pairs overlap. Three of
the minima make a band, and texts that share two of the 16 bands are taken for near copies:

===================  =====  =====  =====  =====  =====  =====  =====
pairs in common       20 %   30 %   40 %   50 %   60 %   70 %   80 %
taken for near        1 %    8 %    27 %   58 %   85 %   97 %  100 %
===================  =====  =====  =====  =====  =====  =====  =====

Every band also holds all contacts of the text: domains, the kinds of number and chat, an institution's own
numbers by their digits. A genuine notice and the scam that copies its wording but changes the link, or the
hotline to a mobile, have no band in common.

Like :func:`bot.fingerprint.canonical`, a band is hashed under the secret before it is stored.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from itertools import islice, pairwise
from struct import Struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.fingerprint import Pieces

BANDS = 16
AT_LEAST = 2
"""Bands that near copies share."""
SHORTEST = 12
"""Pairs below which a text has no bands: a few words are alike by accident. Its exact fingerprint remains."""
_MOST = 600
"""Pairs looked at: an SMS of ten parts has no more, and a pasted page need not cost more."""
_WORD = re.compile(r"[a-z]+|[^\W_]")
_HASHES = 32
_minima = Struct(f"{_HASHES}H").unpack
_TRIPLES = tuple((i, (i + 11) % _HASHES, (i + 21) % _HASHES) for i in range(0, _HASHES, _HASHES // BANDS))
"""Which minima make a band: each stands in one or two, and no two bands share more than one."""
_CODE = "code"


def bands(pieces: Pieces) -> tuple[str, ...]:
    """The bands of a text, always in the same order; none for a text that is too short."""
    words = _WORD.findall(" ".join(pieces.words))
    pairs = [*islice(dict.fromkeys(pairwise(words)), _MOST)]
    if len(pairs) < SHORTEST:
        return ()
    hashes = [_minima(blake2b(f"{one} {other}".encode()).digest()) for one, other in pairs]
    least = [*map(min, *hashes)]
    given = contacts(pieces)
    return tuple(f"{given}\0{at}\0{least[a]},{least[b]},{least[c]}" for at, (a, b, c) in enumerate(_TRIPLES))


def contacts(pieces: Pieces) -> str:
    """All ways to get in touch that a text gives, in one writing."""
    return " ".join(sorted({*pieces.marks, *pieces.hidden} - {_CODE}))
