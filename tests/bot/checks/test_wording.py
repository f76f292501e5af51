"""The wording check: a linear model over words, concepts and features."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.checks.wording import Scale, Weights, check_wording, features, hide_names, load_weights
from bot.errors import DataError
from bot.fold import fold
from bot.judge import analyse, judge
from bot.model import Level, Sms
from bot.paths import DATA

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge

SCALE = Scale(slope=10, middle=0, quiet=5, lowest=-30, highest=60, settled=-25, why_scam="像", why_genuine="不像")


def test_features_are_words_pairs_and_terms_each_once() -> None:
    seen = list(features(["中奖", "了", ",", "138", "中奖", "app"], ["#link", "@prize", "toll:etc"]))
    assert sorted(seen) == sorted(
        ["w:中奖", "w:了", "w:app", "b:中奖 了", "b:了 中奖", "b:中奖 app", "t:#link", "t:@prize"]
    )


def test_points_follow_the_logit_between_the_bounds() -> None:
    terms = ["@prize", "#link"]
    weights = Weights(0.0, {"w:中奖": 2.0, "w:开会": -1.0, "w:天气": 0.1, "t:@prize": 0.0, "t:#link": 0.0})
    text = fold("中奖")
    up = check_wording(features(["中奖"], terms), ["中奖"], text, weights, SCALE)
    assert up is not None
    assert (up.points, up.why, up.span) == (20.0, "像", (0, 2))
    down = check_wording(features(["开会"], terms), ["开会"], fold("开会"), weights, SCALE)
    assert down is not None
    assert (down.points, down.why) == (-10.0, "不像")
    assert check_wording(features(["天气"], terms), ["天气"], fold("天气"), weights, SCALE) is None
    high = check_wording(features(["中奖"], terms), ["中奖"], text, Weights(100.0, weights.weights), SCALE)
    assert high is not None
    assert high.points == SCALE.highest


def test_a_text_that_the_model_does_not_know_tells_nothing() -> None:
    assert check_wording(features(["中奖"], []), ["中奖"], fold("中奖"), Weights(100.0, {"w:中奖": 2.0}), SCALE) is None


def test_the_model_condemns_nobody_alone(knowledge: Knowledge) -> None:
    limits = knowledge.thresholds
    assert limits.wording.highest < limits.scam


def test_names_of_institutions_are_hidden_from_it(knowledge: Knowledge) -> None:
    found = analyse(Sms("【招商银行】您的信用卡账单已出"), knowledge)
    assert not any("招商" in word for word in found.words)
    assert "账单" in found.words
    assert hide_names(["工商银行", "通知"], found.identity.claims.all) != ["工商银行", "通知"]


def test_it_backs_a_wording_that_no_rule_knows(knowledge: Knowledge) -> None:
    verdict = judge(Sms("带你在家赚零花,只要动动手,做一单结一单,想做的加我企鹅 83920174"), knowledge)
    assert verdict.level in (Level.SCAM, Level.SUSPICIOUS)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("w:中奖\t1.0\n", "bias"),
        ("bias\t0\nw:中奖\n", "line 2"),
        ("bias\t0\n中奖\t1\n", "w:, b: or t:"),
    ],
)
def test_a_malformed_file_names_the_mend(body: str, word: str, tmp_path: Path) -> None:
    path = tmp_path / "wording.tsv"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(DataError, match=word):
        load_weights(path)


def test_a_missing_file_names_the_script(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"train\.py"):
        load_weights(tmp_path / "nothing.tsv")


def test_the_shipped_weights_load() -> None:
    weights = load_weights(DATA / "weights" / "wording.tsv")
    assert len(weights.weights) > 1000
    assert all(abs(weight) < 10 for weight in weights.weights.values())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"slope": 0}, "slope"),
        ({"highest": 100}, "highest < scam"),
        ({"why_scam": ""}, "why_scam"),
    ],
)
def test_scales_that_make_no_sense_are_refused(change: dict[str, object], words: str) -> None:
    values = {name: getattr(SCALE, name) for name in SCALE.__struct_fields__} | change
    fault = Scale(**values).fault(100)
    assert fault is not None
    assert words in fault
