"""Our own examples: one a category, as the judge finds them too, with nothing in them that can be called or opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.errors import DataError
from bot.examples import OTHER, example_of, examples, load_examples
from bot.judge import judge
from bot.knowledge import load_categories
from bot.model import Level, Sms
from bot.neutralise import JOINER, neutralise
from bot.paths import DATA
from sandbox.server import autolink

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge

CATEGORIES = load_categories(DATA / "categories.toml")
# A person who gets such an SMS gets it unmasked; what stands for the masked parts belongs to nobody.
UNMASKED = {"[.]": ".", "138****1234": "13800001234", "ab***88": "abqw88", "28***83": "2840000083"}


def unmasked(text: str) -> str:
    for masked, plain in UNMASKED.items():
        text = text.replace(masked, plain)
    return text


def test_every_category_has_one_and_there_are_no_others() -> None:
    assert examples().keys() == CATEGORIES.keys()


@pytest.mark.parametrize("category", CATEGORIES)
def test_the_judge_flags_it_as_what_it_is_an_example_of(category: str, knowledge: Knowledge) -> None:
    text = unmasked(example_of(category).text)
    assert "*" not in text
    assert "[" not in text
    verdict = judge(Sms(text), knowledge)
    assert verdict.level is Level.SCAM
    assert verdict.category == category


@pytest.mark.parametrize("category", CATEGORIES)
def test_it_is_short_and_says_one_thing_to_do(category: str) -> None:
    sample = example_of(category)
    assert 20 <= len(sample.text) <= 70
    assert len(sample.advice) <= 40
    assert sample.advice.count("。") == 1
    assert sample.advice.endswith("。")


@pytest.mark.parametrize("category", CATEGORIES)
def test_nothing_in_it_is_live_and_nothing_is_hidden_in_it(category: str) -> None:
    sample = example_of(category)
    for text in (sample.text, sample.advice):
        assert autolink.find(text) == []
        assert neutralise(text) == text
        assert JOINER not in text
        assert not re.search(r"\d{5}", text)
    assert not re.search(r"\d", sample.advice), "a number to call comes from the directory"


@pytest.mark.parametrize("category", CATEGORIES)
def test_it_abuses_no_brand(category: str, knowledge: Knowledge) -> None:
    verdict = judge(Sms(unmasked(example_of(category).text)), knowledge)
    # 医保 without a name is the public insurance: nobody else can be meant by it.
    assert verdict.institution == ("yibao12393" if category == "social_insurance" else None)
    assert not verdict.ambiguous


@pytest.mark.parametrize("category", [None, "", "no-such"])
def test_what_is_no_category_is_among_the_others(category: str | None) -> None:
    assert example_of(category) == examples()[OTHER]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('[toll]\ntext = "一"\nadvice = "二"\n', r"examples\.toml: \[other\] is missing"),
        ('[other]\ntext = "一"\n', r"examples\.toml: .*advice"),
        ('[other]\ntext = "一"\nadvice = "二"\nmore = 3\n', r"examples\.toml: .*more"),
        ("[other\n", r"examples\.toml: not valid TOML"),
    ],
)
def test_a_broken_file_says_so(tmp_path: Path, source: str, said: str) -> None:
    path = tmp_path / "examples.toml"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        load_examples(path)
