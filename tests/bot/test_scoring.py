"""The arithmetic: shares, the hard floor, genuine signs, verify and settles, level boundaries, category."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.likeness import Likeness, Step
from bot.checks.wording import Scale
from bot.errors import DataError
from bot.model import Level
from bot.paths import DATA
from bot.rules.match import NOWHERE, CompiledSign, Match
from bot.rules.schema import Sign
from bot.scoring import Thresholds, add_up

if TYPE_CHECKING:
    from pathlib import Path

LIKENESS = Likeness(people=3, chats=2, ceiling=99, step=(Step(0, 55, "几乎一样"), Step(5, 90, "5 人以上")))
WORDING = Scale(slope=10, middle=0, quiet=5, lowest=-30, highest=60, settled=-25, why_scam="像", why_genuine="不像")
LIMITS = Thresholds(
    verify=25,
    suspicious=50,
    scam=100,
    hard_floor=110,
    repeat_share=0.25,
    middle=60,
    width=20,
    subject_slope=30,
    likeness=LIKENESS,
    wording=WORDING,
)


def fired(points: int, group: str = "f", category: str | None = None, **sign: Any) -> Match:
    """A sign of ``points`` that fired."""
    body = Sign(id="s", all=("@a",), points=points, **sign)
    return Match(CompiledSign(f"{group}/s", group, body, category, (), 0, ()), NOWHERE)


def points(*matches: Match) -> float:
    return add_up(matches, LIMITS).points


def level(*matches: Match) -> Level:
    return add_up(matches, LIMITS).level


def test_nothing_is_clear() -> None:
    total = add_up([], LIMITS)
    assert (total.points, total.level, total.category) == (0, Level.CLEAR, None)
    assert 0 < total.score < 0.5


def test_the_strongest_sign_of_a_file_counts_whole_the_others_a_share() -> None:
    assert points(fired(40), fired(20), fired(8)) == 40 + 0.25 * 28
    assert points(fired(8), fired(40), fired(20)) == 40 + 0.25 * 28


def test_files_add_up_whole() -> None:
    assert points(fired(40, "f"), fired(20, "g")) == 60


@pytest.mark.parametrize(
    ("sum_", "expected"),
    [
        (24, Level.CLEAR),
        (25, Level.VERIFY),
        (49, Level.VERIFY),
        (50, Level.SUSPICIOUS),
        (99, Level.SUSPICIOUS),
        (100, Level.SCAM),
        (300, Level.SCAM),
    ],
)
def test_where_the_levels_begin(sum_: int, expected: Level) -> None:
    assert level(fired(sum_)) is expected


def test_verify_asks_for_verify_at_least() -> None:
    assert level(fired(1, verify="firm")) is Level.VERIFY
    assert level(fired(60, verify="firm")) is Level.SUSPICIOUS


def test_settles_answers_verify() -> None:
    assert level(fired(1, verify="firm"), fired(-20, "genuine", settles=True)) is Level.CLEAR
    assert level(fired(1, verify="firm"), fired(-20, "genuine")) is Level.VERIFY


def test_settles_does_not_answer_points() -> None:
    assert level(fired(70), fired(-10, "genuine", settles=True)) is Level.SUSPICIOUS
    assert level(fired(40), fired(-10, "genuine", settles=True)) is Level.VERIFY


def test_genuine_signs_are_subtracted_whole() -> None:
    assert points(fired(90), fired(-30, "genuine"), fired(-30, "genuine")) == 30


def test_a_hard_sign_is_a_scam_by_itself_and_nothing_lowers_it() -> None:
    assert points(fired(5, hard=True)) == LIMITS.hard_floor
    assert points(fired(90, hard=True), fired(-500, "genuine", settles=True)) == LIMITS.hard_floor
    assert level(fired(5, hard=True), fired(-500, "genuine", settles=True)) is Level.SCAM


def test_a_hard_sign_caps_nothing() -> None:
    assert points(fired(150, hard=True), fired(60, "g")) == 210


# ── likeness ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("own", "likeness", "expected"),
    [(0, 0, 0), (0, 55, 55), (-30, 55, 25), (30, 55, 85), (60, 55, 99), (99, 55, 99), (100, 55, 100), (240, 90, 240)],
)
def test_likeness_lifts_to_its_ceiling_and_no_higher(own: int, likeness: float, expected: float) -> None:
    matches = [fired(own)] if own else []
    assert add_up(matches, LIMITS, likeness=likeness).points == expected


def test_likeness_takes_nothing_from_a_hard_sign() -> None:
    assert add_up([fired(5, hard=True)], LIMITS, likeness=90).points == LIMITS.hard_floor


# ── category ─────────────────────────────────────────────────────────────────────────────────────────────


def category(*matches: Match) -> str | None:
    return add_up(matches, LIMITS).category


def test_the_category_with_most_points() -> None:
    assert category(fired(40, "a", "toll"), fired(50, "b", "loan")) == "loan"
    assert category(fired(50, "a", "toll"), fired(30, "a", "toll"), fired(55, "b", "loan")) == "toll"


def test_a_topic_outweighs_points_but_adds_none() -> None:
    topic = fired(0, "topics", "toll", topic=90)
    assert category(fired(60, "a", "loan"), topic) == "toll"
    assert points(fired(60, "a", "loan"), topic) == 60


def test_no_points_no_category() -> None:
    assert category(fired(0, "topics", "toll", topic=90)) is None
    assert category(fired(20, "a", "toll"), fired(-20, "genuine")) is None


def test_equal_categories_are_settled_by_name_not_by_order() -> None:
    one, other = fired(60, "a", "toll"), fired(60, "b", "loan")
    assert category(one, other) == category(other, one) == "loan"


# ── properties ───────────────────────────────────────────────────────────────────────────────────────────

SIGNS = st.builds(
    fired,
    st.integers(-120, 120),
    st.sampled_from("fgh"),
    st.sampled_from([None, "toll", "loan"]),
    verify=st.booleans(),
    settles=st.booleans(),
)


@given(st.lists(SIGNS, max_size=8), st.randoms())
def test_the_order_of_signs_does_not_matter(signs: list[Match], random: Any) -> None:
    shuffled = list(signs)
    random.shuffle(shuffled)
    one, other = add_up(signs, LIMITS), add_up(shuffled, LIMITS)
    assert (one.level, one.score, one.category) == (other.level, other.score, other.category)
    assert one.points == pytest.approx(other.points)


@given(st.lists(SIGNS, max_size=8), st.integers(1, 120), st.booleans())
def test_a_further_scam_sign_never_lowers_anything(signs: list[Match], more: int, hard: bool) -> None:
    before, after = add_up(signs, LIMITS), add_up([*signs, fired(more, hard=hard)], LIMITS)
    assert after.points >= before.points
    assert after.score >= before.score
    assert after.level.rank >= before.level.rank


@given(st.lists(SIGNS, max_size=8), st.floats(0, 500))
def test_likeness_never_lowers_and_never_makes_a_scam(signs: list[Match], likeness: float) -> None:
    before, after = add_up(signs, LIMITS), add_up(signs, LIMITS, likeness=likeness)
    assert after.points >= before.points
    assert after.score >= before.score
    assert after.level.rank >= before.level.rank
    assert (after.level is Level.SCAM) == (before.level is Level.SCAM)


@given(st.lists(SIGNS, max_size=8))
def test_the_score_is_a_probability(signs: list[Match]) -> None:
    assert 0 < add_up(signs, LIMITS).score < 1


def test_the_score_grows_with_the_points() -> None:
    scores = [add_up([fired(sum_)], LIMITS).score for sum_ in range(1, 400, 7)]
    assert all(low <= high for low, high in pairwise(scores))
    assert add_up([fired(60)], LIMITS).score == 0.5


def test_enormous_sums_do_not_overflow() -> None:
    assert add_up([fired(-1_000_000)], LIMITS).score == 0.001
    assert add_up([fired(1_000_000)], LIMITS).score == 0.999


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────

KEYS = {key: value for key, value in msgspec.structs.asdict(LIMITS).items() if key not in {"likeness", "wording"}}
SCALE = """
[wording]
slope = 10
middle = 0
quiet = 5
lowest = -30
highest = 60
settled = -25
why_scam = "像"
why_genuine = "不像"
"""
STEPS = """
[likeness]
people = 3
chats = 2
ceiling = 99
[[likeness.step]]
people = 0
points = 55
why = "几乎一样"
[[likeness.step]]
people = 5
points = 90
why = "5 人以上"
"""


def write(folder: Path, steps: object = STEPS, **changed: object) -> Path:
    path = folder / "thresholds.toml"
    flat = "\n".join(f"{k} = {v}" for k, v in {**KEYS, **changed}.items() if v is not None)
    path.write_text(f"{flat}{SCALE}{steps}", encoding="utf-8")
    return path


def test_the_file_is_read(tmp_path: Path) -> None:
    assert Thresholds.load(write(tmp_path)) == LIMITS


def test_the_real_file_keeps_its_promises() -> None:
    real = Thresholds.load(DATA / "judgement" / "thresholds.toml")
    assert 0 <= real.repeat_share <= 1
    assert add_up([fired(int(real.suspicious))], real).level is Level.SUSPICIOUS


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"scam": None}, "scam"),
        ({"scma": 100}, "scma"),
        ({"scam": '"100"'}, "scam"),
        ({"suspicious": 100}, "suspicious < scam"),
        ({"suspicious": 0}, "verify < suspicious"),
        ({"verify": 0}, "0 < verify"),
        ({"hard_floor": 99}, "scam <= hard_floor"),
        ({"width": 0}, "width"),
        ({"width": -3}, "width"),
        ({"repeat_share": 1.5}, "repeat_share"),
        ({"repeat_share": -0.1}, "repeat_share"),
    ],
)
def test_an_error_names_file_and_key(tmp_path: Path, changed: dict[str, Any], named: str) -> None:
    with pytest.raises(DataError) as caught:
        Thresholds.load(write(tmp_path, **changed))
    assert "thresholds.toml" in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("ceiling = 99", "ceiling = 100", "likeness.ceiling < scam"),
        ("ceiling = 99", "ceiling = 0", "0 < likeness.ceiling"),
        ("people = 5", "people = 0", "rising 'people'"),
        ("people = 0", "people = 1", "first from 0"),
        ("points = 55", "points = 0", "'points' above 0"),
        ('why = "5 人以上"', 'why = ""', "a 'why'"),
        ('why = "5 人以上"', "", "why"),
        (STEPS, "", "likeness"),
        (STEPS, STEPS.split("[[", maxsplit=1)[0], "step"),
    ],
)
def test_a_fault_in_the_steps_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in STEPS
    with pytest.raises(DataError, match=r"thresholds\.toml") as caught:
        Thresholds.load(write(tmp_path, STEPS.replace(old, new)))
    assert named in str(caught.value)


def test_wording_adds_and_takes_but_never_lowers_a_hard_sign() -> None:
    assert add_up([fired(40)], LIMITS, wording=20).level is Level.SUSPICIOUS
    assert add_up([fired(60)], LIMITS, wording=-20).level is not Level.SUSPICIOUS
    assert add_up([fired(5, hard=True)], LIMITS, wording=-30).points == LIMITS.hard_floor
    assert add_up([], LIMITS, wording=WORDING.highest).level is not Level.SCAM
