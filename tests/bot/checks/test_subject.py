"""What a scam is about: the category alone, never the level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.checks.subject import load_subjects, subject_logits
from bot.checks.wording import features
from bot.errors import DataError
from bot.judge import judge
from bot.model import Sms

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge


def write(folder: Path, body: str) -> Path:
    path = folder / "subject.tsv"
    path.write_text(body, encoding="utf-8")
    return path


def test_weights_of_what_occurs_are_added_to_the_bias(tmp_path: Path) -> None:
    body = "# remark\nbias\ttoll\t-1\nbias\tparcel\t0.5\nw:车牌\ttoll\t2\nt:#link\tparcel\t0.25\n"
    subjects = load_subjects(write(tmp_path, body), {"toll", "parcel"})
    assert subject_logits(features(["车牌"], ["#link"]), subjects) == {"toll": 1.0, "parcel": 0.75}


@pytest.mark.parametrize(
    ("body", "word"),
    [("w:车牌\ttoll\n", "line 1"), ("w:车牌\ttoll\tx\n", "line 1"), ("bias\ttoll\t0\nw:车\tweather\t1\n", "weather")],
)
def test_a_malformed_file_names_line_and_mend(body: str, word: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=word):
        load_subjects(write(tmp_path, body), {"toll"})


def test_a_missing_file_names_the_script(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"train\.py"):
        load_subjects(tmp_path / "nothing.tsv", {"toll"})


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("【ETC中心】您的ETC卡已停用,请点击 etc-rz.top 重新认证", "toll"),
        ("您的包裹地址不详无法派送,请到 post-yw.top 更新地址并付运费1.8元", "parcel"),
        ("点赞关注就有佣金,一单一结日入三百,加微信 dz8866", "brushing"),
        ("你的裸聊视频在我手上,今晚不转五千就发给你通讯录所有人", "dating"),
    ],
)
def test_the_category_is_what_the_text_is_about(text: str, category: str, knowledge: Knowledge) -> None:
    assert judge(Sms(text), knowledge).category == category


def test_a_clear_text_has_no_category(knowledge: Knowledge) -> None:
    assert judge(Sms("今晚一起吃饭吗,我六点下班"), knowledge).category is None
