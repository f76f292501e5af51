from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.service.limits import Limiter
from bot.service.types import Limited

START = datetime(2026, 11, 2, 8, 0, 0, 123_456, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_sliding_minute() -> None:
    limiter = Limiter(2)
    assert [limiter.take("a", at(second)) for second in (0, 30)] == [None, None]
    assert limiter.take("a", at(40)) == Limited(20, first=True)
    assert limiter.take("a", at(59.5)) == Limited(1, first=False)
    assert limiter.take("b", at(59.5)) is None
    assert limiter.take("a", at(60)) is None
    assert limiter.take("a", at(61)) == Limited(29, first=False)
    assert limiter.take("a", at(89)) == Limited(1, first=False)
    assert limiter.take("a", at(90)) is None


def test_who_is_told_again_a_minute_later() -> None:
    limiter = Limiter(1)
    assert limiter.take("a", at(0)) is None
    assert limiter.take("a", at(1)) == Limited(59, first=True)
    assert limiter.take("a", at(61)) is None
    assert limiter.take("a", at(62)) == Limited(59, first=True)


def test_a_clock_that_is_set_back_forgives() -> None:
    limiter = Limiter(1)
    assert limiter.take("a", at(3600)) is None
    assert limiter.take("a", at(0)) is None
    assert limiter.take("a", at(30)) == Limited(30, first=True)


def test_who_has_been_quiet_is_forgotten() -> None:
    limiter = Limiter(1)
    for number in range(10_000):
        assert limiter.take(f"p{number}", at(number / 1000)) is None
    assert limiter.take("a", at(15)) is None
    assert len(limiter._taken) == 10_001
    assert limiter.take("b", at(74)) is None
    assert set(limiter._taken) == {"a", "b"}
