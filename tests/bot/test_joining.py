"""Which messages of a row belong together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.joining import Job, Piece, join
from bot.triage import Kind

S, N, L, G, Q, T, V = Kind.SMS, Kind.NUMBER, Kind.LEAD_IN, Kind.GREETING, Kind.QUESTION, Kind.TOO_SHORT, Kind.VICTIM


def row(*kinds: Kind) -> list[Piece]:
    return [Piece(kind, f"1390000000{at}" if kind is N else "x") for at, kind in enumerate(kinds)]


def number(at: int) -> str:
    return f"1390000000{at}"


@pytest.mark.parametrize(
    ("kinds", "jobs"),
    [
        ([S], [Job(0, S)]),
        ([L, S], [Job(1, S)]),
        ([S, L], [Job(0, S)]),
        ([G, L, S], [Job(2, S)]),
        ([N, S], [Job(1, S, number(0))]),
        ([S, N], [Job(0, S, number(1))]),
        ([N, S, N, S], [Job(1, S, number(0)), Job(3, S, number(2))]),
        ([S, N, S, N], [Job(0, S, number(1)), Job(2, S, number(3))]),
        ([L, N, S], [Job(2, S, number(1))]),
        ([S, S, N], [Job(0, S), Job(1, S, number(2))]),
        ([N, S, S], [Job(1, S, number(0)), Job(2, S)]),
        ([S, N, N], [Job(0, S, number(1))]),
        ([S, S, S], [Job(0, S), Job(1, S), Job(2, S)]),
        ([V, S], [Job(0, V), Job(1, S)]),
        ([S, V], [Job(1, V), Job(0, S)]),
        ([V, V], [Job(0, V)]),
        ([G], [Job(0, G)]),
        ([G, L], [Job(1, L)]),
        ([L, N], [Job(1, N)]),
        ([T, G], [Job(0, T)]),
        ([Q, N], [Job(1, N)]),
        ([], []),
    ],
)
def test_row(kinds: list[Kind], jobs: list[Job]) -> None:
    assert list(join(row(*kinds))) == jobs


@given(st.lists(st.sampled_from([S, N, L, G, Q, T, V]), max_size=12))
def test_each_sms_once_in_order_and_no_number_twice(kinds: list[Kind]) -> None:
    jobs = join(row(*kinds))
    answered = [job.piece for job in jobs if job.kind is S]
    assert answered == [at for at, kind in enumerate(kinds) if kind is S]
    senders = [job.sender for job in jobs if job.sender]
    assert len(senders) == len(set(senders))
    assert bool(jobs) == bool(kinds)
