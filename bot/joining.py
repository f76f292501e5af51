"""Which of several messages in a row belong together: one job for each thing that wants an answer.

People send the number as its own message, "帮我看看" before the SMS, or ten forwards at once. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.triage import Kind, sender_in

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Piece:
    """One message of a row."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Job:
    """One answer. ``piece`` is the place in the row of the message that is answered."""

    piece: int
    kind: Kind
    sender: str | None = None


_CRIES = (Kind.DANGER, Kind.VICTIM)
# With no SMS in the row there is one prompt, for the message that says most.
_TELLING = (Kind.NUMBER, Kind.QUESTION, Kind.LEAD_IN, Kind.TOO_SHORT, Kind.GREETING)


def join(pieces: Sequence[Piece]) -> tuple[Job, ...]:
    """Return the jobs in the order in which they are answered: a cry for help first."""
    cries = [at for kind in _CRIES for at, piece in enumerate(pieces) if piece.kind is kind]
    jobs = [Job(cries[0], pieces[cries[0]].kind)] if cries else []
    texts = [at for at, piece in enumerate(pieces) if piece.kind is Kind.SMS]
    if texts:
        senders = _senders(pieces, texts)
        return (*jobs, *(Job(at, Kind.SMS, senders.get(at)) for at in texts))
    if jobs:
        return tuple(jobs)
    for kind in _TELLING:
        found = [at for at, piece in enumerate(pieces) if piece.kind is kind]
        if found:
            return (Job(found[-1], kind),)
    return ()


def _senders(pieces: Sequence[Piece], texts: list[int]) -> dict[int, str]:
    """Give each number to the SMS beside it: the next one if the row begins with a number, else the last."""
    numbers = [at for at, piece in enumerate(pieces) if piece.kind is Kind.NUMBER]
    first = bool(numbers) and numbers[0] < texts[0]
    senders: dict[int, str] = {}
    for at in numbers:
        sender = sender_in(pieces[at].text)
        before = next((text for text in reversed(texts) if text < at), None)
        after = next((text for text in texts if text > at), None)
        for text in (after, before) if first else (before, after):
            if sender and text is not None and text not in senders:
                senders[text] = sender
                break
    return senders
