"""``bot.redact`` and what else the record keeps: no long number but an institution's own, nothing to tap."""

from __future__ import annotations

import re

from bench.fuzz.shared import knowledge
from bench.fuzz.sms import fields
from bot.model import Entities, Sms
from bot.redact import redact
from bot.service.reading import Reader

_LONGEST = 2000
_SCHEME = re.compile(r"https?://\w", re.IGNORECASE)


def run(data: bytes) -> tuple[str, str]:
    """What is timed: by shape alone, and the way the bot does it."""
    sms = Sms(*fields(data))
    reader = Reader(knowledge())
    return redact(sms.text, Entities()), reader.redacted(reader.read(sms))


def check(data: bytes) -> None:
    """Raises where something that always holds does not."""
    bare, kept = run(data)
    official = Reader(knowledge()).official
    assert not re.search(r"\d{6}", bare), "six digits in a row"
    assert not re.search(r"\d(?:[\s\u200b.-]?\d){8}", bare), "nine digits in a loose row"
    whole = kept if len(kept) < _LONGEST else kept.rstrip("0123456789")  # or half of an official number is left
    for number in re.findall(r"\d{6,}", whole):
        assert official(number), "six digits that are nobody's own number"
    for text in (bare, kept):
        assert len(text) <= _LONGEST, "too long"
        assert not re.search("[\x00\ud800-\udfff]", text), "what a database refuses"
        assert not _SCHEME.search(text), "a link to tap"
    reader, sms = Reader(knowledge()), Sms(*fields(data))
    one, other = reader.read(sms), reader.read(sms)
    assert (one.canonical, one.bands) == (other.canonical, other.bands), "another fingerprint the second time"
    one.canonical.encode(), "".join(one.bands).encode()
